/// What is known of Megatron-LM's options: what the importer reads, what costs nothing, what costs something that is not
/// modelled.
enum MegatronOptionTable {
  /// The table.
  static let table = LaunchOptionTable(
    read: MegatronOption.allCases.map(\.key).joined(separator: " ") + " " + refused, harmless: harmless,
    concerns: concerns)

  /// Options whose values say that nothing is refused (`MegatronArguments.refuseOthers`).
  private static let refused = MegatronArguments.refusedOptions.joined(separator: " ")

  /// Options that change time or memory and are not modelled, with what that means for the prediction.
  private static let concerns: [String: LaunchOptionTable.Concern] = {
    var table: [String: LaunchOptionTable.Concern] = [:]
    for (names, concern) in meanings {
      for name in names.split(separator: " ") { table[String(name)] = concern }
    }
    return table
  }()

  private static let meanings: [(String, LaunchOptionTable.Concern)] = [
    (
      "grad_reduce_in_bf16",
      .init("gradients are kept and reduced in bf16: 2 B less a parameter, half the bytes to reduce")
    ),
    (
      "main_grads_dtype main_params_dtype exp_avg_dtype exp_avg_sq_dtype",
      .init("optimizer states of fewer bytes than the fp32 ones that are counted", unless: "fp32")
    ),
    (
      "fp16_lm_cross_entropy",
      .init("the loss is computed in fp16: less memory and time at its logits")
    ),
    (
      "cross_entropy_loss_fusion",
      .init("the loss is fused: less memory and time at its logits")
    ),
    (
      "fp8_param_gather",
      .init("weights are gathered in fp8: half the bytes")
    ),
    (
      "fp8_recipe",
      .init("other scaling than the delayed one, whose casts are counted", unless: "delayed")
    ),
    (
      "first_last_layers_bf16",
      .init("the first and last layers do not take fp8 products")
    ),
    (
      "no_fp8_wgrad disable_fp8_wgrad",
      .init("weight gradients do not take fp8 products: slower")
    ),
    (
      "fp8_output_proj",
      .init("the head takes an fp8 product: faster")
    ),
    (
      "distribute_saved_activations",
      .init("saved inputs are split over tensor-parallel ranks: less memory, a gather more")
    ),
    (
      "cpu_offloading_num_layers fine_grained_activation_offloading",
      .init("activations go to the host: less memory, copies beside the kernels")
    ),
    (
      "overlap_cpu_optimizer_d2h_h2d",
      .init("copies run beside the step on the host: faster than counted")
    ),
    (
      "no_pin_cpu_grads no_pin_cpu_params",
      .init("copies from memory that is not pinned: slower")
    ),
    (
      "optimizer",
      .init("other optimizer states than Adam's 8 B a parameter", unless: "adam")
    ),
    (
      "num_distributed_optimizer_instances",
      .init("optimizer states are sharded over a part of the data-parallel ranks: more memory", unless: "1")
    ),
    (
      "overlap_param_gather_with_optimizer_step",
      .init("the first weights are gathered beside the step: a little faster")
    ),
    (
      "cp_comm_type",
      .init("keys and values are exchanged otherwise than in the ring that is counted", unless: "p2p")
    ),
    (
      "hierarchical_context_parallel_sizes",
      .init("keys and values are exchanged in two levels, not in one ring")
    ),
    (
      "microbatch_group_size_per_virtual_pipeline_stage",
      .init("micro-batches change chunks in other groups than one for each stage: other bubbles and memory")
    ),
    (
      "overlap_p2p_communication_warmup_flush",
      .init("transfers between stages run beside the first and last passes: a little faster")
    ),
    (
      "defer_embedding_wgrad_compute delay_wgrad_compute",
      .init("some weight gradients wait: other bubbles and memory")
    ),
    (
      "use_te_activation_func use_transformer_engine_op_fuser fused_residual_rmsnorm",
      .init("fuses more than is counted: a little faster")
    ),
    (
      "no_gradient_accumulation_fusion",
      .init("weight gradients are added by a kernel of their own: slower")
    ),
    (
      "no_masked_softmax_fusion no_bias_gelu_fusion no_bias_swiglu_fusion no_bias_dropout_fusion no_rope_fusion no_persist_layer_norm disable_jit_fuser",
      .init("kernels that are counted as fused are not: slower")
    ),
    (
      "enable_cuda_graph external_cuda_graph cuda_graph_impl",
      .init("CUDA graphs: the host launches faster than counted, and graphs take memory")
    ),
    (
      "mtp_num_layers",
      .init("layers of multi-token prediction are not counted")
    ),
    (
      "qk_layernorm qk_l2_norm qk_clip attention_output_gate",
      .init("operators on q and k that are not counted: a little slower")
    ),
    (
      "softmax_type",
      .init("a softmax that is not counted: a little slower", unless: "vanilla")
    ),
    (
      "window_size",
      .init("attention within a window: faster than counted over the whole sequence")
    ),
    (
      "no_rope_freq",
      .init("layers without rotary positions: a little faster")
    ),
    (
      "fp32_residual_connection",
      .init("the residual stream is kept and sent in fp32: more memory, longer transfers")
    ),
    (
      "use_nccl_ub use_sharp",
      .init("collectives that take less of the GPU, or run in the switches: faster")
    ),
    (
      "ddp_reduce_scatter_with_fp32_accumulation",
      .init("gradients are reduced by another exchange")
    ),
    (
      "rampup_batch_size step_batch_size_schedule decrease_batch_size_if_needed",
      .init("the batch grows while training: the prediction is for the full one")
    ),
    (
      "empty_unused_memory_level",
      .init("memory is given back after steps: slower, less reserved")
    ),
    (
      "use_tp_pp_dp_mapping",
      .init("pipeline ranks are next to each other, not data-parallel ones: other links than counted")
    ),
    (
      "deterministic_mode batch_invariant_mode",
      .init("slower kernels than counted")
    ),
    (
      "reset_attention_mask dataloader_inter_document_masking sft",
      .init("attention within documents: less work than counted over whole sequences")
    ),
    (
      "spec",
      .init("a layer of another specification than the GPT one that is counted")
    ),
    (
      "outer_dp_sharding_strategy",
      .init("shards over groups of data-parallel ranks", unless: "no_shard")
    ),
  ]
}
