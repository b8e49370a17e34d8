import Foundation

/// What decides how much one run tells about another: its machine, its software, its size and its layout
/// (docs/validation.md, "Error bars").
public struct RunFeatures: Sendable, Equatable {
  /// GPU, by its name in the catalogue.
  public var gpu: String
  /// Runtime profile.
  public var runtime: String
  /// Attention kernel.
  public var attention: AttentionKernel
  /// GPUs.
  public var gpus: Int
  /// Parameters of the model.
  public var parameters: Double
  /// Tokens of a sample.
  public var sequence: Int
  /// Samples of a micro-batch on one rank, in the first stage.
  public var microBatch: Int
  /// Micro-batches per iteration.
  public var microBatches: Int
  /// Largest tensor-parallel degree of a stage.
  public var tensorParallel: Int
  /// Pipeline stages.
  public var stages: Int
  /// Share of the layers that are recomputed, 0...1.
  public var recomputed: Double
  /// Something lies in host memory.
  public var offloads: Bool

  /// Tokens of a micro-batch on one rank.
  var microBatchTokens: Double { Double(microBatch) * Double(sequence) }

  /// The name without its version: the parts from the first one on that begins with a digit.
  static func family(_ runtime: String) -> String {
    runtime.split(separator: "-").prefix { $0.first?.isNumber != true }.joined(separator: "-")
  }

  /// True where both ran on the same runtime, versions and variants of it aside: `megatron-lm-fp16` is one of
  /// `megatron-lm`, and `composer` extends `fsdp`.
  func sharesRuntime(with other: RunFeatures) -> Bool {
    let (a, b) = (RunFeatures.family(runtime), RunFeatures.family(other.runtime))
    if a == b || a.hasPrefix(b + "-") || b.hasPrefix(a + "-") { return true }
    return RuntimeProfile.extends(runtime, other.runtime) || RuntimeProfile.extends(other.runtime, runtime)
  }

  /// True where both ran on the same chip, whatever its memory and its power: `h100` and `h100-96`.
  func sharesChip(with other: RunFeatures) -> Bool {
    gpu.split(separator: "-").first == other.gpu.split(separator: "-").first
  }

  /// How unlike two runs are: 0 for alike, about 1 for twice the sequence or tp, or for four times anything else.
  ///
  /// A sum of doublings, each with the weight that says how much of a prediction's error hangs on it; a like
  /// GPU with another memory counts a little.
  func distance(to other: RunFeatures) -> Double {
    func doublings(_ a: Double, _ b: Double) -> Double { abs(log2(a / b)) }
    func doublings(_ value: KeyPath<RunFeatures, Int>) -> Double {
      doublings(Double(self[keyPath: value]), Double(other[keyPath: value]))
    }
    var sum = 0.5 * (doublings(\.gpus) + doublings(\.stages)) + doublings(\.sequence) + doublings(\.tensorParallel)
    sum += 0.5 * (doublings(parameters, other.parameters) + doublings(microBatchTokens, other.microBatchTokens))
    sum += 0.25 * doublings(\.microBatches)
    sum += abs(recomputed - other.recomputed)
    sum += attention == other.attention ? 0 : 2
    sum += offloads == other.offloads ? 0 : 2
    sum += runtime == other.runtime ? 0 : 1
    return sum + (gpu == other.gpu ? 0 : sharesChip(with: other) ? 0.5 : 2)
  }
}

extension RunFeatures {
  /// The features of a plan for a workload.
  public init(workload: Workload, plan: Plan) {
    let layers = plan.stages.reduce(0) { $0 + $1.layers }
    let recomputed = plan.stages.reduce(0) { $0 + $1.checkpointedLayers }
    self.init(
      gpu: workload.cluster.nodeType.gpu.name, runtime: workload.run.runtime, attention: workload.run.attention,
      gpus: workload.cluster.gpuCount,
      parameters: workload.model.parameterCount(sequenceLength: workload.run.sequenceLength).rounded(),
      sequence: workload.run.sequenceLength, microBatch: plan.stages.first?.microBatch ?? 1,
      microBatches: plan.gradientAccumulation, tensorParallel: plan.stages.map(\.tensorParallel).max() ?? 1,
      stages: plan.stages.count, recomputed: layers > 0 ? Double(recomputed) / Double(layers) : 0,
      offloads: plan.stages.contains { $0.offload != .none })
  }
}
