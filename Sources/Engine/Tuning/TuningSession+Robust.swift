extension TuningSession {
  /// How the plans of an answer fare where the hardware is off by its error bars; nil without a plan, and when cancelled.
  ///
  /// Judged are the chosen plan, the alternatives, and the best plan that leaves free what reserved memory may be off by.
  /// - Parameter request: what was asked; its alternatives are the plans to judge.
  public func robust(
    _ result: TuneResult, request: TuneRequest, cancel: CancelToken = CancelToken(), records: RunRecords = .shipped
  ) -> RobustReport? {
    guard let chosen = result.best else { return nil }
    let analysis = RobustAnalysis(workload: workload, records: records, cancel: cancel)
    var plans = [chosen]
    let question = analysis.roomier(than: chosen)
    var quiet = request
    quiet.alternatives = 0
    quiet.certify = false
    let search = ShapeSearch(workload: question, request: quiet, cancel: cancel, now: now) { _ in }
    search.run()
    let roomy = TuneReport(workload: question, request: quiet, search: search, cancel: cancel, explains: false).result()
    if let plan = roomy.best?.plan, let score = try? score(plan) { plans.append(ScoredPlan(plan: plan, score: score)) }
    return analysis.report(plans + result.alternatives)
  }
}
