/// Options of Megatron-LM that say what is predicted: written by the exporter, read by the importer.
///
/// Names are those of core_v0.19.0 (megatron/training/arguments.py and the configurations it makes options of).
enum MegatronOption: String, CaseIterable, Sendable {
  // The model.
  case layers = "num-layers"
  case encoderLayers = "encoder-num-layers"
  case hidden = "hidden-size"
  case feedForward = "ffn-hidden-size"
  case heads = "num-attention-heads"
  case headWidth = "kv-channels"
  case groupQuery = "group-query-attention"
  case queryGroups = "num-query-groups"
  case positions = "position-embedding-type"
  case rotary = "use-rotary-position-embeddings"
  case maximumPositions = "max-position-embeddings"
  case normalization
  case swiglu
  case quickGeglu = "quick-geglu"
  case noLinearBias = "disable-bias-linear"
  case queryKeyValueBias = "add-qkv-bias"
  case untied = "untie-embeddings-and-output-weights"
  case vocabulary = "vocab-size"
  case paddedVocabulary = "padded-vocab-size"
  case vocabularyMultiple = "make-vocab-size-divisible-by"
  case tokenizer = "tokenizer-type"
  case mergeFile = "merge-file"
  case attentionDropout = "attention-dropout"
  case hiddenDropout = "hidden-dropout"
  case attention = "attention-backend"
  case flashAttention = "use-flash-attn"
  case implementation = "transformer-impl"
  // The run.
  case sequence = "seq-length"
  case encoderSequence = "encoder-seq-length"
  case microBatch = "micro-batch-size"
  case batch = "global-batch-size"
  case batchSchedule = "step-batch-size-schedule"
  case steps = "train-iters"
  case samples = "train-samples"
  case fp16
  case bf16
  case fp8 = "fp8-format"
  case gradientsInFP32 = "accumulate-allreduce-grads-in-fp32"
  // Parallelism.
  case tensorParallel = "tensor-model-parallel-size"
  case stages = "pipeline-model-parallel-size"
  case contextParallel = "context-parallel-size"
  case contextExchange = "cp-comm-type"
  case sequenceParallel = "sequence-parallel"
  case layout = "pipeline-model-parallel-layout"
  case firstLayers = "decoder-first-pipeline-num-layers"
  case lastLayers = "decoder-last-pipeline-num-layers"
  case countsEmbedding = "account-for-embedding-in-pipeline-split"
  case countsLoss = "account-for-loss-in-pipeline-split"
  case chunks = "num-virtual-stages-per-pipeline-rank"
  case chunkLayers = "num-layers-per-virtual-pipeline-stage"
  // Memory.
  case distributedOptimizer = "use-distributed-optimizer"
  case torchFSDP = "use-torch-fsdp2"
  case megatronFSDP = "use-megatron-fsdp"
  case customFSDP = "use-custom-fsdp"
  case recompute = "recompute-granularity"
  case recomputeMethod = "recompute-method"
  case recomputeLayers = "recompute-num-layers"
  case recomputeModules = "recompute-modules"
  case recomputeActivations = "recompute-activations"
  case checkpointActivations = "checkpoint-activations"
  case offload = "optimizer-cpu-offload"
  case offloadFraction = "optimizer-offload-fraction"
  case precisionAware = "use-precision-aware-optimizer"
  // Overlap.
  case overlapReduction = "overlap-grad-reduce"
  case overlapGather = "overlap-param-gather"
  case overlapTensor = "tp-comm-overlap"

  /// As it is written in a command: `--num-layers`.
  var flag: String { "--\(rawValue)" }

  /// As `LaunchOption` names it: `num_layers`.
  var key: String { rawValue.replacing("-", with: "_") }

  /// A line of a script: the option and its values.
  func line(_ values: any CustomStringConvertible...) -> [ShellWord] {
    [.text(flag)] + values.map { .text($0.description) }
  }
}
