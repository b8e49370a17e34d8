/// What is known of torchtitan's options: which the importer reads, which cost nothing, which cost something that is not
/// modelled.
enum TorchtitanOptionTable {
  /// What an option is to a prediction.
  enum Meaning: Equatable {
    /// The importer reads it.
    case read
    /// It changes neither time nor memory of a step.
    case harmless
    /// It changes them, in a way that is not modelled.
    case costs(String)
  }

  /// What an option is with this value; nil for one that is not known.
  static func meaning(of name: String, _ node: ConfigNode) -> Meaning? {
    if let concern = concerns.first(where: { matches($0.name, name) }) {
      return concern.isHarmless(node) ? .harmless : .costs(concern.words)
    }
    if read.contains(where: { matches($0, name) }) { return .read }
    return harmless.contains(where: { matches($0, name) }) ? .harmless : nil
  }

  /// Whether a row is about an option: by its name, or by its beginning where the row ends in a point.
  private static func matches(_ row: String, _ name: String) -> Bool {
    row.hasSuffix(".") ? name.hasPrefix(row) : name == row
  }

  /// Options that the importer reads.
  private static let read = [
    "training", "training.local_batch_size", "training.global_batch_size", "training.seq_len", "training.dtype",
    "training.mixed_precision_param", "parallelism", "parallelism.data_parallel_shard_degree",
    "parallelism.data_parallel_replicate_degree", "parallelism.fsdp_reshard_after_forward",
    "parallelism.tensor_parallel_degree", "parallelism.enable_sequence_parallel",
    "parallelism.context_parallel_degree", "parallelism.pipeline_parallel_degree",
    "parallelism.pipeline_parallel_schedule", "parallelism.pipeline_parallel_microbatch_size",
    "parallelism.pipeline_parallel_microbatches", "parallelism.pipeline_parallel_layers_per_stage",
    "parallelism.pipeline_parallel_first_stage_less_layers", "parallelism.pipeline_parallel_last_stage_less_layers",
    "parallelism.pipeline_parallel_split_points", "parallelism.module_fqns_per_model_part", "activation_checkpoint",
    "activation_checkpoint.mode", "activation_checkpoint.selective_ac_option", "activation_checkpoint.memory_budget",
    "compile", "compile.enable",
    "compile.components", "compile.components.", "compile.enable_async_tensor_parallel", "model", "model.name",
    "model.flavor", "model.converters", "model_spec", "model_spec.", "loss", "loss.",
    "quantize.linear.float8.filter_fqns",
  ]

  /// Options that cost nothing in a step; those below a name that ends in a point as well.
  private static let harmless = [
    "job.", "profiling.", "profiler", "profiler.", "metrics", "metrics.", "checkpoint", "checkpoint.", "lr_scheduler",
    "lr_scheduler.", "comm", "comm.", "validation.", "validator", "validator.", "dataloader", "dataloader.",
    "tokenizer", "tokenizer.", "hf_assets_path", "dump_folder", "model.tokenizer_path", "model.print_after_conversion",
    "training.steps", "training.dataset", "training.dataset_path", "training.dataloader.", "training.max_norm",
    "training.gc_freq", "training.gc_debug", "training.seed", "training.warmup_steps", "training.data_parallel_type",
    "debug", "debug.", "memory_estimation.", "optimizer.", "parallelism.spmd_backend",
    "parallelism.expert_parallel_comm_backend",
    "parallelism.pipeline_parallel_expert_parallel_overlap", "parallelism.context_parallel_ptrr_mask_key",
    "activation_checkpoint.preserve_rng_state", "activation_checkpoint.determinism_check",
    "activation_checkpoint.debug", "activation_checkpoint.early_stop",
    "activation_checkpoint.force_recompute_mm_shapes_by_fqns",
    "activation_checkpoint.per_op_sac_force_recompute_mm_shapes_by_fqns",
    "activation_checkpoint.visualize_memory_budget_pareto", "compile.backend",
    "quantize.linear.float8.precompute_float8_dynamic_scale_for_fsdp", "quantize.", "override",
  ]

