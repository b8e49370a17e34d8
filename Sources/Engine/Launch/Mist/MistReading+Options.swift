/// Keys that cost something and are not modelled, and keys that are not known.
extension MistReading {
  /// A key that costs something unless it has one of these values, and what that means.
  private struct Concern {
    let block: String
    let key: String
    let harmless: [String]
    let words: String

    init(_ block: String, _ key: String, unless harmless: String..., means words: String) {
      self.block = block
      self.key = key
      self.harmless = harmless
      self.words = words
    }
  }

  private static let concerns = [
    Concern("training", "optimizer_dtype", unless: "float32", "float", means: "states are predicted in fp32"),
    Concern("training", "autocast_enabled", unless: "false", means: "casts in every operator are not predicted"),
    Concern("training", "optimizer_name", unless: "adamw", "adam", means: "states and step are predicted as AdamW's"),
    Concern("", "overlap", unless: "true", means: "transfers are predicted beside kernels"),
    Concern("", "use_memory_buffer", unless: "true", means: "memory is predicted with buffers that are used again"),
    Concern(
      "", "enable_advanced_opt_in_first_block", unless: "true",
      means: "the first layer's step is predicted beside the forward"),
    Concern("", "cpu_optim_step", unless: "false", means: "the step is predicted on the device"),
    Concern("", "cpu_accumu_grad", unless: "false", means: "gradients are predicted as accumulated on the device"),
    Concern("", "use_optim", unless: "true", means: "the optimizer's step and states are predicted"),
    Concern("", "use_re_swap_optim", unless: "true", means: "the step is predicted layer by layer"),
    Concern("", "profile", unless: "false", means: "the profiler's work is not predicted"),
    Concern("", "memory_debug", unless: "false", means: "the record of memory is not predicted"),
    Concern("model", "fp32_residual_connection", unless: "false", means: "residuals are predicted in 16 bits"),
    Concern("model", "rotary_emb_fraction", unless: "0.0", "0", "1.0", "1", means: "predicted as on whole heads"),
    Concern("model", "bias_dropout_fusion", unless: "false", means: "bias and dropout are predicted apart"),
    Concern("model", "prenorm", unless: "true", means: "norms are predicted before attention and MLP"),
  ]

  /// Keys that are read or cost nothing, by block; the document itself is the empty one.
  private static let known: [String: Set<String>] = [
    "": [
      "training", "hardware", "strategy", "tuning", "model", "work_dir", "data_dir", "print_config", "ignore_warnings",
      "seed", "name", "output_path", "nccl_timeout", "tiny_bench", "disable_tp_tuning", "optim_impl_if_not_re_swap",
      "use_zero_if_not_re_swap", "hydra", "_dummy",
    ],
    "training": [
      "max_sequence_length", "vocab_size", "global_batch_size", "params_dtype", "exec_dtype",
      "deallocate_pipeline_outputs",
    ],
    "hardware": [
      "gpu_type", "num_nodes", "num_gpus_per_node", "gpu_gpu_comm_params", "cpu_gpu_comm_params", "gpu_cpu_comm_params",
      "interference_model_params", "nvlink", "memory_capacity",
    ],
    "strategy": [
      "enabled", "layer_partitions", "device_assignment", "gradient_checkpointing", "gradient_accumulation_steps",
      "stage_strategies", "pre_post_strategy", "pre_post_strategy_array",
    ],
    "model": [
      "name", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_heads_kv",
      "params_dtype", "fp16_lm_cross_entropy", "max_position_embeddings", "vocab_size", "num_tokentypes",
      "position_embedding_type", "padding_idx", "rotary_emb_base", "rotary_emb_scale_base", "rotary_emb_interleaved",
      "tie_word_embeddings", "add_encoder", "add_decoder", "encoder_attn_mask_type", "decoder_attn_mask_type",
      "add_pooler", "num_experts", "parallel_block", "parallel_block_tied_norm", "normalization", "activation_function",
      "mlp_type", "multiple_of", "qkv_proj_bias", "out_proj_bias", "mlp_fc1_bias", "mlp_fc2_bias", "hidden_dropout",
      "attention_dropout", "normalization_eps", "scale_attn_weights", "scale_attn_by_inverse_layer_idx",
      "use_flash_attn", "tensor_parallel", "sequence_parallel",
    ],
  ]

  /// Adds warnings for what costs something, and lists what is not known.
  mutating func remark() {
    for block in ["", "training", "hardware", "strategy", "model"] {
      let mapping = block.isEmpty ? root : try? root[block]?.anyMapping()
      for entry in mapping?.entries ?? [] {
        let name = block.isEmpty ? entry.key : "\(block).\(entry.key)"
        guard let concern = Self.concerns.first(where: { $0.block == block && $0.key == entry.key }) else {
          if Self.known[block]?.contains(entry.key) != true { unknown.append("\(name): \(entry.value.found)") }
          continue
        }
        guard case .scalar(let text, _) = entry.value.content, !entry.value.isNull,
          !concern.harmless.contains(text.lowercased())
        else { continue }
        warnings.append("\(name) = \(text): \(concern.words)")
      }
    }
  }
}
