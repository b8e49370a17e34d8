import Synchronization

/// Tunes and scores one workload, keeping what it has computed (design: streaming, anytime, cancellable).
///
/// All members may be called from any thread; a search runs on the calling thread and its own workers.
public final class TuningSession: Sendable {
  /// The question.
  public let workload: Workload
  let now: @Sendable () -> Double
  let memory: SessionMemory
  private let scorer: Mutex<PlanScorer>

  /// A session; `now` gives seconds from any fixed moment (the engine itself reads no clock).
  public convenience init(workload: Workload, now: @escaping @Sendable () -> Double) {
    self.init(workload: workload, memory: SessionMemory(), now: now)
  }

  private init(workload: Workload, memory: SessionMemory, now: @escaping @Sendable () -> Double) {
    self.workload = workload
    self.memory = memory
    self.now = now
    scorer = Mutex(PlanScorer(model: StageModel(workload: workload)))
  }

  /// A session of an edited workload that goes on with what this one found, as far as it still holds.
  ///
  /// Another batch, other memory limits or another number of nodes leave the cost of a stage as it is; another model,
  /// sequence, precision, runtime or kind of machine does not. Answers are those of a new session.
  public func edited(_ workload: Workload) -> TuningSession {
    let isSame = Self.basis(workload) == Self.basis(self.workload)
    let memory =
      workload == self.workload ? memory : SessionMemory(frontiers: isSame ? memory.frontiers : FrontierMemory())
    return TuningSession(workload: workload, memory: memory, now: now)
  }

  /// What the frontier of a stage depends on, beside its own key in `FrontierMemory`.
  private static func basis(_ workload: Workload) -> Workload {
    var basis = workload
    basis.name = ""
    basis.limits = Limits()
    basis.run.globalBatch = 1
    basis.run.trainingTokens = nil
    basis.cluster.nodes = 1
    return basis
  }

  /// Searches the space; events stream to `onEvent`, the answer is returned.
  public func tune(
    _ request: TuneRequest, cancel: CancelToken = CancelToken(),
    onEvent: @escaping @Sendable (TuneEvent) -> Void = { _ in }
  ) -> TuneResult {
    answer(request, cancel: cancel, explains: true, onEvent: onEvent)
  }

  /// The answer of `tune`; without the reasons where nothing fits, unless `explains`.
  func answer(
    _ request: TuneRequest, cancel: CancelToken, explains: Bool,
    onEvent: @escaping @Sendable (TuneEvent) -> Void = { _ in }
  ) -> TuneResult {
    guard request.pins.holdsStageCount else { return search(request, cancel, explains, onEvent) }
    let start = now()
    func limited(_ some: TuneRequest) -> TuneRequest {
      var rest = some
      rest.timeLimitSeconds = request.timeLimitSeconds.map { $0 - (now() - start) }
      return rest
    }
    guard let held = holdingStageCount(request, cancel) else {
      return search(limited(request), cancel, explains, onEvent)
    }
    var result = search(limited(held.request), cancel, false, onEvent)
    var note = held.note
    if result.status == .infeasible {
      // The number is held for convenience: it must not be what makes the pins impossible.
      result = search(limited(request), cancel, explains, onEvent)
      guard let stages = result.best?.plan.stages.count else { return result }
      result = search(limited(request.holding(stages: stages)), cancel, explains, onEvent)
      note =
        "the pins on numbered stages hold the number of stages: \(stages), that of the best plan that keeps them; "
        + "pin stages to choose another"
    }
    result.notes.insert(note, at: 0)
    return result
  }

  private func search(
    _ request: TuneRequest, _ cancel: CancelToken, _ explains: Bool,
    _ onEvent: @escaping @Sendable (TuneEvent) -> Void
  ) -> TuneResult {
    let search = ShapeSearch(
      workload: workload, request: request, cancel: cancel, memory: memory, now: now, onEvent: onEvent)
    search.run()
    return TuneReport(
      workload: workload, request: search.request, search: search, cancel: cancel, explains: explains
    ).result()
  }

