/// Number format of weights, activations and matrix products.
public enum Precision: String, Sendable, Equatable, CaseIterable {
  /// IEEE half precision with an fp32 master copy.
  case fp16
  /// bfloat16 with an fp32 master copy.
  case bf16
  /// Matrix products of the layers in fp8, the rest in bfloat16.
  case fp8
}

/// How attention is computed.
public enum AttentionKernel: String, Sendable, Equatable, CaseIterable {
  /// FlashAttention: no score matrix in memory.
  case flash
  /// Batched GEMMs and a fused causal softmax; the scores are kept for backward.
  case unfused = "none"
}

/// What is trained, apart from the model and the machine.
public struct TrainingRun: Sendable, Equatable {
  /// Tokens of one sample [s].
  public var sequenceLength: Int
  /// Samples of one optimizer step, over all ranks [B].
  public var globalBatch: Int
  /// Global batches to choose from, rising, where the question leaves it open; `globalBatch` is then the largest.
  public var batchChoices: [Int] = []
  /// Number format.
  public var precision: Precision
  /// Attention kernel.
  public var attention: AttentionKernel
  /// Runtime profile that the prediction is for.
  public var runtime: String
  /// The program that will run it, where that is told: its space is then searched, on one of its runtimes.
  public var launcher: Launcher?
  /// Probability of dropout on attention probabilities and on the outputs of attention and MLP; 0 for none.
  public var dropout: Double
  /// Tokens of the whole training, where known.
  public var trainingTokens: Double?

  /// A run; lengths and batch must be positive (readers check it).
  public init(
    sequenceLength: Int, globalBatch: Int, precision: Precision = .bf16, attention: AttentionKernel = .flash,
    runtime: String = "mist", dropout: Double = 0, trainingTokens: Double? = nil,
    launcher: Launcher? = nil
  ) {
    self.sequenceLength = sequenceLength
    self.globalBatch = globalBatch
    self.precision = precision
    self.attention = attention
    self.runtime = runtime
    self.dropout = dropout
    self.trainingTokens = trainingTokens
    self.launcher = launcher
  }
}

/// What the search must respect besides the machine's own limits.
public struct Limits: Sendable, Equatable {
  /// Multiplies the device capacity; 1 uses all of it.
  public var memoryShare: Double
  /// Bytes of device memory kept free; nil takes the one-sided 90 % error of reserved memory (docs/model.md).
  public var headroomBytes: Double?

  /// Limits; the share lies in (0, 1].
  public init(memoryShare: Double = 1, headroomBytes: Double? = nil) {
    self.memoryShare = memoryShare
    self.headroomBytes = headroomBytes
  }
}

/// A question: this model on this cluster with this run.
public struct Workload: Sendable, Equatable {
  /// A short name for headers and file names.
  public var name: String
  /// The model.
  public var model: ModelShape
  /// The machine.
  public var cluster: Cluster
  /// Sequence, batch, precision.
  public var run: TrainingRun
  /// Limits of the search.
  public var limits: Limits

  /// A question: this model on this cluster with this run.
  public init(name: String, model: ModelShape, cluster: Cluster, run: TrainingRun, limits: Limits = Limits()) {
    self.name = name
    self.model = model
    self.cluster = cluster
    self.run = run
    self.limits = limits
  }
}
