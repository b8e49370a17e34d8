/// The Python module of a plan: a function that returns torchtitan's `Trainer.Config`.
///
/// Every number in it stands as a literal, so that it can be read back without being run.
struct TorchtitanRegistry {
  /// Name of the module, which is a file beside the script.
  static let module = "config_registry"
  /// Name of the function.
  static let function = "brume_plan"

  /// What is written.
  let job: LaunchJob

  private var plan: Plan { job.plan }
  private var run: TrainingRun { job.workload.run }
  private var isCompiled: Bool { run.runtime != Launcher.torchtitan.runtimes[0] }
  private var isAsynchronous: Bool { run.runtime == "torchtitan-async" }

  /// The flavour that torchtitan ships for the model; nil where it is built of its blocks.
  private var flavor: TorchtitanFlavor? {
    run.sequenceLength <= TorchtitanFlavor.maximumSequence ? TorchtitanFlavor.of(job.workload.model) : nil
  }

  /// All of its text.
  var text: String {
    let header = (LaunchHeader.lines(job, launcher: .torchtitan) + Self.remarks + [""]).map(ShellText.comment)
    let model = flavor == nil ? TorchtitanModelText.definitions + "\n\n" : ""
    return header.joined(separator: "\n") + "\n\n" + imports + "\n\n" + model + function
  }

  /// What the prediction assumes of torchtitan's choices.
  private static let remarks = [
    "For torchtitan 0.3. The prediction is for whole logits (no ChunkedLossWrapper, which needs less memory for",
    "them), no CUDA graphs, and PyTorch's scaled_dot_product_attention, in whose place torchtitan 0.3 has FlexAttention.",
  ]

  private var imports: String {
    var lines = [
      "from torchtitan.components.loss import CrossEntropyLoss",
      "from torchtitan.components.optimizer import default_adamw",
      "from torchtitan.config import CompileConfig, ParallelismConfig, TrainingConfig",
      "from torchtitan.distributed.activation_checkpoint import FullAC, SelectiveAC",
      "from torchtitan.hf_datasets.text_datasets import HuggingFaceTextDataLoader",
      "from torchtitan.trainer import Trainer",
    ]
    if run.precision == .fp8 { lines.append("from torchtitan.components.quantization import Float8LinearConverter") }
    lines += flavor == nil ? TorchtitanModelText.imports : ["from torchtitan.models.llama3 import model_registry"]
    let own = lines.filter { $0.contains("torchtitan") }.sorted()
    let others = lines.filter { !$0.contains("torchtitan") }
    return (others + (others.isEmpty ? [] : [""]) + own).joined(separator: "\n") + "\n"
  }