  /// The request with the number of stages of the optimum without its pins on numbered stages: that of the optimum
  /// among plans with as many stages as they name, where the former has fewer. Nil where there is no such optimum.
  private func holdingStageCount(_ request: TuneRequest, _ cancel: CancelToken) -> (request: TuneRequest, note: String)?
  {
    let named = request.pins.lastNamedStage
    var base = request
    (base.alternatives, base.certify) = (0, false)
    for least in [1, named] {
      base.pins = request.pins.withoutNamedStages
      if least > 1 { base.pins.pins.append(Pin(.stages, PinValues([least...1_000_000]))) }
      let search = ShapeSearch(workload: workload, request: base, cancel: cancel, memory: memory, now: now) { _ in }
      search.run()
      guard let stages = search.outcome.best?.plan.stages.count else { break }
      guard stages >= named else { continue }
      let note =
        "the pins on numbered stages hold the number of stages: \(stages), that of the optimum "
        + (least > 1 ? "with \(named) stages or more" : "without them") + "; pin stages to choose another"
      return (request.holding(stages: stages), note)
    }
    return nil
  }

  /// The memory-time frontier: the best plan at falling memory budgets, from the workload's own down to nothing fits.
  ///
  /// Each point is an optimum of the closed form at its budget, and budgets fall by at least 1/steps of the device;
  /// points come in falling order of memory, also as `TuneEvent.frontierPoint`.
  public func frontier(
    _ request: TuneRequest, steps: Int = 24, cancel: CancelToken = CancelToken(),
    onEvent: @escaping @Sendable (TuneEvent) -> Void = { _ in }
  ) -> [FrontierPoint] {
    var request = request
    if request.pins.holdsStageCount {
      request = holdingStageCount(request, cancel)?.request ?? request
    }
    request.alternatives = 0
    request.certify = false
    var budget = workload
    var known: [PlanShape: ShapeState] = [:]
    var points: [FrontierPoint] = []
    while budget.limits.memoryShare > 0, !cancel.isCancelled {
      let step = SessionMemory(frontiers: memory.frontiers)
      let search = ShapeSearch(workload: budget, request: request, cancel: cancel, memory: step, now: now) { event in
        if case .considered = event { onEvent(event) }
      }
      search.run(known: known)
      let outcome = search.outcome
      guard let best = outcome.best, !cancel.isCancelled else { break }
      // What is spare is told against the workload's own limits, not against the budget of this step.
      let measured = ScoredPlan(plan: best.plan, score: (try? score(best.plan)) ?? best.score)
      let point = FrontierPoint(memoryShare: budget.limits.memoryShare, best: measured)
      points.append(point)
      onEvent(.frontierPoint(point))
      for state in outcome.shapes { known[state.solver.shape] = state }
      budget.limits.memoryShare = Self.nextShare(budget.limits.memoryShare, below: best, steps: steps)
    }
    return points
  }

  /// The next budget: a step down, and below what the last plan uses.
  private static func nextShare(_ share: Double, below plan: ScoredPlan, steps: Int) -> Double {
    let used =
      plan.score.stages.map { stage in
        (stage.memory.reserved + stage.memory.context + stage.memory.headroom) / stage.memory.capacity
      }.max() ?? share
    return min(share - 1 / Double(max(1, steps)), used * (1 - 1e-9))
  }

  /// Scores a plan of this workload.
  ///
  /// Throws `PlanError` when the plan breaks a rule of the space (layers that do not add up, meshes that do not tile).
  public func score(_ plan: Plan) throws(PlanError) -> PlanScore {
    try withScorer { scorer throws(PlanError) in try scorer.score(plan) }
  }

  /// The simulated schedule of a plan, with its passes layer by layer.
  public func timeline(_ plan: Plan) throws(PlanError) -> Timeline {
    try evaluate(plan, withLayers: true).timeline
  }

  /// The score of a plan and its simulated schedule, of one simulation; `withLayers` with its passes layer by layer.
  public func evaluate(
    _ plan: Plan, withLayers: Bool = false
  ) throws(PlanError) -> (score: PlanScore, timeline: Timeline) {
    try withScorer { scorer throws(PlanError) in
      var found = try scorer.evaluate(plan)
      if withLayers { found.timeline = found.timeline.with(layers: scorer.layers(plan)) }
      return found
    }
  }

  /// Uses the scorer, which one thread has at a time.
  func withScorer<Found: Sendable>(
    _ use: (inout PlanScorer) throws(PlanError) -> Found
  ) throws(PlanError) -> Found {
    let result: Result<Found, PlanError> = scorer.withLock { scorer in
      do throws(PlanError) {
        return .success(try use(&scorer))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
