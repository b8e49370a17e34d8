/// Shares of a stage's state that live in host memory, in eighths (0...8) (docs/model.md, section 1).
public struct Offload: Sendable, Hashable {
  /// Weights [WO], eighths.
  public var weights: Int
  /// Gradients [GO], eighths.
  public var gradients: Int
  /// Optimizer states [OO], eighths.
  public var optimizer: Int
  /// Saved activations [AO], eighths.
  public var activations: Int

  /// Eighths, each 0...8.
  public init(weights: Int = 0, gradients: Int = 0, optimizer: Int = 0, activations: Int = 0) {
    self.weights = weights
    self.gradients = gradients
    self.optimizer = optimizer
    self.activations = activations
  }

  /// Everything on the device.
  public static let none = Offload()
}

/// The choices of one pipeline stage.
public struct StageChoice: Sendable, Hashable {
  /// Transformer layers [L].
  public var layers: Int
  /// Nodes of the stage's mesh [n].
  public var nodes: Int
  /// GPUs on each of them [m].
  public var gpusPerNode: Int
  /// Samples of one micro-batch on one data-parallel rank [b].
  public var microBatch: Int
  /// Data-parallel degree [dp].
  public var dataParallel: Int
  /// Tensor-parallel degree [tp].
  public var tensorParallel: Int
  /// ZeRO level, 0...3.
  public var zero: Int
  /// Layers that recompute in backward [c], 0...layers.
  public var checkpointedLayers: Int
  /// What these layers recompute.
  public var recompute: RecomputeKind
  /// Shares in host memory.
  public var offload: Offload

  /// One stage's choices.
  public init(
    layers: Int, nodes: Int, gpusPerNode: Int, microBatch: Int, dataParallel: Int, tensorParallel: Int, zero: Int,
    checkpointedLayers: Int, recompute: RecomputeKind = .full, offload: Offload = .none
  ) {
    self.layers = layers
    self.nodes = nodes
    self.gpusPerNode = gpusPerNode
    self.microBatch = microBatch
    self.dataParallel = dataParallel
    self.tensorParallel = tensorParallel
    self.zero = zero
    self.checkpointedLayers = checkpointedLayers
    self.recompute = recompute
    self.offload = offload
  }
}

/// How micro-batches pass through the stages.
public enum PipelineSchedule: String, Sendable, Hashable, CaseIterable {
  /// One forward, one backward (Megatron's and Mist's default).
  case oneForwardOneBackward = "1f1b"
  /// The same with several chunks a GPU: a name for what `Plan.interleave` says, not a value of `Plan.schedule`.
  case interleaved
  /// All forwards, then all backwards (Huang et al. 2019).
  case gpipe
  /// 1F1B with weight gradients apart, which fill the drain (Qi et al. 2024, ZB-H1).
  case zeroBubble = "zb-h1"
}

/// A training plan: everything that a launcher must be told beside the workload.
public struct Plan: Sendable, Hashable {
  /// Micro-batches per iteration [G].
  public var gradientAccumulation: Int
  /// Stages in pipeline order [S of them].
  public var stages: [StageChoice]
  /// Schedule; 1F1B where stages are interleaved.
  public var schedule: PipelineSchedule
  /// Megatron's sequence parallelism: tensor-parallel ranks split the sequence outside their products.
  public var sequenceParallel: Bool
  /// Ranks that split each sequence among themselves, attention included [cp].
  public var contextParallel: Int
  /// Model chunks on each GPU [v]: 1, or Megatron's interleaved schedule (docs/model.md, section 5).
  ///
  /// Chunk k of stage i holds the layers of the virtual stage `k*S + i`, one v-th of the stage's.
  public var interleave: Int
  /// Most passes `S v G` of micro-batches through stages: their simulation takes a second.
  public static let mostPasses = 1_000_000

  /// A plan.
  public init(
    gradientAccumulation: Int, stages: [StageChoice], schedule: PipelineSchedule = .oneForwardOneBackward,
    sequenceParallel: Bool = false, contextParallel: Int = 1, interleave: Int = 1
  ) {
    self.gradientAccumulation = gradientAccumulation
    self.stages = stages
    self.schedule = schedule == .interleaved ? .oneForwardOneBackward : schedule
    self.sequenceParallel = sequenceParallel
    self.contextParallel = contextParallel
    self.interleave = interleave
  }

  /// The schedule by its name for people: `interleaved` where a GPU holds several chunks.
  public var scheduleName: PipelineSchedule { interleave > 1 ? .interleaved : schedule }
}
