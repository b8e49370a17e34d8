/// What a configuration of Accelerate says, or the options of `accelerate launch` that have the same names.
struct AccelerateFile {
  /// Its keys, nested ones by their own names alone (`fsdp_version`).
  let options: LaunchOptions

  /// Reads a text; options of the command line that names it come after it and so win.
  init(_ text: String, file: String, _ launcher: LaunchOptions = .none) throws(InputError) {
    let mapping = try ConfigNode.parse(text, file: file).anyMapping()
    let own = LaunchOption.all(in: mapping).map { option in
      var option = option
      for group in ["fsdp_config.", "parallelism_config.", "dynamo_config.", "fp8_config."]
      where option.name.hasPrefix(group) {
        let name = String(option.name.dropFirst(group.count))
        let prefix = String(group.dropLast("config.".count))
        // The configuration may leave the prefix out.
        option.name = name.hasPrefix(prefix) ? name : prefix + name
      }
      return option
    }
    options = LaunchOptions(file: file, all: own + launcher.all)
  }

  /// Options of a command line that names no file.
  init(options: LaunchOptions) { self.options = options }

  /// `mixed_precision`; nil where nothing says it.
  var precision: String? {
    get throws(InputError) {
      guard let option = options["mixed_precision"], let text = option.values.first?.value?.lowercased() else {
        return nil
      }
      guard ["no", "fp16", "bf16", "fp8"].contains(text) else {
        throw .value(at: option.place, found: "'\(text)'", expected: "no, fp16, bf16 or fp8")
      }
      return text
    }
  }

  /// Takes over processes, sharding, degrees and recomputation; throws where the run is not FSDP.
  func apply(to run: inout LaunchAssembly) throws(InputError) {
    try checkKind()
    run.place = LaunchPlace.read(options)
    run.zero = try level(&run)
    if try options.flag("fsdp_activation_checkpointing") == true { run.recompute = .full }
    let prefix = "parallelism_config_"
    run.tensorParallel = try options.int(prefix + "tp_size", in: 1...100_000) ?? 1
    run.contextParallel = try options.int(prefix + "cp_size", in: 1...100_000) ?? 1
    if let degree = try options.int(prefix + "sp_size", in: 1...100_000), degree > 1 {
      throw .unsupported(
        at: options[prefix + "sp_size"]?.place ?? run.file,
        what: "sequence parallelism of DeepSpeed (ALST) is not modelled",
        remedy: "import the run without it")
    }
    if run.contextParallel > 1 || run.tensorParallel > 1 {
      run.warnings.append("degrees of parallelism_config lie outside of what the space fsdp searches")
    }
  }

  private func checkKind() throws(InputError) {
    guard let option = options["distributed_type"], let kind = option.values.first?.text, kind != "FSDP" else { return }
    let remedy =
      switch kind {
      case "DEEPSPEED": "import the DeepSpeed JSON that it names (--from deepspeed)"
      case "MEGATRON_LM": "import the arguments of Megatron-LM (--from megatron-lm)"
      default: "set it to FSDP: the runtime fsdp shards at least optimizer states and gradients"
      }
    throw .unsupported(at: option.place, what: "\(kind) is not FSDP", remedy: remedy)
  }

