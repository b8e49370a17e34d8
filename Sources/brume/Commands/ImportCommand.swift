import ArgumentParser
import Engine
import Foundation

/// `brume import`: what people run today as a plan, its score, and what to change first.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Score a launcher's own configuration, and say what to change first.",
    discussion: """
      FILE is a script or a configuration; nothing in it is run. Unknown options are listed. Then follow the changes that \
      gain most, one at a time, up to the best plan that the launcher can run.
      """)

  @Argument(help: "A launch script or a configuration, or - for standard input.")
  var file: String

  @Option(help: LauncherName.help)
  var from: LauncherName

  @Option(help: ArgumentHelp("Nodes x GPUs x kind (see `brume clusters`), as in 4x8xl4.", valueName: "spec"))
  var cluster: String?

  @Option(
    help: ArgumentHelp(
      "A model (see `brume models`) or the path of a config.json, where the files do not say it.", valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("Tokens of one sample, where the files do not say it.", valueName: "tokens"))
  var sequence: Int?

  @Option(help: ArgumentHelp("Samples of one optimizer step, where the files do not say it.", valueName: "samples"))
  var batch: Int?

  @Option(help: ArgumentHelp("Samples of one micro-batch, where the files do not say it.", valueName: "samples"))
  var microBatch: Int?

  @Option(help: ArgumentHelp("Save the plan to this file.", valueName: "plan"))
  var out: String?

  @Flag(help: "Replace the file of --out if it exists.")
  var force = false

  @Flag(help: "Only score: do not look for what to change.")
  var noLadder = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    for (name, value) in [("--sequence", sequence), ("--batch", batch), ("--micro-batch", microBatch)] {
      if let value, !(1...100_000_000).contains(value) {
        throw ValidationError("\(name) must be a whole number from 1 to 100000000")
      }
    }
  }

  func run() throws {
    let text = try file == "-" ? StandardInput.text() : LaunchText.read(file)
    if let out { try AtomicFile.check(out, overwrite: force) }
    var context = LaunchContext(
      file: file == "-" ? "stdin" : file, folder: file == "-" ? nil : PathText.folder(of: file),
      cluster: cluster, model: model, sequence: sequence, batch: batch)
    context.microBatch = microBatch
    let launcher = from.launcher
    var found = try Launcher.read(text, as: launcher, context).found
    found.workload = OwnRuns.current.runs.adjusted(found.workload)
    let clock = MonotonicClock()
    let interrupt = Interrupt()
    let session = TuningSession(workload: found.workload) { clock.seconds }
    let scored = ScoredPlan(plan: found.plan, score: try session.score(found.plan))
    var ladder: LaunchLadder?
    if !noLadder {
      let search = LadderSearch(
        workload: found.workload, launcher: launcher, threads: SearchOptions.allThreads, cancel: interrupt.token
      ) { clock.seconds }
      ladder = try search.ladder(from: found.plan)
    }
    if let out {
      try PlanFile(workload: found.workload, scored: scored).write(to: out, overwrite: force)
      Console.warn("saved \(out)")
    }
    let output = ImportOutput(
      launcher: launcher, found: found, scored: scored, ladder: ladder, records: OwnRuns.current.records)
    if json {
      Console.write(JSONWriter().text(output.value) + "\n")
    } else {
      Console.write(lines: output.lines)
    }
  }
}
