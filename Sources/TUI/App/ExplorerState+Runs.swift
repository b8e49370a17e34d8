import Engine

/// The Runs pane: its cursor, and how the choice fares where the hardware is off.
extension ExplorerState {
  /// Moves the cursor of the runs.
  mutating func moveRun(by steps: Int) -> [Effect] {
    let last = max(0, nearRuns.count - 1)
    compare.runRow = max(0, min(last, min(last, compare.runRow) + steps))
    return []
  }

  /// The judgement of the shown plan, as far as one was asked for.
  var judgement: CompareState.Judgement? {
    guard let judgement = compare.judgement, judgement.workload == workload, judgement.plan == shown?.plan else {
      return nil
    }
    return judgement
  }

  /// Judges the shown plan where the hardware is off, against the best plans and those of the frontier.
  mutating func judge() -> [Effect] {
    guard let shown else { return [] }
    var result = search.result ?? TuneResult(status: .feasible)
    let others = bestPlans + search.frontier
    result.best = shown
    result.alternatives = others.filter { $0.plan != shown.plan }
    compare.ticket += 1
    compare.judgement = CompareState.Judgement(
      workload: workload, plan: shown.plan, ticket: compare.ticket, isRunning: true)
    return [.compare(.judge(result, request), ticket: compare.ticket)]
  }

  /// Stops judging.
  mutating func stopJudging() -> [Effect] {
    guard let judgement = compare.judgement, judgement.isRunning else { return [] }
    compare.judgement = nil
    return [.compare(.stopJudging, ticket: judgement.ticket)]
  }
}
