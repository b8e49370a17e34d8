/// What exported files say of DeepSpeed beside the lines that all launchers have.
enum DeepSpeedNotes {
  /// Where this plan differs from what its prediction knows.
  static func lines(_ job: LaunchJob) -> [String] {
    let stage = job.plan.stages.first
    var lines: [String] = []
    if job.workload.run.precision == .bf16, (stage?.zero ?? 0) == 0, job.plan.stages.count > 1 {
      lines += [
        "bf16 at ZeRO 0 in stages: DeepSpeed's BF16_Optimizer shards the optimizer states, which is not predicted, and",
        "keeps the gradients of the micro-batch in work beside the others, 2 B a parameter more than predicted.",
      ]
    }
    if let optimizer = stage?.offload.optimizer, (1..<8).contains(optimizer) {
      lines.append("The share on the host is rounded to whole sub-groups (sub_group_size: about a layer each).")
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  /// JSON has no comments: what `ds_config.json` came from stands in a file beside it.
  static func readme(_ header: [String], isMegatron: Bool) -> String {
    let program =
      isMegatron
      ? [
        "train.sh     starts pretrain_gpt.py of Megatron-DeepSpeed on each node: run it in its folder, or set PROGRAM",
        "             to it. Batches stand both there and in \(DeepSpeedExporter.configuration): change both.",
      ]
      : [
        "train.sh     starts your training program on each node, with the arguments of Hugging Face's Trainer. They",
        "             must say what \(DeepSpeedExporter.configuration) says, or Trainer refuses them. \"auto\" stands for",
        "             Trainer's own values: a program that is not on Trainer needs numbers there.",
      ]
    let lines =
      header + [
        "\(DeepSpeedExporter.configuration)  DeepSpeed's configuration. What it writes out of DeepSpeed's defaults is",
        "             what the prediction assumes.",
      ] + program + ["train.slurm  runs train.sh on each node of a Slurm job: sbatch train.slurm", ""]
    return lines.joined(separator: "\n")
  }
}
