/// Writes plans for Mist's published code: the YAML that its runner reads, and scripts that run it.
///
/// The format is that of github.com/Dazz993/Mist at commit d69e530, the artifact of the paper (EuroSys 2025).
struct MistExporter: LaunchExporter {
  /// Name of the configuration, without its ending: what the runner's `--config-name` says.
  static let config = "mist"
  /// Name of the script.
  static let script = "train.sh"

  func files(_ job: LaunchJob) -> [LaunchFile] {
    let header = LaunchHeader.lines(job, launcher: .mist)
    let slurm = SlurmScript(
      header: header, name: job.workload.name, nodes: job.nodes, gpusPerNode: job.gpusPerNode, script: Self.script)
    return [
      LaunchFile(name: Self.config + ".yaml", text: MistConfig(job: job).text),
      LaunchFile(name: Self.script, text: script(job, header: header).text, isExecutable: true),
      LaunchFile(name: "train.slurm", text: slurm.text),
    ]
  }

  private func script(_ job: LaunchJob, header: [String]) -> LaunchScript {
    var command = LaunchScript.torchrun(
      nodes: job.nodes, gpusPerNode: job.gpusPerNode,
      program: [.code(#""$MIST_HOME/benchmark/mist/exec/benchmark_one_case.py""#)])
    // Hydra reads paths from the folder of the runner unless they are whole.
    command.append(["--config-path", .code(#""$(cd -- "$(dirname -- "$0")" && pwd)""#)])
    command.append(["--config-name", .text(Self.config)])
    var script = LaunchScript(
      header: header + ["For github.com/Dazz993/Mist at d69e530, which measures steps on made-up tokens.", ""],
      command: command)
    script.marked = [LaunchScript.Variable("MIST_HOME", "/workspace", why: "The folder of Mist's repository.")]
    script.environment = [
      LaunchScript.Variable(
        "NCCL_ASYNC_ERROR_HANDLING", "1", why: "As Mist's own scripts: a rank that fails ends the others.")
    ]
    return script
  }
}
