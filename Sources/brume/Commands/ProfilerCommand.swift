import ArgumentParser
import Engine

/// `brume profiler`: the script that measures a cluster, for `brume calibrate`.
struct ProfilerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiler",
    abstract: "Print the Python script that measures a cluster: one file, which needs PyTorch and nothing else.",
    discussion: """
      brume profiler > profile.py                                    save it, then
      torchrun --nproc-per-node 8 profile.py --out points.jsonl      on one node
      torchrun --nnodes 2 ... profile.py --out points.jsonl          on each of two
      brume profiler | python3 - --out points.jsonl                  without torchrun
      brume profiler | python3 - --list --nodes 2                    what it measures
      brume profiler | python3 - --dry-run                           without a GPU
      `brume calibrate` reads the points; docs/profiler.md says more.
      """)

  /// Where the script stands among the shipped files.
  static let script = "samples/profiler/profiler.py"

  func run() {
    Console.write(ShippedFiles.text(Self.script) ?? "")
  }
}
