extension MegatronDeepSpeedArguments {
  /// What is known of the arguments of Megatron-DeepSpeed (2025).
  static let table = LaunchOptionTable(
    read: """
      num_layers encoder_num_layers hidden_size ffn_hidden_size num_attention_heads num_key_value_heads kv_channels
      use_rotary_position_embeddings no_position_embedding make_vocab_size_divisible_by normalization swiglu
      untie_embeddings_and_output_weights vocab_size tokenizer_type seq_length encoder_seq_length micro_batch_size
      global_batch_size attention_dropout hidden_dropout fp16 bf16 disable_bias_linear use_flash_attn use_flash_attn_v1
      use_flash_attn_v2 use_flash_attn_triton use_flash_attn_builder recompute_activations recompute_granularity
      recompute_method recompute_num_layers checkpoint_activations deepspeed_activation_checkpointing checkpoint_in_cpu
      tensor_model_parallel_size pipeline_model_parallel_size no_pipeline_parallel sequence_parallel
      enable_zbh1_pipeline zero_stage deepspeed deepspeed_config num_experts num_experts_switch
      ds_sequence_parallel_size fp8_e4m3 fp8_hybrid
      """,
    harmless: """
      max_position_embeddings rotary_position_embeddings_theta rotary_percent layernorm_epsilon apply_layernorm_1p
      disable_mem_efficient_ln openai_gelu onnx_safe kill_switch_file log_params_norm log_num_zeros_in_grad
      timing_log_level no_barrier_with_level_1_timing timing_log_option tensorboard_log_interval tensorboard_queue_size
      log_timers_to_tensorboard log_batch_size_to_tensorboard no_log_learnig_rate_to_tensorboard
      no_log_loss_scale_to_tensorboard log_validation_ppl_to_tensorboard log_optimizer_states_to_tensorboard
      log_memory_to_tensorboard log_world_size_to_tensorboard wandb_project wandb_exp_name wandb_save_dir weight_decay
      start_weight_decay end_weight_decay weight_decay_incr_style clip_grad adam_beta1 adam_beta2 adam_eps sgd_momentum
      train_iters train_samples train_tokens log_interval exit_interval exit_duration_in_mins exit_signal_handler
      tensorboard_dir dataloader_type cpu_optimizer ds_fused_adam inference seed data_parallel_random_init
      init_method_std init_method_xavier_uniform lr lr_decay_style lr_decay_iters lr_decay_samples lr_decay_tokens
      lr_warmup_fraction lr_warmup_iters lr_warmup_samples lr_warmup_tokens warmup min_lr override_opt_param_scheduler
      use_checkpoint_opt_param_scheduler save save_interval no_save_optim no_save_rng load load_tag no_load_optim
      no_load_rng no_load_lr_state finetune no_initialization use_checkpoint_args exit_on_missing_checkpoint
      universal_checkpoint loss_scale initial_loss_scale min_loss_scale loss_scale_window hysteresis
      no_query_key_layer_scaling attention_softmax_in_fp32 distributed_backend distributed_timeout_minutes DDP_impl
      no_contiguous_buffers_in_local_ddp no_scatter_gather_tensors_in_pipeline local_rank use_cpu_initialization
      eval_iters eval_interval skip_train aml_data_download_path data_path split train_data_path valid_data_path
      test_data_path data_cache_path vocab_file merge_file vocab_extra_ids sample_rate mmap_warmup num_workers
      tokenizer_model trust_remote_code data_impl reset_position_ids reset_attention_mask eod_mask_loss
      train_data_exact_num_epochs return_data_index train_idx_path train_desc_path train_doc_idx_path
      train_sample_idx_path train_shuffle_idx_path repeated_dataloader zero_reduce_scatter zero_contigious_gradients
      zero_reduce_bucket_size zero_allgather_bucket_size remote_device use_pin_memory contigious_checkpointing
      mlp_type topk expert_interval use_tutel checkpoint_num_layers no_async_tensor_model_parallel_allreduce
      moe_expert_parallel_size moe_train_capacity_factor moe_eval_capacity_factor moe_min_capacity moe_loss_coeff
      create_moe_param_group use_dataset_only accumulate_allreduce_grads_in_fp32 no_gradient_accumulation_fusion
      num_layers_teacher no_persist_layer_norm transformer_impl fp8_margin fp8_interval fp8_amax_history_len
      fp8_amax_compute_algo no_fp8_wgrad use_distributed_optimizer
      """,
    concerns: concerns)

  private static let slower = "kernels are predicted fused: without it they are slower"

  private static let concerns: [String: LaunchOptionTable.Concern] = [
    "no_masked_softmax_fusion": .init(slower), "no_bias_gelu_fusion": .init(slower),
    "no_bias_dropout_fusion": .init(slower),
    "squared_relu": .init("another activation than predicted"),
    "apply_residual_connection_post_layernorm": .init("another residual path than predicted"),
    "embedding_weights_in_fp32": .init("embeddings take twice the bytes that are predicted"),
    "rampup_batch_size": .init("batches are smaller at first: predicted at full size"),
    "distribute_saved_activations": .init(
      "checkpoints are split over tensor-parallel ranks: less memory, more collectives"),
    "distribute_checkpointed_activations": .init(
      "checkpoints are split over tensor-parallel ranks: less memory, more collectives"),
    "partition_activations": .init("checkpoints are split over tensor-parallel ranks: less memory, more collectives"),
    "synchronize_each_layer": .init("waiting at each recomputed layer takes time that is not modelled"),
    "profile_backward": .init("profiling takes time that is not modelled"),
    "profile": .init("profiling takes time that is not modelled"),
    "random_ltd": .init("dropped tokens are not modelled"),
    "enable_zbh1_exact_semantics": .init("exact semantics of ZB-H1 may be slower than predicted"),
    "optimizer": .init("states and step of another optimizer than Adam are not modelled", unless: "adam"),
    "cpu_torch_adam": .init("the host's step is predicted as DeepSpeedCPUAdam, which is faster"),
    "force_ds_sequence_parallel": .init("DeepSpeed's sequence parallelism is not modelled"),
    "ds_sequence_parallel_fpdt": .init("FPDT is not modelled"),
    "fp32_residual_connection": .init("residuals take twice the bytes that are predicted"),
    "fp16_lm_cross_entropy": .init("the loss takes less memory than predicted"),
    "num_layers_per_virtual_pipeline_stage": .init(
      "DeepSpeed's pipeline engine does not interleave: predicted without", unless: ""),
    "overlap_p2p_communication": .init("boundaries are predicted as DeepSpeed's pipeline engine sends them"),
    "empty_unused_memory_level": .init("emptying the cache costs time that is not modelled"),
    "standalone_embedding_stage": .init("DeepSpeed's pipeline engine has no stage of the embedding alone"),
    "use_ring_exchange_p2p": .init("boundaries are predicted as DeepSpeed's pipeline engine sends them"),
    "data_efficiency_curriculum_learning": .init("sequences are shorter at first: predicted at full length"),
    "scattered_embeddings": .init("less memory of embeddings than predicted"),
    "split_transformers": .init("checkpoints twice a layer: more memory, less at the peak of a layer"),
    "memory_centric_tiled_linear": .init("tiled products are not modelled"),
    "tile_factor": .init("tiled products are not modelled", unless: "1"),
    "retro_add_retriever": .init("a retriever is not modelled"),
    "mos": .init("distillation is not modelled"), "kd": .init("distillation is not modelled"),
  ]
}
