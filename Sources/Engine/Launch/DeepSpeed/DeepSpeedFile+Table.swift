extension DeepSpeedFile {
  /// What is known of the keys of DeepSpeed's JSON (0.19).
  static let table = LaunchOptionTable(
    read: """
      train_batch_size train_micro_batch_size_per_gpu gradient_accumulation_steps fp16.enabled bf16.enabled
      bfloat16.enabled amp.enabled zero_optimization zero_optimization.stage zero_optimization.offload_optimizer.device
      zero_optimization.offload_optimizer.ratio zero_optimization.offload_param.device zero_optimization.cpu_offload
      zero_optimization.cpu_offload_params zero_optimization.cpu_offload_param zero_optimization.overlap_comm
      zero_optimization.reduce_bucket_size zero_optimization.stage3_max_live_parameters
      zero_optimization.stage3_max_reuse_distance zero_optimization.sub_group_size data_types.grad_accum_dtype
      tensor_parallel.autotp_size sequence_parallel_size pipeline.stages pipeline.activation_checkpoint_interval
      expert_parallel_size expert_parallel.autoep_size
      """,
    harmless: """
      steps_per_print wall_clock_breakdown gradient_clipping dump_state memory_breakdown scheduler.* fp16.* bf16.*
      optimizer.params.* optimizer.legacy_fusion tensorboard.* wandb.* comet.* csv_monitor.* comms_logger.* log_level
      flops_profiler.* monitor_config.* checkpoint.* load_universal_checkpoint dataloader_drop_last timers.*
      zero_allow_untested_optimizer zero_force_ds_cpu_optimizer aio.* prescale_gradients gradient_predivide_factor
      gradient_allreduce_op disable_allgather seed autotuning.* autotuning vocabulary_size use_node_local_storage
      use_data_before_expert_parallelism amp.* disable_python_gc data_types.* graph_harvesting
      zero_optimization.allgather_partitions zero_optimization.allgather_bucket_size
      zero_optimization.stage3_prefetch_bucket_size zero_optimization.prefetch_bucket_size
      zero_optimization.stage3_param_persistence_threshold zero_optimization.param_persistence_threshold
      zero_optimization.stage3_model_persistence_threshold zero_optimization.load_from_fp32_weights
      zero_optimization.stage3_gather_16bit_weights_on_model_save
      zero_optimization.stage3_gather_fp16_weights_on_model_save
      zero_optimization.gather_16bit_weights_on_model_save zero_optimization.ignore_unused_parameters
      zero_optimization.elastic_checkpoint zero_optimization.offload_optimizer.buffer_count
      zero_optimization.offload_optimizer.nvme_path zero_optimization.offload_optimizer.fast_init
      zero_optimization.offload_optimizer.buffer_size zero_optimization.offload_optimizer.pipeline
      zero_optimization.offload_optimizer.pipeline_read zero_optimization.offload_optimizer.pipeline_write
      zero_optimization.offload_param.buffer_count zero_optimization.offload_param.buffer_size
      zero_optimization.offload_param.max_in_cpu zero_optimization.offload_param.nvme_path
      zero_optimization.memory_efficient_linear zero_optimization.round_robin_gradients
      zero_optimization.use_multi_rank_bucket_allreduce zero_optimization.parameter_alignment
      zero_optimization.log_trace_cache_warnings zero_optimization.enable_sanity_checks
      zero_optimization.stage3_module_granularity_threshold zero_optimization.override_module_apply
      zero_optimization.cpu_offload_use_pin_memory zero_optimization.pipeline_loading_checkpoint
      zero_optimization.leaf_module.* zero_optimization.stage3_use_all_reduce_for_fetch_params
      zero_optimization.stage3_allgather_sequential zero_optimization.compute_grad_norm zero_optimization.legacy_stage1
      activation_checkpointing.number_checkpoints activation_checkpointing.contiguous_memory_optimization
      activation_checkpointing.synchronize_checkpoint_boundary activation_checkpointing.profile
      pipeline.partition pipeline.partition_method pipeline.seed_layers
      """,
    concerns: concerns)

  private static let elsewhere = "weights are gathered in fewer bytes or over other links than predicted"

  private static let concerns: [String: LaunchOptionTable.Concern] = [
    "zero_optimization.zero_hpz_partition_size": .init(
      "ZeRO++ keeps a second copy of the weights in each node: \(elsewhere)", unless: "1"),
    "zero_optimization.zero_quantized_weights": .init("ZeRO++: \(elsewhere)"),
    "zero_optimization.zero_quantized_nontrainable_weights": .init("ZeRO++: \(elsewhere)"),
    "zero_optimization.zero_quantized_gradients": .init("ZeRO++: gradients are reduced in fewer bytes than predicted"),
    "zero_optimization.mics_shard_size": .init(
      "MiCS shards in groups: more memory and other collectives", unless: "-1"),
    "zero_optimization.mics_hierarchical_params_gather": .init("MiCS gathers by nodes, which is not modelled"),
    "zero_optimization.contiguous_gradients": .init(
      "without it gradients are reduced where they are: less memory, more fragments", unless: "true"),
    "zero_optimization.reduce_scatter": .init(
      "without it gradients are all-reduced: up to twice the bytes", unless: "true"),
    "zero_optimization.offload_optimizer.super_offload": .init("SuperOffload is not modelled"),
    "zero_optimization.offload_optimizer.cpuadam_cores_perc": .init(
      "cores of the host's step are not modelled", unless: "0.8"),
    "zero_optimization.offload_optimizer.pin_memory": .init("copies of unpinned memory are slower", unless: "true"),
    "zero_optimization.offload_param.pin_memory": .init("copies of unpinned memory are slower", unless: "true"),
    "zero_optimization.zenflow.*": .init("ZenFlow steps beside the device, which is not modelled"),
    "zero_optimization.zenflow": .init("ZenFlow steps beside the device, which is not modelled"),
    "activation_checkpointing.partition_activations": .init(
      "checkpoints are split over tensor-parallel ranks: less memory, more collectives"),
    "activation_checkpointing.cpu_checkpointing": .init(
      "checkpoints in host memory, where the model recomputes with DeepSpeed's own functions: predicted on the device"),
    "optimizer.type": .init(
      "states, communication and step of another optimizer than Adam are not modelled", unless: "adam", "adamw",
      "fusedadam"),
    "communication_data_type": .init("gradients are reduced in other bytes than predicted", unless: "fp16", "bf16"),
    "seq_parallel_communication_data_type": .init("sequence parallelism is not modelled", unless: "fp32"),
    "torch_autocast.enabled": .init("autocast keeps fp32 weights: more memory than predicted"),
    "compile.*": .init("DeepCompile is not modelled"),
    "compile": .init("DeepCompile is not modelled"),
    "elasticity.*": .init("the batch may change with the number of GPUs: predicted as it is written"),
    "curriculum_learning.*": .init("sequences are shorter at first: predicted at full length"),
    "data_efficiency.*": .init("data efficiency is not modelled"),
    "progressive_layer_drop.*": .init("dropped layers are not modelled"),
    "compression_training.*": .init("compression is not modelled"),
    "quantize_training.*": .init("quantization is not modelled"),
    "eigenvalue.*": .init("computing eigenvalues takes time that is not modelled"),
    "sparse_attention.*": .init("attention is predicted whole"),
    "sparse_gradients": .init("embeddings' gradients are reduced in other bytes than predicted"),
    "hybrid_engine.*": .init("generation during training is not modelled"),
    "nebula.*": .init("checkpoints beside training are not modelled"),
    "pipeline.pipe_partitioned": .init("boundaries are split over tensor-parallel ranks"),
    "pipeline.grad_partitioned": .init("boundaries are split over tensor-parallel ranks"),
    "weight_quantization.*": .init("quantization is not modelled"),
    "tensor_parallel.*": .init("AutoTP beyond its degree is not modelled"),
  ]
}
