/// Where the device memory of a stage's fullest GPU goes at its peak, bytes.
public struct MemoryBreakdown: Sendable, Equatable {
  /// Weights resident on the device.
  public var weights: Double = 0
  /// Gradients resident on the device.
  public var gradients: Double = 0
  /// Optimizer states resident on the device.
  public var optimizer: Double = 0
  /// Saved activations of all micro-batches in flight.
  public var activations: Double = 0
  /// What the layer (or head) in work needs at the peak.
  public var transient: Double = 0
  /// Full-size prefetch buffers, pipeline buffers, score buffer.
  public var buffers: Double = 0
  /// Sum of the parts above: what the allocator holds at its peak.
  public var allocated: Double = 0
  /// What the allocator has reserved from the device at its peak (with fragmentation).
  public var reserved: Double = 0
  /// CUDA context and NCCL buffers outside the allocator.
  public var context: Double = 0
  /// Device memory as PyTorch reports it.
  public var capacity: Double = 0
  /// Bytes that the search keeps free besides.
  public var headroom: Double = 0
  /// True when the peak lies in the backward pass, or in the step after the last one.
  public var peakInBackward: Bool = true
  /// True when the peak lies in the optimizer's step after the last backward.
  public var peakInStep: Bool = false

  /// Nothing anywhere.
  public init() {}

  /// Bytes left below the limit (`capacity * share - headroom`), negative when over it; set by the scorer.
  public var spare: Double = 0
}

/// Busy and elapsed seconds of one kind of pass (a forward or a backward of one micro-batch) through one stage.
public struct PassTimes: Sendable, Equatable {
  /// Elapsed seconds of the pass on its stage, without pipeline point-to-point.
  public var elapsed: Double = 0
  /// Seconds of kernels, if alone.
  public var compute: Double = 0
  /// Of these, seconds of kernels that recomputation repeats.
  public var recomputed: Double = 0
  /// Seconds of tensor-parallel collectives (on the critical path).
  public var tensorParallel: Double = 0
  /// Seconds of data-parallel collectives, if alone.
  public var collective: Double = 0
  /// Seconds of host-to-device copies, if alone.
  public var hostToDevice: Double = 0
  /// Seconds of device-to-host copies, if alone.
  public var deviceToHost: Double = 0

  /// No time at all.
  public init() {}

  /// Elapsed seconds that neither kernels nor tensor-parallel collectives account for.
  public var exposed: Double { max(0, elapsed - compute - tensorParallel) }
}

/// Times and memory of one stage.
public struct StageScore: Sendable, Equatable {
  /// Stable micro-batch, forward + backward + point-to-point [t], seconds.
  public var stableSeconds: Double = 0
  /// Extra of the first and last micro-batch together [d], seconds; can be negative.
  public var deltaSeconds: Double = 0
  /// Forward of the first micro-batch (carries the previous optimizer step).
  public var forwardFirst = PassTimes()
  /// Forward of the others.
  public var forward = PassTimes()
  /// Backward of all but the last micro-batch.
  public var backward = PassTimes()
  /// Backward of the last micro-batch (carries gradient reduction).
  public var backwardLast = PassTimes()
  /// Point-to-point to the next stage, one direction of one micro-batch, seconds (0 on the last stage).
  ///
  /// Of interleaved stages the sum over the chunks; chunks of the last stage send to the first one.
  public var pointToPointSeconds: Double = 0
  /// Weight gradients of a micro-batch, part of `backward`, seconds; 0 where the schedule does not have them apart.
  public var weightGradientSeconds: Double = 0
  /// Its chunks in the order of their layers, where stages are interleaved; the passes above are then sums over them.
  public var chunks: [ChunkScore] = []
  /// Device memory of its fullest GPU.
  public var memory = MemoryBreakdown()
  /// Host memory that one GPU of the stage pins, bytes.
  public var hostBytesPerGPU: Double = 0

  /// No time, no memory.
  public init() {}
}

/// What a plan is worth: the prediction, the objective and their parts.
public struct PlanScore: Sendable, Equatable {
  /// The prediction: what an iteration takes in the simulated schedule, seconds (`Timeline.period`).
  public var iterationSeconds: Double = 0
  /// The objective: docs/model.md section 5, seconds.
  public var closedFormSeconds: Double = 0
  /// Share of all stage-seconds in which a stage waits, 0...1.
  public var bubbleShare: Double = 0
  /// Tokens of one iteration over `iterationSeconds`.
  public var tokensPerSecond: Double = 0
  /// The same per GPU.
  public var tokensPerSecondPerGPU: Double = 0
  /// Model TFLOP/s per GPU (Megatron's count: full attention, no recompute).
  public var tflopsPerGPU: Double = 0
  /// `tflopsPerGPU` over the peak, 0...1.
  public var mfu: Double = 0
  /// Pinned host memory of the fullest node, bytes.
  public var hostBytesPerNode: Double = 0
  /// Nodes of the cluster that hold no stage: its last ones. They are paid for, and count in all figures per GPU.
  public var idleNodes = 0
  /// RAM of a node, bytes.
  public var hostCapacityBytes: Double = 0
  /// Training time in days, where the number of tokens is known.
  public var trainingDays: Double?
  /// Its price in US dollars, where prices are known too.
  public var trainingCost: Double?
  /// One per stage, in pipeline order.
  public var stages: [StageScore] = []

  /// Empty.
  public init() {}

  /// True when every stage and every node fits its memory.
  public var fits: Bool {
    hostBytesPerNode <= hostCapacityBytes && stages.allSatisfy { $0.memory.spare >= 0 }
  }

  /// Largest reserved memory over the stages, bytes.
  public var peakReservedBytes: Double { stages.map(\.memory.reserved).max() ?? 0 }
}

/// A plan with its score.
public struct ScoredPlan: Sendable, Equatable {
  /// The choices.
  public var plan: Plan
  /// What they are worth.
  public var score: PlanScore

  /// A plan with its score.
  public init(plan: Plan, score: PlanScore) {
    self.plan = plan
    self.score = score
  }
}
