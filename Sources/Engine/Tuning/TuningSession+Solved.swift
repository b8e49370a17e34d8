extension TuningSession {
  /// The best plan of a request that has a value in a cell: the rest is solved again, other pins held.
  ///
  /// The number of stages stays that of `plan` where pins name stages by their numbers. Nil where nothing fits, and when
  /// cancelled before a plan was found. Complexity: a search.
  public func solved(
    _ cell: PlanCell, at value: Int, near plan: Plan, request: TuneRequest, cancel: CancelToken = CancelToken()
  ) -> ScoredPlan? {
    var request = request
    request.pins = request.pins.releasing([cell], of: plan)
    request.pins.pins += cell.pins(value)
    if request.pins.holdsStageCount { request.pins.pins.append(Pin(.stages, PinValues(plan.stages.count))) }
    return best(request, cancel: cancel)
  }
}
