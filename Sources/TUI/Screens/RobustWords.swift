import Engine

/// How the shown plan fares where the hardware is off, in a few lines.
struct RobustWords {
  /// The state that it tells of.
  let state: ExplorerState
  /// Columns of a line.
  let width: Int

  /// The lines; the first is there before anybody has asked.
  var lines: [[Span]] {
    let key = state.keyText("runs.robust")
    guard let judgement = state.judgement else {
      let unmeasured = state.workload.cluster.unmeasured
      guard !unmeasured.isEmpty else {
        return wrapped("where the hardware is off: \(key) says what this plan loses", .muted)
      }
      let kinds = unmeasured.map { "\($0.doubt.rawValue) \($0.provenance.rawValue)" }.joined(separator: ", ")
      return wrapped("not measured here: \(kinds); \(key) says whether the choice hangs on it", .warning)
    }
    guard !judgement.isRunning else { return wrapped("where the hardware is off: judging the plan", .news) }
    guard let report = judgement.report, let chosen = report.candidates.first else {
      return wrapped("where the hardware is off: no plan could be judged", .warning)
    }
    let share = Format.percent(chosen.worstRegret)
    let place =
      report.scenarios.indices.contains(chosen.worstScenario) ? report.scenarios[chosen.worstScenario].name : ""
    let loss =
      chosen.lost > 0
      ? "this plan does not fit in \(chosen.lost) of \(report.scenarios.count) variants; worst with \(place)"
      : chosen.worstRegret > 0
        ? "this plan loses \(share) at worst, with \(place)" : "this plan loses nothing in any variant"
    return wrapped("where the hardware is off: " + loss, chosen.lost > 0 ? .bad : .text)
      + report.reliances.prefix(1).flatMap { wrapped(Self.warning($0), .warning) }
      + wrapped(mostRobust(report), .text) + wrapped(errors(report), .muted)
  }

  /// That the choice hangs on a figure that nobody measured.
  static func warning(_ reliance: HardwareReliance) -> String {
    let loss =
      reliance.regret >= RobustReport.lostRegret ? "it fits no more" : "it loses \(Format.percent(reliance.regret))"
    return
      "the choice hangs on \(reliance.doubt.rawValue), which are \(reliance.provenance.rawValue), not measured: with "
      + "\(reliance.scenario) \(loss)"
  }

  private func mostRobust(_ report: RobustReport) -> String {
    let count = report.candidates.count
    guard report.mostRobust != 0, report.candidates.indices.contains(report.mostRobust) else {
      return count == 1 ? "no other plan is known to judge it against" : "of \(count) plans none loses less at worst"
    }
    let robust = report.candidates[report.mostRobust]
    let fits = robust.lost > 0 ? ", does not fit in \(robust.lost)" : ""
    return "the most robust of \(count): \(FrontierPane.choices(robust.scored.plan)), "
      + "\(Format.stepSeconds(robust.scored.score.iterationSeconds)) as told, loses "
      + "\(Format.percent(robust.worstRegret)) at worst\(fits)"
  }

  private func errors(_ report: RobustReport) -> String {
    "\(report.scenarios.count) variants: measured figures off by up to \(Format.percent(report.measuredError - 1)), "
      + "others \(Format.percent(report.derivedError - 1)), reserved memory \(Format.percent(report.reservedError - 1))"
  }

  private func wrapped(_ text: String, _ role: Role) -> [[Span]] {
    WaitingView.wrapped(text, width: width).map { [Span($0, role)] }
  }
}