  /// An option that changes time or memory and is not modelled.
  private struct Concern {
    /// Its name, or its beginning with a point at the end.
    let name: String
    /// Values at which it changes nothing.
    let harmless: [String]
    /// What it means for the prediction.
    let words: String

    init(_ name: String, unless harmless: String..., means words: String) {
      self.name = name
      self.harmless = harmless
      self.words = words
    }

    func isHarmless(_ node: ConfigNode) -> Bool {
      if node.isNull { return harmless.contains("none") }
      switch node.content {
      case .scalar(let text, _): return harmless.contains(text.lowercased())
      case .sequence(let items): return items.isEmpty && harmless.contains("none")
      case .mapping: return false
      }
    }
  }

  private static let concerns = [
    Concern(
      "training.enable_cpu_offload", unless: "false",
      means: "weights, gradients and states are on the host and the step runs there: predicted on the device"),
    Concern(
      "training.disable_cuda_graphs", unless: "true",
      means: "CUDA graphs launch kernels without the host: predicted without them"),
    Concern("training.mixed_precision_reduce", unless: "float32", means: "gradients are predicted as reduced in fp32"),
    Concern("training.deterministic", unless: "false", means: "deterministic kernels are slower than predicted"),
    Concern("debug.deterministic", unless: "false", means: "deterministic kernels are slower than predicted"),
    Concern("debug.batch_invariant", unless: "false", means: "batch-invariant kernels are slower than predicted"),
    Concern("debug.detect_anomaly", unless: "false", means: "every gradient is looked at: slower than predicted"),
    Concern("debug.spmd_typechecking", unless: "false", means: "types are checked in the step: slower than predicted"),
    Concern("optimizer.name", unless: "adamw", "adam", means: "states and step are predicted as AdamW's"),
    Concern(
      "optimizer", unless: "default_adamw", "optimizerscontainer.config",
      means: "states and step are predicted as AdamW's"),
    Concern("optimizer.implementation", unless: "fused", means: "the step is predicted as the fused one"),
    Concern(
      "optimizer.early_step_in_backward", unless: "false",
      means: "gradients are freed as they are used: predicted as kept until the step"),
    Concern(
      "parallelism.enable_fsdp_symm_mem", unless: "false",
      means: "collectives over symmetric memory: predicted as NCCL's"),
    Concern(
      "parallelism.disable_loss_parallel", unless: "false", means: "whole logits on each rank: predicted as split"),
    Concern("training.disable_loss_parallel", unless: "false", means: "whole logits on each rank: predicted as split"),
    Concern(
      "parallelism.context_parallel_rotate_method", unless: "allgather",
      means: "keys and values are exchanged piece by piece: predicted as gathered"),
    Concern(
      "parallelism.context_parallel_load_balancer", unless: "headtail", "ptrr",
      means: "pieces of causal attention are not dealt out: predicted as balanced"),
    Concern(
      "parallelism.pipeline_parallel_schedule_csv", unless: "none", "",
      means: "an own schedule: predicted as the named one"),
    Concern("parallelism.expert_parallel_degree", unless: "1", means: "experts are not modelled"),
    Concern("parallelism.expert_tensor_parallel_degree", unless: "1", means: "experts are not modelled"),
    Concern(
      "quantize.linear.float8.enable_fsdp_float8_all_gather", unless: "false",
      means: "weights are gathered in fp8: predicted in bf16"),
    Concern(
      "quantize.linear.float8.recipe_name", unless: "none", "tensorwise", "rowwise",
      means: "products are predicted as all in fp8"),
    Concern("quantize.linear.float8.emulate", unless: "false", means: "fp8 is emulated: predicted on its units"),
    Concern("quantize.grouped_mm.", unless: "none", means: "experts are not modelled"),
    Concern("fault_tolerance.enable", unless: "false", means: "groups of replicas of their own are not modelled"),
    Concern("override.imports", unless: "none", means: "parts of the model are replaced by others than predicted"),
    Concern("experimental.", unless: "none", "", means: "an experiment of torchtitan's: not modelled"),
  ]
}
