/// Writes Accelerate's configuration of FSDP2, and the scripts and Trainer arguments beside it.
struct AccelerateExporter: LaunchExporter {
  /// Name of the configuration.
  static let configuration = "accelerate.yaml"

  func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] { TrainerScript.refusals(workload) }

  func files(_ job: LaunchJob) -> [LaunchFile] {
    let header = LaunchHeader.lines(job, launcher: .accelerate)
    let slurm = SlurmScript(
      header: header, name: job.workload.name, nodes: job.nodes, gpusPerNode: job.gpusPerNode, script: "train.sh")
    return [
      LaunchFile(name: Self.configuration, text: Self.text(job, header: header)),
      LaunchFile(name: "train.sh", text: Self.script(job, header: header).text, isExecutable: true),
      LaunchFile(name: "training_arguments.json", text: Self.trainer(job).json),
      LaunchFile(name: "train.slurm", text: slurm.text, isExecutable: true),
    ]
  }

  /// Arguments of Trainer: FSDP recomputes, not the model; gradients are reduced in every micro-batch, as predicted.
  private static func trainer(_ job: LaunchJob) -> TrainerFile {
    var file = TrainerFile(job, recomputes: false)
    file.arguments += [
      ("optim", .text("adamw_torch_fused")),
      ("accelerator_config", .json(#"{"gradient_accumulation_kwargs": {"sync_each_batch": true}}"#)),
    ]
    return file
  }

  private static func script(_ job: LaunchJob, header: [String]) -> LaunchScript {
    var command: [[ShellWord]] = [["accelerate", "launch"], ["--config_file", .text(configuration)]]
    if job.nodes > 1 {
      command += [
        ["--machine_rank", .code(#""${SLURM_NODEID:-${NODE_RANK:-0}}""#)],
        ["--main_process_ip", .code(#""${MASTER_ADDR:-localhost}""#)],
        ["--main_process_port", .code(#""${MASTER_PORT:-29500}""#)],
      ]
    }
    var script = LaunchScript(header: header, command: command + [[.code(#""$PROGRAM""#)]])
    script.marked = TrainerScript.marked(job.workload)
    script.groups = [
      trainer(job).group(
        "TRAINER_ARGS", comment: "Arguments of Hugging Face's Trainer; training_arguments.json has the same.",
        and: TrainerScript.own),
      TrainerScript.program(job.workload),
    ]
    return script
  }

  /// The configuration: sharding, wrapping, recomputation, precision, processes.
  private static func text(_ job: LaunchJob, header: [String]) -> String {
    let stage = job.plan.stages.first
    let recomputes = (stage?.checkpointedLayers ?? 0) > 0
    let layerClass = TransformerLayerClass.name(of: job.workload.model)
    let wrap =
      layerClass.map { ["  fsdp_transformer_layer_cls_to_wrap: \($0)"] } ?? [
        "  # EDIT: the class of your model's layers; without it what the model itself names is wrapped.",
        "  # fsdp_transformer_layer_cls_to_wrap: YourDecoderLayer",
      ]
    let lines =
      header.map(ShellText.comment) + [
        "compute_environment: LOCAL_MACHINE", "debug: false", "distributed_type: FSDP", "downcast_bf16: 'no'",
        "enable_cpu_affinity: false", "fsdp_config:", "  fsdp_version: 2",
        "  # true: ZeRO 3; false: ZeRO 2, weights stay gathered from the forward to the backward.",
        "  fsdp_reshard_after_forward: \((stage?.zero ?? 3) == 3)", "  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP",
      ] + wrap + [
        "  fsdp_activation_checkpointing: \(recomputes)", "  fsdp_cpu_ram_efficient_loading: true",
        "  fsdp_offload_params: false", "  fsdp_state_dict_type: SHARDED_STATE_DICT", "machine_rank: 0",
        "main_training_function: main",
        "mixed_precision: \(job.workload.run.precision == .fp16 ? "fp16" : "bf16")", "num_machines: \(job.nodes)",
        "num_processes: \(job.nodes * job.gpusPerNode)", "rdzv_backend: \(job.nodes > 1 ? "c10d" : "static")",
        "same_network: true", "use_cpu: false",
      ]
    return lines.joined(separator: "\n") + "\n"
  }
}
