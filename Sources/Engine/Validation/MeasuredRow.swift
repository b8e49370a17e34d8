/// A published training run: what ran, and what was measured of it, in the words of its table.
///
/// The table's format is foreign (docs/validation.md), so texts are kept as they stand; `RowPlan` decides what they mean.
public struct MeasuredRow: Sendable, Equatable {
  /// Name of the row, unique in its table.
  public var id: String
  /// Name of the publication that it is from.
  public var source: String
  /// Where it was published.
  public var url: String
  /// GPU, as the table calls it: `A100-80GB-SXM`.
  public var gpu: String
  /// GPUs of the run.
  public var gpuCount: Int
  /// GPUs in a node.
  public var gpusPerNode: Int
  /// The model.
  public var model: MeasuredModel
  /// Number format: `fp16`, `bf16`, `amp_bf16`, `fp8`.
  public var precision: String
  /// Tensor-parallel degree; nil where it differs from stage to stage.
  public var tensorParallel: Int?
  /// Pipeline stages.
  public var pipelineParallel: Int
  /// Data-parallel degree.
  public var dataParallel: Int
  /// Context-parallel degree.
  public var contextParallel: Int
  /// Model chunks a GPU (interleaved schedule); nil where nobody told.
  public var interleave: Int?
  /// Samples of a micro-batch on one rank; nil where nobody told.
  public var microBatch: Int?
  /// Samples of an optimizer step over all ranks; nil where nobody told.
  public var globalBatch: Int?
  /// ZeRO level, 0...3.
  public var zero: Int
  /// What is recomputed: `full`, `none`, `selective`, ...
  public var recompute: String
  /// Sequence parallelism: `true`, `false`, `unknown`.
  public var sequenceParallel: String
  /// Flash attention: `true`, `false`, `sdpa(flash)`, `unknown`.
  public var flashAttention: String
  /// What lies in host memory, `none` for nothing.
  public var offload: String
  /// Its operators ran through a compiler that fuses them; nil where nobody told.
  public var isCompiled: Bool?
  /// Schedule, where the table names it: `1F1B`, `Interleaved1F1B`.
  public var schedule: String?
  /// Weights were sharded by FSDP, as the table tells.
  public var isFullySharded: Bool
  /// Tensor-parallel collectives ran piece by piece beside products; nil where nobody told.
  public var hasAsyncTensorParallel: Bool?
  /// Samples of a step on one data-parallel rank, where the table tells them instead of the micro-batch.
  public var localBatch: Int?
  /// Software, where the table tells it: `Megatron-LM 2.4`, `HF+DeepSpeed`.
  public var framework: String?
  /// Runtime profile by name, where the table tells it.
  public var runtime: String?
  /// Stages where they are unlike, in pipeline order; empty where all are alike.
  public var stages: [MeasuredStage]
  /// What was measured of the time.
  public var time: MeasuredTime
  /// What was measured of the memory.
  public var memory: [MeasuredMemory]
  /// False for a figure that is no sure measurement: predicted, but in no statistic.
  public var isCore: Bool
}

/// The model of a measured run.
public struct MeasuredModel: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// `gpt`, `llama`, `mpt`: gives what the row leaves open.
  public var family: String
  /// Width of the residual stream.
  public var hidden: Int
  /// Transformer layers.
  public var layers: Int
  /// Query heads.
  public var heads: Int
  /// Key and value heads.
  public var keyValueHeads: Int
  /// Width of the MLP.
  public var feedForward: Int
  /// Rows of the embedding, not padded.
  public var vocabulary: Int
  /// Tokens of a sample.
  public var sequence: Int
  /// The head shares the embedding's matrix; nil where nobody told.
  public var tiedEmbeddings: Bool?
  /// No linear layer has a bias; nil where nobody told.
  public var noBias: Bool?
  /// A table of learned positions; nil where nobody told.
  public var learnedPositions: Bool?
}

/// One stage of a run whose stages are unlike.
public struct MeasuredStage: Sendable, Equatable {
  /// Layers; nil where the stage holds a part of one.
  public var layers: Int?
  /// GPUs.
  public var gpus: Int
  /// Recomputed layers; nil where single operators are.
  public var checkpointedLayers: Int?
  /// Its operators, where it is cut at operators.
  public var operators: MeasuredOperators?
  /// Samples of a micro-batch on one rank; nil where it is the row's.
  public var microBatch: Int?
  /// Data-parallel degree.
  public var dataParallel: Int
  /// Tensor-parallel degree.
  public var tensorParallel: Int
  /// ZeRO level; nil where it is the row's.
  public var zero: Int?
  /// Shares in host memory: weights, gradients, optimizer states, activations, each 0...1.
  public var offload: [Double]
}

/// What a table tells of a run's time, each by the table's own definition; `seconds` turns it into seconds.
public struct MeasuredTime: Sendable, Equatable {
  /// Seconds of an iteration.
  public var iterationSeconds: Double?
  /// Tokens per second of all GPUs.
  public var tokensPerSecond: Double?
  /// Tokens per second of one GPU.
  public var tokensPerSecondPerGPU: Double?
  /// TFLOP/s of one GPU.
  public var teraflopsPerGPU: Double?
  /// What its FLOPs count, in the table's words.
  public var flopsDefinition: String?
}

/// A measured amount of device memory.
public struct MeasuredMemory: Sendable, Equatable {
  /// What was read.
  public enum Kind: String, Sendable, Equatable, CaseIterable {
    /// Peak of what PyTorch's tensors hold.
    case allocated
    /// Peak of what PyTorch's allocator has taken from the device.
    case reserved
    /// What `nvidia-smi` shows: reserved, and the context.
    case nvidiaSMI = "nvidia-smi"
  }

  /// What was read.
  public var kind: Kind
  /// The stage, from 0; nil for the fullest GPU of the run.
  public var stage: Int?
  /// Bytes.
  public var bytes: Double

  /// An amount.
  public init(kind: Kind, stage: Int?, bytes: Double) {
    self.kind = kind
    self.stage = stage
    self.bytes = bytes
  }
}
