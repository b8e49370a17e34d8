extension TuningSession {
  /// The best plan of a request alone: no alternatives, no certificate, and no search for what would fit where nothing does.
  ///
  /// Nil where nothing fits, and when cancelled before a plan was found. Pins must name no stage by its number unless
  /// they hold the number of stages.
  public func best(_ request: TuneRequest, cancel: CancelToken = CancelToken()) -> ScoredPlan? {
    var request = request
    (request.alternatives, request.certify) = (0, false)
    let search = ShapeSearch(
      workload: workload, request: request, cancel: cancel, memory: memory, now: now, onEvent: { _ in })
    search.run()
    return search.outcome.best
  }

  /// The best plan of a space that is a given one but for some choices; nil where none fits.
  ///
  /// A plan that recomputes all layers of all stages goes on doing so, also where layers move between stages.
  func best(
    near plan: Plan, changing free: Set<PlanKnob>, in space: SearchSpace, threads: Int, cancel: CancelToken
  ) -> ScoredPlan? {
    var space = space
    let keepsAll = !free.contains(.checkpointedLayers) && plan.recomputes
    if keepsAll, space.checkpointing == .sameCount, plan.stages.allSatisfy({ $0.checkpointedLayers == $0.layers }) {
      space.checkpointing = .allOrNoneAlike
    }
    var request = TuneRequest(space: space, threads: threads, alternatives: 0)
    request.pins = PlanPins.holding(plan, except: free)
    return best(request, cancel: cancel)
  }
}
