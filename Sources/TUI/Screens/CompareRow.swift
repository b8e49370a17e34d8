import Engine

/// A row of the Compare pane: one figure or choice of every column.
struct CompareRow: Sendable {
  /// Its title.
  let title: String
  /// The value of a column, which has a plan; the second plan is the one that is shown.
  let value: @Sendable (CompareColumn, ScoredPlan, ScoredPlan?) -> String

  /// The rows of the table: figures first, then choices. Days and money stand there where one column knows them.
  static func rows(of columns: [CompareColumn]) -> [CompareRow] {
    var rows = figures
    if columns.contains(where: { $0.plan?.score.trainingDays != nil }) {
      rows.insert(
        CompareRow(title: "days") { _, plan, _ in plan.score.trainingDays.map { Format.fixed($0, decimals: 1) } ?? "·"
        },
        at: 8)
    }
    if columns.contains(where: { $0.plan?.score.trainingCost != nil }) {
      rows.insert(
        CompareRow(title: "US dollars") { _, plan, _ in plan.score.trainingCost.map(Format.count) ?? "·" }, at: 9)
    }
    return rows + choices
  }

  private static let figures: [CompareRow] = [
    CompareRow(title: "s/iter") { _, plan, _ in seconds(plan) },
    CompareRow(title: "+- s/iter") { _, plan, shown in
      guard let shown, isOfLikeWork(plan, shown) else { return "·" }
      let now = shown.score.iterationSeconds
      return String(Format.stepDifference(plan.score.iterationSeconds - now, reference: now).dropLast(2))
    },
    CompareRow(title: "speed") { _, plan, shown in
      guard let shown, shown.score.tokensPerSecond > 0 else { return "·" }
      return Format.fixed(plan.score.tokensPerSecond / shown.score.tokensPerSecond, decimals: 3) + "×"
    },
    CompareRow(title: "tokens/s") { _, plan, _ in Format.count(plan.score.tokensPerSecond) },
    CompareRow(title: "MFU") { _, plan, _ in Format.percent(plan.score.mfu) },
    CompareRow(title: "bubble") { _, plan, _ in Format.percent(plan.score.bubbleShare) },
    CompareRow(title: "GiB a GPU") { _, plan, _ in Format.gibibytes(plan.score.peakReservedBytes) },
    CompareRow(title: "GiB a host") { _, plan, _ in Format.gibibytes(plan.score.hostBytesPerNode) },
    CompareRow(title: "fits") { _, plan, _ in plan.score.fits ? "yes" : "no" },
  ]

  private static let choices: [CompareRow] = [
    choice("GPUs") { "\(gpus($0))" },
    choice("S stages") { "\($0.plan.stages.count)" },
    choice("G accum") { "\($0.plan.gradientAccumulation)" },
    choice("tp") { range($0.plan.stages.map(\.tensorParallel)) },
    choice("dp") { range($0.plan.stages.map(\.dataParallel)) },
    choice("micro-batch") { range($0.plan.stages.map(\.microBatch)) },
    choice("ZeRO") { range($0.plan.stages.map(\.zero)) },
    choice("recomputed") { scored in
      let stages = scored.plan.stages
      return "\(stages.reduce(0) { $0 + $1.checkpointedLayers })/\(stages.reduce(0) { $0 + $1.layers })"
    },
    choice("offload") { offload($0.plan) },
    choice("SP") { $0.plan.sequenceParallel ? "on" : "off" },
    choice("schedule") { scored in
      scored.plan.interleave > 1 ? "1F1B v \(scored.plan.interleave)" : scored.plan.schedule.rawValue.uppercased()
    },
  ]

  private static func choice(_ title: String, _ value: @escaping @Sendable (ScoredPlan) -> String) -> CompareRow {
    CompareRow(title: title) { _, plan, _ in value(plan) }
  }

  /// Seconds of an iteration, without the unit.
  static func seconds(_ plan: ScoredPlan) -> String {
    String(Format.stepSeconds(plan.score.iterationSeconds).dropLast(2))
  }

  /// Iterations of both train as many tokens: only then does the difference of their times say anything.
  static func isOfLikeWork(_ plan: ScoredPlan, _ other: ScoredPlan) -> Bool {
    func tokens(_ score: PlanScore) -> Double { score.iterationSeconds * score.tokensPerSecond }
    return abs(tokens(plan.score) - tokens(other.score)) <= 1e-6 * tokens(other.score)
  }

  private static func gpus(_ plan: ScoredPlan) -> Int {
    let score = plan.score
    guard score.tokensPerSecondPerGPU > 0 else { return plan.plan.gpuCount }
    return Int(bounded: (score.tokensPerSecond / score.tokensPerSecondPerGPU).rounded())
  }

  /// `2`, or `0-3` where stages differ.
  private static func range(_ values: [Int]) -> String {
    guard let low = values.min(), let high = values.max() else { return "·" }
    return low == high ? "\(low)" : "\(low)-\(high)"
  }

  /// Eighths of weights, gradients, optimizer and activations on the host: `··4·`, `mixed` where stages differ.
  private static func offload(_ plan: Plan) -> String {
    let all = Set(plan.stages.map(\.offload))
    guard let first = all.first, all.count == 1 else { return "mixed" }
    return [first.weights, first.gradients, first.optimizer, first.activations].map { $0 == 0 ? "·" : "\($0)" }.joined()
  }
}