  /// The ZeRO level of the sharding strategy, of either version of FSDP.
  private func level(_ run: inout LaunchAssembly) throws(InputError) -> Int {
    let version = try options.int("fsdp_version", in: 1...2) ?? 1
    let reshard = options["fsdp_reshard_after_forward"]
    if version == 2 {
      if let option = options["fsdp_sharding_strategy"], reshard == nil {
        run.warnings.append("\(option.text): FSDP2 does not read it; predicted as fsdp_reshard_after_forward true")
      }
      return try options.flag("fsdp_reshard_after_forward") == false ? 2 : 3
    }
    let names = ["FULL_SHARD", "SHARD_GRAD_OP", "NO_SHARD", "HYBRID_SHARD", "HYBRID_SHARD_ZERO2"]
    guard let option = options["fsdp_sharding_strategy"] ?? reshard, let text = option.values.first?.text else {
      run.assumed.append("FULL_SHARD: FSDP's default")
      return 3
    }
    let strategy = Int(text).flatMap { (1...names.count).contains($0) ? names[$0 - 1] : nil } ?? text.uppercased()
    switch strategy {
    case "FULL_SHARD": return 3
    case "SHARD_GRAD_OP": return 2
    case "HYBRID_SHARD", "HYBRID_SHARD_ZERO2":
      run.warnings.append(
        "\(option.text): shards inside a node and all-reduces between; predicted as sharded over all GPUs: "
          + "less memory, more traffic between nodes than there will be")
      return strategy == "HYBRID_SHARD" ? 3 : 2
    case "NO_SHARD":
      throw .unsupported(
        at: option.place, what: "NO_SHARD keeps all states on every GPU, which the runtime fsdp does not price",
        remedy: "take FULL_SHARD or SHARD_GRAD_OP")
    default: throw .value(at: option.place, found: "'\(text)'", expected: "one of \(names.joined(separator: ", "))")
    }
  }

  /// What is known of the keys of Accelerate's configuration (1.15).
  static let table = LaunchOptionTable(
    read: """
      distributed_type mixed_precision num_processes num_machines fsdp_version fsdp_reshard_after_forward
      fsdp_sharding_strategy fsdp_activation_checkpointing parallelism_config_tp_size parallelism_config_cp_size
      parallelism_config_sp_size config_file use_fsdp
      """,
    harmless: """
      compute_environment debug downcast_bf16 enable_cpu_affinity machine_rank main_training_function main_process_ip
      main_process_port rdzv_backend rdzv_conf same_network use_cpu gpu_ids tpu_name tpu_zone tpu_env tpu_use_cluster
      tpu_use_sudo tpu_vm command_file commands deepspeed_config megatron_lm_config mpirun_config mpirun_config.*
      fsdp_config parallelism_config dynamo_config fp8_config num_cpu_threads_per_process multi_gpu m module no_python
      fsdp_cpu_ram_efficient_loading fsdp_sync_module_states fsdp_state_dict_type fsdp_use_orig_params
      fsdp_transformer_layer_cls_to_wrap fsdp_min_num_params fsdp_limit_all_gathers fsdp_forward_prefetch
      parallelism_config_dp_shard_size parallelism_config_cp_comm_strategy parallelism_config_cp_backend fp8_backend
      max_restarts monitor_interval quiet log_dir role tee fp16 dynamo_mode dynamo_use_fullgraph dynamo_use_dynamic
      dynamo_use_regional_compilation gradient_accumulation_steps use_parallelism_config
      """,
    concerns: concerns)

  private static let concerns: [String: LaunchOptionTable.Concern] = [
    "fsdp_offload_params": .init(
      "weights, gradients and step on the host are not modelled under FSDP: predicted on the GPU"),
    "fsdp_activation_checkpointing_offload": .init("checkpoints in host memory are not modelled under FSDP"),
    "fsdp_auto_wrap_policy": .init(
      "predicted as sharded layer by layer; other units gather more or less at a time", unless: "transformer_based_wrap"
    ),
    "fsdp_backward_prefetch": .init(
      "predicted with the next gather beside the backward", unless: "backward_pre", "backward_post"),
    "fsdp_ignored_modules": .init("modules that are not sharded take more memory than predicted"),
    "parallelism_config_dp_replicate_size": .init(
      "replicas of the shards (HSDP): more memory, less traffic than predicted for one group", unless: "1"),
    "dynamo_backend": .init("compiled layers have fewer and other kernels than were predicted"),
    "dynamo_config.*": .init("compiled layers have fewer and other kernels than were predicted"),
    "fp8_*": .init("how products are scaled to fp8 is not modelled"),
  ]
}
