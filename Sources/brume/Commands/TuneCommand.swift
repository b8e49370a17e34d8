import ArgumentParser
import Engine

/// `brume tune`: the best plan of a space, as text, JSON or a plan file.
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Find the best plan for a workload.",
    discussion: "Ctrl-C ends the search and prints the best plan so far.")

  @OptionGroup var input: WorkloadOptions
  @OptionGroup var search: SearchOptions

  @Flag(help: "Let GLPK prove the result: objective, bound, gap, and what they cover.")
  var certify = false

  @Flag(help: "Judge the best plans on hardware that is off by its error bars; name the one that loses the least.")
  var robust = false

  @Option(help: ArgumentHelp("How many alternatives to list.", valueName: "k"))
  var top = 5

  @Option(help: ArgumentHelp("Save the plan to this file.", valueName: "plan"))
  var out: String?

  @Flag(help: "Replace the file of --out if it exists.")
  var force = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (0...1000).contains(top) else { throw ValidationError("--top must be 0 to 1000") }
  }

  func run() throws {
    let asked = try search.limited(input.load())
    // A name that is taken is told before the search, not after it.
    if let out { try AtomicFile.check(out, overwrite: force) }
    let clock = MonotonicClock()
    let interrupt = Interrupt()
    let progress = ProgressLine(clock: clock)
    let sweep = FrontierSweep(
      workload: asked, request: try search.request(for: asked), cancel: interrupt.token, now: { clock.seconds },
      onEvent: { progress.show($0) })
    let workload = sweep.bestBatch() ?? asked
    let session = TuningSession(workload: workload) { clock.seconds }
    let request = try search.request(
      for: workload, certify: certify, alternatives: robust ? max(top, RobustAnalysis.mostCandidates) : top)
    var result = session.tune(request, cancel: interrupt.token) { progress.show($0) }
    if asked != workload {
      let choices = asked.run.batchChoices.map(String.init).joined(separator: ", ")
      result.notes.append("batch \(workload.run.globalBatch): the most tokens per second of \(choices)")
    }
    let judged =
      robust
      ? session.robust(
        result, request: request, cancel: interrupt.token, records: OwnRuns.current.records) : nil
    result.keepAlternatives(top)
    progress.clear()
    // First the file: whoever reads the text may go before its end, and that ends the program.
    try save(result, workload: workload)
    print(result, robust: judged, workload: workload)
    if let out, result.best != nil { Console.warn("saved \(out)") }
    try Self.finish(result)
  }

  /// Writes the plan to the file of `--out`.
  private func save(_ result: TuneResult, workload: Workload) throws {
    guard let out, let best = result.best else { return }
    let file = PlanFile(
      workload: workload, scored: best, pins: result.pins, space: search.spaceName(for: workload),
      status: result.status)
    try file.write(to: out, overwrite: force)
  }

  /// Prints the answer.
  private func print(_ result: TuneResult, robust: RobustReport?, workload: Workload) {
    let report = Report(
      question: workload, workload: WorkloadJSON.value(workload), status: result.status, scored: result.best,
      context: PlanJSON.Context(
        runtime: workload.run.runtime, space: search.spaceName(for: workload), pins: result.pins.texts),
      notes: Notes.standard(for: workload, score: result.best?.score) + result.notes, records: OwnRuns.current.records)
    if json {
      Console.write(JSONWriter().text(ResultJSON.tuned(report, result: result, robust: robust)) + "\n")
    } else {
      Console.write(lines: ResultText.tuned(report, result: result, robust: robust))
    }
  }

  /// Ends with the exit code of the answer.
  private static func finish(_ result: TuneResult) throws {
    switch result.status {
    case .optimal, .feasible: break
    case .infeasible: throw ExitStatus.noPlan.exit
    case .cancelled: throw ExitStatus.cancelled.exit
    }
  }
}
