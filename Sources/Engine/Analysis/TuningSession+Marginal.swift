extension TuningSession {
  /// What one more unit of each scarce resource buys, from a search of its own for each (`ResourceStep.all`).
  ///
  /// Values come in the order of the steps, as they are found. The request is that of both searches: its pins and its
  /// space hold in all of them. A cancelled call returns the values that it has.
  ///
  /// Complexity: a search a step; those of other numbers of nodes go on with what the session knows.
  public func marginalValues(
    _ request: TuneRequest, steps: [ResourceStep]? = nil, cancel: CancelToken = CancelToken(),
    onValue: (MarginalValue) -> Void = { _ in }
  ) -> [MarginalValue] {
    var request = request
    (request.alternatives, request.certify) = (0, false)
    let before = answer(request, cancel: cancel, explains: false)
    var values: [MarginalValue] = []
    for step in steps ?? ResourceStep.all(of: workload.cluster) {
      guard !cancel.isCancelled else { break }
      // A figure beyond what files may hold has no value.
      guard let changed = try? step.changed(workload) else { continue }
      let session = edited(changed)
      let after = session.answer(request, cancel: cancel, explains: false)
      guard !cancel.isCancelled else { break }
      let same = before.best.flatMap { best in try? session.score(best.plan) }
      let value = MarginalValue(
        step: step, set: step.assignments(for: workload.cluster), workload: changed, before: before.best,
        after: after.best, samePlanSeconds: same?.iterationSeconds,
        isProved: Self.isProved(before) && Self.isProved(after))
      values.append(value)
      onValue(value)
    }
    return values
  }

  private static func isProved(_ result: TuneResult) -> Bool {
    result.status == .optimal || result.status == .infeasible
  }
}
