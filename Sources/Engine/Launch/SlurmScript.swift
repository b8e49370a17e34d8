/// A Slurm job that runs a `LaunchScript` once on each node.
public struct SlurmScript: Sendable {
  /// Lines for people at the top.
  public var header: [String]
  /// Name of the job.
  public var name: String
  /// Nodes.
  public var nodes: Int
  /// GPUs of each.
  public var gpusPerNode: Int
  /// The script that it runs, by its name in the folder from which the job is submitted.
  public var script: String

  /// A job.
  public init(header: [String], name: String, nodes: Int, gpusPerNode: Int, script: String) {
    self.header = header
    self.name = name
    self.nodes = nodes
    self.gpusPerNode = gpusPerNode
    self.script = script
  }

  /// All of its text; submitted with `sbatch` from the folder of the script.
  public var text: String {
    let lines =
      ["#!/usr/bin/env bash"]
      + [
        "#SBATCH --job-name=\(Self.word(name))", "#SBATCH --nodes=\(nodes)", "#SBATCH --ntasks-per-node=1",
        "#SBATCH --gpus-per-node=\(gpusPerNode)", "#SBATCH --exclusive",
        "# EDIT: what your site asks for.", "##SBATCH --partition=", "##SBATCH --account=", "##SBATCH --time=",
      ]
      + header.map(ShellText.comment)
      + [
        "set -euo pipefail", "", "# Slurm copies this file away: the plan's files are where the job was submitted.",
        "cd \"$SLURM_SUBMIT_DIR\"", "", "# All nodes meet at the first one.",
        "MASTER_ADDR=$(scontrol show hostnames \"$SLURM_JOB_NODELIST\" | head -n 1)", "export MASTER_ADDR",
        "export MASTER_PORT=\"${MASTER_PORT:-29500}\"", "",
        "# EDIT: for a container, add its options to srun (--container-image=, --container-mounts=).",
        "srun --kill-on-bad-exit=1 bash \(ShellText.quoted("./" + script)) \"$@\"",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A name of letters, digits, dots, dashes and underscores.
  private static func word(_ text: String) -> String {
    let word = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
    return word.isEmpty ? "brume" : word
  }
}
