/// Writes DeepSpeed's JSON and the script beside it: of a plain model where data parallelism is all, else of
/// Megatron-DeepSpeed's.
struct DeepSpeedExporter: LaunchExporter {
  /// Name of the JSON file.
  static let configuration = "ds_config.json"

  func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    var found: [LaunchRefusal] = []
    if workload.run.precision == .fp8 {
      found.append(LaunchRefusal(what: "fp8 products", why: "DeepSpeed's configuration has fp16 and bf16"))
    }
    return found
      + (Self.isMegatron(plan) ? MegatronDeepSpeed.refusals(plan, of: workload) : TrainerScript.refusals(workload))
  }

  func files(_ job: LaunchJob) -> [LaunchFile] {
    let header = LaunchHeader.lines(job, launcher: .deepspeed) + DeepSpeedNotes.lines(job)
    let isMegatron = Self.isMegatron(job.plan)
    let script = isMegatron ? MegatronDeepSpeed.script(job, header: header) : Self.script(job, header: header)
    let slurm = SlurmScript(
      header: header, name: job.workload.name, nodes: job.nodes, gpusPerNode: job.gpusPerNode, script: "train.sh")
    return [
      LaunchFile(name: "README.txt", text: DeepSpeedNotes.readme(header, isMegatron: isMegatron)),
      LaunchFile(name: Self.configuration, text: DeepSpeedConfiguration(job, isMegatron: isMegatron).text),
      LaunchFile(name: "train.sh", text: script.text, isExecutable: true),
      LaunchFile(name: "train.slurm", text: slurm.text, isExecutable: true),
    ]
  }

  /// Whether a plan needs Megatron-DeepSpeed's model: layers that are split, staged, or recomputed in part.
  static func isMegatron(_ plan: Plan) -> Bool {
    plan.stages.count > 1
      || plan.stages.contains { $0.tensorParallel > 1 || $0.checkpointedLayers > 0 && $0.recompute != .full }
  }

  /// The ZeRO level that brings a stage's sharding and offload about: one rank has nothing to shard, but its states are
  /// offloaded from level 2 on, and weights and a part of the states at level 3.
  static func level(_ stage: StageChoice) -> Int {
    if stage.offload.weights > 0 || (1..<8).contains(stage.offload.optimizer) { return max(3, stage.zero) }
    return stage.offload.optimizer > 0 ? max(2, stage.zero) : stage.zero
  }

  private static func script(_ job: LaunchJob, header: [String]) -> LaunchScript {
    let recomputes = job.plan.stages.contains { $0.checkpointedLayers > 0 }
    var script = LaunchScript(
      header: header,
      command: LaunchScript.torchrun(
        nodes: job.nodes, gpusPerNode: job.gpusPerNode, program: [.code(#""$PROGRAM""#)]))
    script.marked = TrainerScript.marked(job.workload)
    script.groups = [
      LaunchScript.Group(
        "DEEPSPEED_ARGS", comment: "ZeRO, offload and precision stand in \(configuration).",
        [["--deepspeed", .text(configuration)]]),
      TrainerFile(job, recomputes: recomputes).group(
        "TRAINER_ARGS", comment: "Arguments of Hugging Face's Trainer; they must say what \(configuration) says.",
        and: TrainerScript.own),
      TrainerScript.program(job.workload),
    ]
    return script
  }
}
