/// The YAML of a plan as Mist's runner reads it: training, hardware, strategy, tuning and model.
struct MistConfig {
  /// What is written.
  let job: LaunchJob

  private var plan: Plan { job.plan }
  private var run: TrainingRun { job.workload.run }

  /// All of its text.
  var text: String {
    let header = (LaunchHeader.lines(job, launcher: .mist) + remarks + [""]).map(ShellText.comment)
    return header.joined(separator: "\n") + "\n" + node.yaml()
  }

  private var remarks: [String] {
    var lines = [
      "For github.com/Dazz993/Mist at d69e530. hardware.gpu_type, which that code does not read, is brume's name of the",
      "node type; gpu_gpu_comm_params has what was measured, and what is derived from it, for groups of 1, 2, 4 and 8.",
    ]
    if let first = plan.stages.first, let last = plan.stages.last, first.states != last.states {
      lines += [
        "Mist has one strategy for embedding and head; the first and last stage differ, so it is the more sparing of",
        "both: memory is at most what is predicted, time can be a little more.",
      ]
    }
    return lines
  }

  /// The whole document.
  var node: ConfigNode {
    .object([
      ("training", training), ("hardware", MistHardware(job: job).node), ("strategy", strategy), ("tuning", tuning),
      ("overlap", .flag(true)), ("use_memory_buffer", .flag(true)), ("nccl_timeout", .number(120)),
      ("profile", .flag(false)), ("tiny_bench", .flag(true)), ("memory_debug", .flag(false)),
      ("enable_advanced_opt_in_first_block", .flag(true)), ("disable_tp_tuning", .flag(false)), ("model", model),
    ])
  }

  private var training: ConfigNode {
    let format = run.precision == .bf16 ? "bfloat16" : "float16"
    return .object([
      ("max_sequence_length", .number(run.sequenceLength)), ("vocab_size", .number(job.workload.model.vocabulary)),
      ("global_batch_size", .number(run.globalBatch)), ("params_dtype", .word(format)), ("exec_dtype", .word(format)),
      ("optimizer_dtype", .word("float32")), ("autocast_enabled", .flag(false)), ("optimizer_name", .word("adamw")),
    ])
  }

  private var strategy: ConfigNode {
    .object([
      ("enabled", .flag(true)), ("layer_partitions", .list(plan.stages.map { .number($0.layers) })),
      ("device_assignment", .list(plan.stages.map { .list([.number($0.nodes), .number($0.gpusPerNode)]) })),
      ("gradient_checkpointing", .list(plan.stages.map { .number($0.checkpointedLayers) })),
      ("gradient_accumulation_steps", .number(plan.gradientAccumulation)),
      ("stage_strategies", .list(plan.stages.map { Self.strategy($0, states: $0.states) })),
      ("pre_post_strategy", .word("preset")),
      (
        "pre_post_strategy_array",
        plan.stages.first.map { first in
          Self.strategy(first, states: first.states.sparing(plan.stages[plan.stages.count - 1].states))
        }
      ),
    ])
  }

  /// Batch, dp, tp; whether weights, gradients and optimizer states are sharded; the shares of them and of activations
  /// on the host.
  private static func strategy(_ stage: StageChoice, states: StageStates) -> ConfigNode {
    let shares = states.offload
    let flags = [states.zero >= 3, states.zero >= 2, states.zero >= 1]
    return .list(
      [stage.microBatch, stage.dataParallel, stage.tensorParallel].map { .number($0) }
        + flags.map { .number($0 ? 1 : 0) }
        + [shares.weights, shares.gradients, shares.optimizer, shares.activations].map {
          MistHardware.number(Double($0) / 8)
        })
  }

  /// The runner turns tuning off; the block must be there.
  private var tuning: ConfigNode {
    .object([
      ("enabled", .flag(false)), ("zero_2_and_3_enabled", .flag(true)),
      ("activation_checkpointing_tuning_enabled", .flag(true)), ("state_offloading_enabled", .flag(true)),
      ("activation_offloading_enabled", .flag(true)), ("tuning_granularity", .word("uniform-device-pp-mip")),
      ("sample_size", .number(30)), ("pre_post_strategy", .word("dp")), ("pre_post_strategy_array", .word("null")),
    ])
  }

  private var model: ConfigNode {
    let shape = job.workload.model
    let isRotary = shape.positions == .rotary
    return .object([
      ("name", .text(Self.name(shape))), ("hidden_size", .number(shape.hidden)),
      ("intermediate_size", .number(shape.feedForward)), ("num_hidden_layers", .number(shape.layers)),
      ("num_attention_heads", .number(shape.heads)), ("num_heads_kv", .number(shape.keyValueHeads)),
      ("fp32_residual_connection", .flag(false)), ("fp16_lm_cross_entropy", .flag(run.precision != .bf16)),
      ("vocab_size", .number(shape.vocabulary)), ("num_tokentypes", .number(0)),
      ("position_embedding_type", .word(isRotary ? "rotary" : "absolute")), ("padding_idx", .word("null")),
      ("rotary_emb_fraction", .word(isRotary ? "1.0" : "0.0")), ("rotary_emb_base", .word("10000.0")),
      ("rotary_emb_scale_base", .word("null")), ("rotary_emb_interleaved", .flag(false)),
      ("tie_word_embeddings", .flag(shape.tiedEmbeddings)), ("add_encoder", .flag(true)),
      ("add_decoder", .flag(false)), ("encoder_attn_mask_type", .word("causal")), ("add_pooler", .flag(false)),
      ("num_experts", .word("null")), ("parallel_block", .flag(shape.parallelBlock)),
      ("parallel_block_tied_norm", .flag(false)), ("prenorm", .flag(true)),
      ("normalization", .word(shape.normalization.rawValue)),
      ("activation_function", .word(shape.gatedFeedForward ? "swiglu" : "gelu_fast")),
      ("mlp_type", .word(shape.gatedFeedForward ? "gated_mlp" : "mlp")),
      ("qkv_proj_bias", .flag(shape.queryKeyValueBias)), ("out_proj_bias", .flag(shape.linearBias)),
      ("mlp_fc1_bias", .flag(shape.linearBias)), ("mlp_fc2_bias", .flag(shape.linearBias)),
      ("hidden_dropout", MistHardware.number(run.dropout)), ("attention_dropout", MistHardware.number(run.dropout)),
      ("scale_attn_weights", .flag(true)), ("use_flash_attn", .flag(run.attention == .flash)),
      ("bias_dropout_fusion", .flag(false)),
    ])
  }

  /// A name that begins with that of the class that Mist is to take, of letters, digits, dots, dashes and underscores:
  /// in anything else Mist's reader would see its own syntax.
  static func name(_ model: ModelShape) -> String {
    let plain = String(
      model.name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
    let family = MistFamily.of(model)
    return plain.hasPrefix(family.rawValue) ? plain : "\(family.rawValue)-\(plain)"
  }
}

/// What a strategy says of states and activations.
struct StageStates: Equatable {
  /// ZeRO level.
  var zero: Int
  /// Shares on the host.
  var offload: Offload

  /// The higher level and the larger shares of two.
  func sparing(_ other: StageStates) -> StageStates {
    StageStates(
      zero: max(zero, other.zero),
      offload: Offload(
        weights: max(offload.weights, other.offload.weights),
        gradients: max(offload.gradients, other.offload.gradients),
        optimizer: max(offload.optimizer, other.offload.optimizer),
        activations: max(offload.activations, other.offload.activations)))
  }
}

extension StageChoice {
  /// Its ZeRO level and shares on the host.
  var states: StageStates { StageStates(zero: zero, offload: offload) }
}