  private var function: String {
    let dataParallel = plan.stages.first?.dataParallel ?? 1
    let microBatch = plan.stages.first?.microBatch ?? 1
    let isStaged = plan.stages.count > 1
    let training: [(String, String)] = [
      // With stages the local batch is all micro-batches of an iteration.
      ("local_batch_size", "\(isStaged ? microBatch * plan.gradientAccumulation : microBatch)"),
      ("global_batch_size", "\(run.globalBatch)"), ("seq_len", "\(run.sequenceLength)"),
      ("disable_cuda_graphs", PythonText.flag(true)),
    ]
    let compile: [(String, String)] =
      isCompiled
      ? [
        ("enable", PythonText.flag(true)), ("components", #"["model", "loss"]"#),
        ("enable_async_tensor_parallel", PythonText.flag(isAsynchronous)),
      ] : [("enable", PythonText.flag(false))]
    let config: [(String, String)] = [
      ("model_spec", "model_spec"),
      ("loss", "CrossEntropyLoss.Config(global_vocab_size=\(job.workload.model.vocabulary))"),
      ("optimizer", "default_adamw(lr=3e-4)"),
      ("dataloader", #"HuggingFaceTextDataLoader.Config(dataset="c4")"#),
      ("training", PythonText.call("TrainingConfig", training, indent: 8)),
      ("parallelism", PythonText.call("ParallelismConfig", parallelism(dataParallel, microBatch), indent: 8)),
      ("activation_checkpoint", recompute), ("compile", PythonText.call("CompileConfig", compile, indent: 8)),
    ]
    return "def \(Self.function)() -> Trainer.Config:\n    model_spec = \(model)\n"
      + "    # EDIT: the optimizer and its learning rate are yours; predicted with AdamW.\n    return "
      + PythonText.call("Trainer.Config", config, indent: 4) + "\n"
  }

  private var recompute: String {
    guard let stage = plan.stages.first(where: { $0.checkpointedLayers > 0 }) else { return "None" }
    return stage.recompute == .full ? "FullAC.Config()" : "SelectiveAC.Config()"
  }

  private func parallelism(_ dataParallel: Int, _ microBatch: Int) -> [(String, String)] {
    var found: [(String, String)] = [
      ("data_parallel_replicate_degree", "1"), ("data_parallel_shard_degree", "\(dataParallel)"),
      ("fsdp_reshard_after_forward", PythonText.quoted(plan.stages.first?.zero == 2 ? "never" : "always")),
      ("tensor_parallel_degree", "\(plan.stages.first?.tensorParallel ?? 1)"),
      ("enable_sequence_parallel", PythonText.flag(plan.sequenceParallel || plan.stages.first?.tensorParallel == 1)),
      ("context_parallel_degree", "\(plan.contextParallel)"),
      ("pipeline_parallel_degree", "\(plan.stages.count)"),
    ]
    guard plan.stages.count > 1 else { return found }
    found.append(("pipeline_parallel_schedule", PythonText.quoted(schedule)))
    found.append(("pipeline_parallel_microbatch_size", "\(microBatch)"))
    let parts = Self.parts(plan).map { "                " + PythonText.list($0, indent: 16) + ",\n" }
    found.append(("module_fqns_per_model_part", "[\n" + parts.joined() + "            ]"))
    return found
  }

  private var schedule: String {
    switch plan.scheduleName {
    case .oneForwardOneBackward: "1F1B"
    case .interleaved: "Interleaved1F1B"
    case .gpipe: "GPipe"
    // With one stage a rank this is ZB-H1: forwards and backwards as in 1F1B, weight gradients i backwards later.
    case .zeroBubble: "InterleavedZeroBubble"
    }
  }

  /// The modules of each part of the model, in the order of the layers: chunk k of stage i is part k * S + i.
  static func parts(_ plan: Plan) -> [[String]] {
    let chunks = max(1, plan.interleave)
    var (parts, next) = ([[String]](), 0)
    for _ in 0..<chunks {
      for stage in plan.stages {
        let count = stage.layers / chunks
        parts.append((next..<next + count).map { "layers.\($0)" })
        next += count
      }
    }
    guard !parts.isEmpty else { return [] }
    parts[0].insert("tok_embeddings", at: 0)
    parts[parts.count - 1] += ["norm", "lm_head"]
    return parts
  }

  /// The expression of the model.
  private var model: String {
    let converters =
      run.precision == .fp8
      ? "[Float8LinearConverter.Config(filter_fqns=[\"lm_head\"], model_compile_enabled=\(PythonText.flag(isCompiled)))]"
      : nil
    if let flavor {
      let rest = converters.map { ", converters=\($0)" } ?? ""
      return "model_registry(\(PythonText.quoted(flavor.name))\(rest))"
    }
    let shape = job.workload.model
    var arguments: [(String, String)] = [
      ("dim", "\(shape.hidden)"), ("n_layers", "\(shape.layers)"), ("n_heads", "\(shape.heads)"),
      ("n_kv_heads", "\(shape.keyValueHeads)"), ("head_dim", "\(shape.headWidth)"),
      ("hidden_dim", "\(shape.feedForward)"), ("vocab_size", "\(shape.vocabulary)"),
      ("max_seq_len", "\(run.sequenceLength)"), ("qkv_bias", PythonText.flag(shape.queryKeyValueBias)),
      ("enable_weight_tying", PythonText.flag(shape.tiedEmbeddings)),
    ]
    if let converters { arguments.append(("converters", converters)) }
    return PythonText.call(
      "llama_spec", [("flavor", PythonText.quoted(shape.name))] + arguments, indent: 4)
  }
}
