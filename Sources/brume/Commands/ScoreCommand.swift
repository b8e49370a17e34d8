import ArgumentParser
import Engine

/// `brume score`: what a plan is worth.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Score a plan: time, throughput, memory of each stage.",
    discussion: "Ends with 1 when the plan does not fit its memory; its figures are printed all the same.")

  @Argument(help: "A plan: a YAML file, the name of a sample, or - for standard input.")
  var plan: String

  @OptionGroup var overrides: OverrideOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let document = try overrides.document(plan)
    guard let file = document.plan else {
      throw InputError.unsupported(
        at: InputPlace(file: plan), what: "this is a workload, not a plan", remedy: "brume tune finds a plan for it")
    }
    let workload = file.workload
    let clock = MonotonicClock()
    let session = TuningSession(workload: workload) { clock.seconds }
    let scored = ScoredPlan(plan: file.plan, score: try session.score(file.plan))
    let fits = scored.score.fits
    let report = Report(
      question: workload, workload: WorkloadJSON.value(workload), status: fits ? .feasible : .infeasible,
      scored: scored,
      context: PlanJSON.Context(
        runtime: workload.run.runtime, space: file.computedWith?.space, pins: file.pins.texts),
      notes: Notes.standard(for: workload, score: scored.score) + Self.changes(since: file, scored.score),
      records: OwnRuns.current.records)
    if json {
      Console.write(JSONWriter().text(ResultJSON.scored(report)) + "\n")
    } else {
      Console.write(lines: ResultText.scored(report))
    }
    if !fits { throw ExitStatus.noPlan.exit }
  }

  /// A remark where the figures saved in the file are no longer those of this engine.
  static func changes(since file: PlanFile, _ score: PlanScore) -> [String] {
    guard let saved = file.predicted, let now = PredictedFigures(finite: score), saved != now else { return [] }
    let engine = file.computedWith.map { " by engine \($0.engine)" } ?? ""
    return [
      "the file was saved with \(Decimals.significant(saved.iterationSeconds, 6)) s per iteration\(engine); "
        + "engine \(EngineVersion.current) predicts \(Decimals.significant(now.iterationSeconds, 6)) s"
    ]
  }
}
