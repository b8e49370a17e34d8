extension TrainerArguments {
  /// What is known of the arguments of Trainer (transformers 4 and 5) and of programs on it.
  static let table = LaunchOptionTable(
    read: """
      per_device_train_batch_size train_micro_batch_size_per_gpu gradient_accumulation_steps bf16 fp16
      mixed_precision gradient_checkpointing activation_checkpointing attn_implementation model_name_or_path model_name
      max_length max_seq_length block_size model_max_length cutoff_len max_seq_len seq_length deepspeed deepspeed_config
      accelerator_config.gradient_accumulation_kwargs.sync_each_batch
      """,
    harmless: """
      output_dir overwrite_output_dir do_train do_eval do_predict evaluation_strategy eval_strategy eval_steps eval_delay
      prediction_loss_only per_device_eval_batch_size eval_accumulation_steps max_grad_norm learning_rate weight_decay
      adam_beta1 adam_beta2 adam_epsilon num_train_epochs max_steps lr_scheduler_type lr_scheduler_kwargs
      lr_scheduler_kwargs.* warmup_ratio warmup_steps log_level log_level_replica log_on_each_node logging_dir
      logging_strategy logging_first_step logging_steps logging_nan_inf_filter save_strategy save_steps save_total_limit
      save_safetensors save_on_each_node save_only_model seed data_seed local_rank local-rank ddp_backend ddp_timeout
      tpu_num_cores dataloader_drop_last dataloader_num_workers dataloader_pin_memory dataloader_persistent_workers
      dataloader_prefetch_factor past_index run_name disable_tqdm remove_unused_columns label_names
      load_best_model_at_end metric_for_best_model greater_is_better ignore_data_skip label_smoothing_factor debug
      report_to push_to_hub resume_from_checkpoint hub_model_id hub_strategy hub_token hub_private_repo
      full_determinism use_legacy_prediction_loop include_inputs_for_metrics skip_memory_metrics
      ddp_find_unused_parameters ddp_broadcast_buffers gradient_checkpointing_kwargs.use_reentrant
      activation_checkpointing_kwargs.use_reentrant use_reentrant split_batches average_tokens_across_devices
      accelerator_config.split_batches accelerator_config.dispatch_batches accelerator_config.even_batches
      accelerator_config.use_seedable_sampler accelerator_config.non_blocking
      accelerator_config.gradient_accumulation_kwargs.* project trackio_space_id
      config_name tokenizer_name tokenizer_name_or_path cache_dir use_fast_tokenizer model_revision token use_auth_token
      trust_remote_code torch_dtype dtype low_cpu_mem_usage use_cache dataset_name dataset_config_name dataset_config
      train_file validation_file train_data_path data_path dataset_text_field max_train_samples max_eval_samples
      streaming overwrite_cache validation_split_percentage preprocessing_num_workers keep_linebreaks model_type
      dataset_train_split dataset_test_split dataset_num_proc data_split data_output_path num_warmup_steps
      train_sampling_strategy length_column_name chat_template_format add_special_tokens append_concat_token splits
      """,
    concerns: concerns)

  private static let concerns: [String: LaunchOptionTable.Concern] = [
    "torch_compile": .init("compiled layers have fewer and other kernels than were predicted"),
    "torch_compile_backend": .init("compiled layers have fewer and other kernels than were predicted"),
    "torch_compile_mode": .init("compiled layers have fewer and other kernels than were predicted"),
    "use_liger_kernel": .init("fused kernels take less time and memory than was predicted, above all of the loss"),
    "liger_kernel_config.*": .init("which kernels are fused is not modelled"),
    "optim": .init(
      "other optimizer states take other memory and time in the step",
      unless: "adamw_torch", "adamw_torch_fused", "adamw_hf", "adamw_apex_fused", "adamw"),
    "optim_args": .init("arguments of the optimizer are not followed"),
    "optim_args.*": .init("arguments of the optimizer are not followed"),
    "optim_target_modules": .init("states of some parameters alone take less memory than was predicted"),
    "tf32": .init("fp32 products of TF32 are faster than was predicted", unless: "true"),
    "use_peft": .init("adapters: most weights have neither gradients nor states, predicted as if all were trained"),
    "use_lora": .init("adapters: most weights have neither gradients nor states, predicted as if all were trained"),
    "lora_dim": .init("adapters: most weights have neither gradients nor states, predicted as if all were trained"),
    "lora_r": .init("the rank of adapters is not modelled"),
    "use_peft_lora": .init(
      "adapters: most weights have neither gradients nor states, predicted as if all were trained"),
    "load_in_4bit": .init("quantized weights take less memory than was predicted"),
    "load_in_8bit": .init("quantized weights take less memory than was predicted"),
    "use_4bit_quantization": .init("quantized weights take less memory than was predicted"),
    "packing": .init("samples are packed: each is predicted as one sequence of full length"),
    "group_by_length": .init("samples of unlike length: predicted as if all had full length"),
    "auto_find_batch_size": .init("the micro-batch may be halved until it fits: predicted as it is written"),
    "torch_empty_cache_steps": .init("emptying the cache costs time that is not modelled"),
    "neftune_noise_alpha": .init("noise on embeddings is not modelled"),
    "gradient_checkpointing_kwargs.every_n_layers": .init("predicted as if every layer recomputed", unless: "1"),
    "activation_checkpointing_kwargs.every_n_layers": .init("predicted as if every layer recomputed", unless: "1"),
    "activation_checkpointing_kwargs.offload": .init("checkpoints in host memory are not modelled here"),
    "gradient_checkpointing_kwargs.*": .init("how layers are recomputed is not followed"),
    "activation_checkpointing_kwargs.*": .init("how layers are recomputed is not followed"),
    "parallelism_config": .init("read from the configuration of Accelerate alone"),
    "fsdp": .init("read from the configuration of Accelerate alone"),
    "fsdp_config": .init("read from the configuration of Accelerate alone"),
    "fsdp_config.*": .init("read from the configuration of Accelerate alone"),
    "ddp_bucket_cap_mb": .init("buckets of data-parallel reductions are not modelled"),
    "use_cpu": .init("training without a GPU is not modelled"),
    "jit_mode_eval": .init("not modelled"),
    "config_overrides": .init("changes the model: --model gives its shape"),
    "offload": .init("host memory is read from the JSON of DeepSpeed alone"),
    "zero_stage": .init("the ZeRO level is read from the JSON of DeepSpeed alone"),
    "dropout": .init("dropout is not read from here: predicted without"),
  ]
}
