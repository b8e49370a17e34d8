/// Writes plans for torchtitan: a Python module that its `--module` names, a script that runs it, and a Slurm job.
///
/// The format is that of release 0.3: a function that returns `Trainer.Config`, of torchtitan's own classes.
struct TorchtitanExporter: LaunchExporter {
  /// Name of the script.
  static let script = "train.sh"

  var schedules: Set<PipelineSchedule> { [.oneForwardOneBackward, .gpipe, .zeroBubble] }

  func files(_ job: LaunchJob) -> [LaunchFile] {
    let header = LaunchHeader.lines(job, launcher: .torchtitan)
    let registry = TorchtitanRegistry(job: job)
    let slurm = SlurmScript(
      header: header, name: job.workload.name, nodes: job.nodes, gpusPerNode: job.gpusPerNode, script: Self.script)
    return [
      LaunchFile(name: TorchtitanRegistry.module + ".py", text: registry.text),
      LaunchFile(name: Self.script, text: script(job, header: header).text, isExecutable: true),
      LaunchFile(name: "train.slurm", text: slurm.text),
    ]
  }

  private func script(_ job: LaunchJob, header: [String]) -> LaunchScript {
    // The module lies beside the script.
    let command =
      [["env", .code(#""PYTHONPATH=$(dirname -- "$0")${PYTHONPATH:+:$PYTHONPATH}""#)]]
      + LaunchScript.torchrun(nodes: job.nodes, gpusPerNode: job.gpusPerNode, program: ["-m", "torchtitan.train"])
    var script = LaunchScript(header: header + ["For torchtitan 0.3.", ""], command: command)
    script.marked = [
      LaunchScript.Variable(
        "HF_ASSETS_PATH", "./assets/hf/\(job.workload.model.name)", why: "The folder of the tokenizer."),
      LaunchScript.Variable(
        "DATASET", "c4", why: "A data set that torchtitan knows; --dataloader.dataset_path says where it lies."),
      LaunchScript.Variable("DUMP_FOLDER", "./outputs", why: "The folder of logs and checkpoints."),
      LaunchScript.Variable("STEPS", "\(job.steps)", why: "Optimizer steps."),
    ]
    script.environment = [
      LaunchScript.Variable(
        "PYTORCH_ALLOC_CONF", "expandable_segments:True", why: "As torchtitan's own run_train.sh: less fragmentation.")
    ]
    script.groups = [
      LaunchScript.Group(
        "CONFIG_ARGS", comment: "The plan: a function in \(TorchtitanRegistry.module).py.",
        [["--module", .text(TorchtitanRegistry.module)], ["--config", .text(TorchtitanRegistry.function)]]),
      LaunchScript.Group(
        "PLACE_ARGS", comment: "What only you know.",
        [
          ["--hf_assets_path", .code(#""$HF_ASSETS_PATH""#)], ["--dataloader.dataset", .code(#""$DATASET""#)],
          ["--dump_folder", .code(#""$DUMP_FOLDER""#)], ["--training.steps", .code(#""$STEPS""#)],
        ]),
    ]
    return script
  }
}

extension LaunchJob {
  /// Optimizer steps of the whole training where its tokens are known, else 1,000.
  fileprivate var steps: Int {
    let perStep = Double(workload.run.globalBatch) * Double(workload.run.sequenceLength)
    guard let tokens = workload.run.trainingTokens, perStep > 0 else { return 1000 }
    return Int(min(1e12, max(1, (tokens / perStep).rounded(.up))))
  }
}
