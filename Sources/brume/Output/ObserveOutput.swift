import Engine

/// A run beside its prediction, before it is observed and after.
struct Observation {
  /// The run.
  let run: ObservedRun
  /// What was known before.
  let before: OwnRuns
  /// What is known with it.
  let after: OwnRuns

  /// The run, and what its table says without it and with it.
  init(run: ObservedRun, before: OwnRuns, table: ObservedTable) {
    self.run = run
    self.before = before
    var table = table
    table.append(run)
    after = OwnRuns(path: before.path, table: table)
  }

  /// A prediction with its error bars.
  struct Prediction {
    /// The score.
    var score: PlanScore
    /// How far it is to be trusted.
    var confidence: PlanConfidence
  }

  /// The prediction by what is known.
  func prediction(_ known: OwnRuns) throws -> Prediction {
    let workload = known.runs.adjusted(run.workload)
    let score = try TuningSession(workload: workload) { 0 }.score(run.plan)
    return Prediction(
      score: score,
      confidence: PlanConfidence(workload: workload, plan: run.plan, score: score, records: known.records))
  }
}

/// What `brume observe` prints of a run.
struct ObserveOutput {
  private let observation: Observation
  private let path: String
  private let before: Observation.Prediction
  private let after: Observation.Prediction

  /// Scores the run's plan before and after; throws where it breaks a rule.
  init(_ observation: Observation, path: String) throws {
    self.observation = observation
    self.path = path
    before = try observation.prediction(observation.before)
    after = try observation.prediction(observation.after)
  }

  private var run: ObservedRun { observation.run }
  private var group: ObservedRuns.Group? { observation.after.runs.group(of: run.workload.cluster.nodeType) }

  /// A run may be off by this factor from its prediction; beyond, it is another plan, or not seconds.
  private static let mostOff = 3.0

  /// Throws where the run cannot be one of this plan: far beyond the prediction, or with more memory than there is.
  func check(source: String) throws {
    let predicted = before.score.iterationSeconds
    guard (1 / Self.mostOff...Self.mostOff).contains(run.seconds / predicted) else {
      throw InputError.value(
        at: InputPlace(file: source), found: "\(Decimals.significant(run.seconds, 4)) s an iteration",
        expected:
          "between a third and three times the \(Decimals.significant(predicted, 4)) s that are predicted of this "
          + "plan: beyond that it is another plan, another unit, or another machine")
    }
    let capacity = run.workload.cluster.nodeType.gpu.memoryBytes.value
    guard let most = run.memory.map(\.bytes).max(), most > 1.1 * capacity else { return }
    throw InputError.value(
      at: InputPlace(file: source == "--iteration-seconds" ? "--stage-memory" : source),
      found: "\(Decimals.gibibytes(most)) GiB",
      expected: "at most the \(Decimals.gibibytes(capacity)) GiB that a GPU has")
  }

  private var isFar: Bool {
    ObservedRun.isOutlier(measured: run.seconds, predicted: before.score.iterationSeconds)
  }

  // MARK: Text

  /// All but the last line.
  var lines: [String] {
    var lines = [ResultText.heading(run.workload)]
    if let origin = run.origin { lines.append("from a \(origin)") }
    lines.append("")
    var table = TextTable([("", .left), ("measured", .right), ("predicted", .right), ("with this run", .right)])
    let seconds = { (value: Double) in Decimals.significant(value, 4) + " s" }
    table.add([
      "iteration", seconds(run.seconds),
      Self.beside(before.score.iterationSeconds, run.seconds, seconds),
      Self.beside(after.score.iterationSeconds, run.seconds, seconds),
    ])
    for amount in run.memory {
      guard let old = amount.predicted(before.score), let new = amount.predicted(after.score) else { continue }
      let bytes = { (value: Double) in Decimals.gibibytes(value) + " GiB" }
      table.add([
        (amount.stage.map { "stage \($0 + 1) " } ?? "fullest GPU ") + amount.kind.rawValue, bytes(amount.bytes),
        Self.beside(old, amount.bytes, bytes), Self.beside(new, amount.bytes, bytes),
      ])
    }
    lines += table.lines() + [""]
    lines.append("error bar before  " + Self.bar(before.confidence.seconds))
    lines.append("error bar after   " + Self.bar(after.confidence.seconds))
    if isFar {
      lines += [
        "",
        "this run is more than 30 % off: is it the plan that ran, on GPUs that were not throttled or shared? It moves",
        "figures only as far as other runs say the same",
      ]
    }
    return lines + [""] + (group.map(ObserveListOutput.verdicts) ?? [])
  }

  /// The last line: what became of it.
  func ending(isTaken: Bool, dryRun: Bool) -> String {
    if dryRun { return "nothing is changed (--dry-run)" }
    guard isTaken else { return "not taken: nothing is changed" }
    return "taken as \(run.id) into \(SessionFolder.short(path)); brume observe --undo takes it back"
  }

  private static func beside(_ predicted: Double, _ measured: Double, _ text: (Double) -> String) -> String {
    let error = predicted / measured - 1
    return "\(text(predicted)) (\(error < 0 ? "" : "+")\(Decimals.percent(error)) %)"
  }

  private static func bar(_ range: PlanConfidence.Range) -> String {
    guard let low = range.low, let high = range.high else { return range.from }
    return "\(Decimals.significant(low, 4)) to \(Decimals.significant(high, 4)) s, from \(range.from)"
  }

  // MARK: JSON

  /// The document (docs/formats.md).
  func document(isTaken: Bool) -> JSONValue {
    [
      "format": "brume/1", "taken": .bool(isTaken), "table": .string(path), "run": ObserveListOutput.value(run),
      "before": Self.value(before, run), "after": Self.value(after, run), "isFar": .bool(isFar),
      "figures": group.map(ObserveListOutput.value) ?? .null,
    ]
  }

  private static func value(_ prediction: Observation.Prediction, _ run: ObservedRun) -> JSONValue {
    let bar = prediction.confidence.seconds
    return [
      "iterationSeconds": .number(prediction.score.iterationSeconds),
      "error": .number(prediction.score.iterationSeconds / run.seconds - 1),
      "errorBar": ["low": .optional(bar.low), "high": .optional(bar.high), "from": .string(bar.from)],
      "memory": .array(
        run.memory.map { amount in
          let predicted = amount.predicted(prediction.score)
          return [
            "kind": .string(amount.kind.rawValue), "stage": amount.stage.map { .int($0 + 1) } ?? .null,
            "measuredBytes": .number(amount.bytes), "predictedBytes": .optional(predicted),
            "error": .optional(predicted.map { $0 / amount.bytes - 1 }),
          ]
        }),
    ]
  }
}
