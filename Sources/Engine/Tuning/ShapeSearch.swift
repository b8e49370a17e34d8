import Dispatch
import Synchronization

/// The search over all shapes of a space (docs/model.md, section 8): a quick pass over few strategies gives a first plan
/// and bounds, then every shape whose bound could still enter the list of the best is solved over all strategies.
///
/// Workers take shapes from the most to the least promising; what is kept does not depend on their number, because a
/// shape is left out only when its bound exceeds the list's final worst.
final class ShapeSearch: Sendable {
  let workload: Workload
  /// What is searched: the request in the part of the space that its constraints leave.
  let request: TuneRequest
  let asked: TuneRequest
  /// What earlier searches of the workload found.
  let memory: SessionMemory
  let parts = GridParts()
  let cancel: CancelToken
  private let onEvent: @Sendable (TuneEvent) -> Void
  let now: @Sendable () -> Double
  let startSeconds: Double
  let shared: Mutex<Shared>
  private let events = Mutex<Double>(-1)

  /// What the workers share.
  struct Shared {
    /// Shapes in their fixed order.
    var shapes: [ShapeState] = []
    /// Indices of shapes still to solve, most promising last.
    var queue: [Int] = []
    /// Progress.
    var progress = SearchProgress()
    /// When the first plan was found, seconds from the start.
    var firstPlanSeconds: Double?
    /// Best objective announced.
    var announced = Double.infinity
    /// The time limit was reached.
    var timedOut = false

    /// The best plan of all; of equally good ones of the first shape.
    var best: ScoredPlan? {
      // One of unlike stages is kept only where it beats all others.
      if let plan = unlike?.best { return plan }
      return shapes.compactMap(\.best).min { $0.score.closedFormSeconds < $1.score.closedFormSeconds }
    }

    /// What the search over unlike stages found, where the space has any.
    var unlike: UnlikeSearch.Outcome?
    /// Constants of the settings of all shapes.
    var constants: [StageSetting: StageConstants] = [:]
    /// Shapes from this index on leave nodes idle.
    var firstIdle = Int.max
    /// Only plans with idle nodes that are faster than this are kept: the best one without, seconds.
    var idleLimit = Double.infinity

    /// The objective that a plan of a shape must reach to be listed.
    func limit(_ index: Int, alternatives: Int) -> Double {
      let listed = ShapeSearch.worstListed(shapes, count: alternatives)
      return index < firstIdle ? listed : min(listed, idleLimit)
    }
  }

  /// A search; `startSeconds` is `now()` at the request.
  init(
    workload: Workload, request: TuneRequest, cancel: CancelToken, memory: SessionMemory = SessionMemory(),
    now: @escaping @Sendable () -> Double, onEvent: @escaping @Sendable (TuneEvent) -> Void
  ) {
    self.workload = workload
    self.memory = memory
    asked = request
    var request = request
    request.space = request.constraints.restricting(request.space)
    self.request = request
    self.cancel = cancel
    self.now = now
    self.onEvent = onEvent
    startSeconds = now()
    shared = Mutex(Shared())
  }

  /// What is known after `run`.
  var outcome: Shared { shared.withLock { $0 } }

  /// Seconds since the start.
  var elapsed: Double { now() - startSeconds }

  /// Solves the listed shapes, quickly first and then in the order of what that found; false where it was stopped between.
  func workInTwoPasses() -> Bool {
    work(quick: true)
    guard !isStopped else { return false }
    shared.withLock { state in
      state.queue = Self.order(state.shapes)
      state.progress.done = 0
    }
    work(quick: false)
    return true
  }

  /// Runs the quick and the full pass; returns early when cancelled or out of time.
  func run(known: [PlanShape: ShapeState] = [:]) {
    let worker = memory.worker(workload, request.space)
    prepare(worker.model, known: known)
    memory.giveBack(worker)
    guard workInTwoPasses() else { return }
    searchIdle(known: known)
    if request.isFree { memory.learn(request.space, outcome.shapes) }
    searchUnlike()
  }

  /// True when cancelled or past the time limit.
  var isStopped: Bool {
    if cancel.isCancelled { return true }
    guard let limit = request.timeLimitSeconds, elapsed > limit else { return false }
    shared.withLock { $0.timedOut = true }
    return true
  }

  /// `known` are bounds and plans of an easier request (more memory): they stay bounds, and plans that still fit stay.
  private func prepare(_ model: StageModel, known: [PlanShape: ShapeState]) {
    var states: [ShapeState] = []
    var constants: [StageSetting: StageConstants] = [:]
    let learnt = memory.known(request.space)
    for shape in PlanShape.all(workload: workload, space: request.space) where request.pins.allows(shape) {
      if cancel.isCancelled { return }
      let setting = shape.setting()
      let solver = solver(shape, model, constants[setting])
      constants[setting] = solver.constants
      guard solver.mayFit, solver.canHoldLayers else { continue }
      var state = ShapeState(solver: solver, lowerBound: solver.bounds.lowerBound)
      if let before = known[shape] {
        state.lowerBound = max(state.lowerBound, before.lowerBound)
        state.best = before.best.flatMap { refit($0) }
      }
      apply(learnt[shape], to: &state)
      states.append(state)
    }
    let found = states
    let all = constants
    shared.withLock { state in
      state.shapes = found
      state.constants = all
      state.progress.total = found.count
      state.queue = Self.order(found)
    }
  }

  /// Most promising last: by the best known objective, else the bound; ties by the fixed order.
  static func order(_ shapes: [ShapeState]) -> [Int] {
    shapes.indices.sorted { a, b in
      let left = (shapes[a].best == nil ? 1 : 0, shapes[a].objective ?? shapes[a].lowerBound, a)
      let right = (shapes[b].best == nil ? 1 : 0, shapes[b].objective ?? shapes[b].lowerBound, b)
      return left > right
    }
  }

  func work(quick: Bool) {
    DispatchQueue.concurrentPerform(iterations: max(1, request.threads)) { _ in
      var worker = memory.worker(workload, request.space)
      defer { memory.giveBack(worker) }
      while !isStopped, let index = takeNext() {
        let solver = shared.withLock { $0.shapes[index].solver }
        solve(index, solver, worker: &worker, grid: worker.grid(solver, quick: quick), quick: quick)
      }
    }
  }

  private func takeNext() -> Int? {
    shared.withLock { state in
      while let index = state.queue.popLast() {
        let limit = state.limit(index, alternatives: request.alternatives)
        let isSolved = state.shapes[index].isSolved
        if isSolved || state.shapes[index].lowerBound > limit {
          state.progress.done += 1
          state.progress.ruledOut += 1
          continue
        }
        state.progress.current = state.shapes[index].solver.shape.label
        return index
      }
      return nil
    }
  }

  /// The objective that a plan must reach to be listed: the best plan and `count` alternatives, one a shape.
  static func worstListed(_ shapes: [ShapeState], count: Int) -> Double {
    let sorted = shapes.compactMap(\.objective).sorted()
    return sorted.count > count ? sorted[count] : .infinity
  }

  private func solve(_ index: Int, _ solver: ShapeSolver, worker: inout ShapeWorker, grid: StrategyGrid, quick: Bool) {
    let (limit, own, ceiling) = shared.withLock { state in
      (
        state.limit(index, alternatives: request.alternatives), state.shapes[index].objective ?? .infinity,
        index < state.firstIdle ? .infinity : state.idleLimit
      )
    }
    let upperBound = min(limit, own)
    let found = worker.solve(
      solver, grid: grid, upperBound: upperBound, maximumKinds: request.constraints.maximumKinds, stop: stop)
    guard !cancel.isCancelled else { return }
    // A quick look that finds nothing asks whether there is anything to find.
    let isImpossible = quick && found.plan == nil && upperBound == .infinity && worker.isImpossible(solver)
    // Nodes stay idle only where that is faster, beyond rounding.
    let plan = found.plan.flatMap { $0.score.closedFormSeconds < ceiling * (1 - 1e-9) ? $0 : nil }
    record(index, plan: plan, evaluated: found.evaluated) { state in
      state.isLimited = state.isLimited || found.isLimited
      if let plan, plan.score.closedFormSeconds <= own { state.best = plan }
      if !quick || isImpossible {
        state.isSolved = true
        state.lowerBound = max(state.lowerBound, isImpossible ? .infinity : found.bound)
      }
    }
  }

  private func record(_ index: Int, plan: ScoredPlan?, evaluated: Int, _ change: (inout ShapeState) -> Void) {
    let seconds = elapsed
    // Announcing under the lock of the events keeps their order that of the improvements.
    events.withLock { last in
      var isNews = false
      let progress = shared.withLock { state in
        change(&state.shapes[index])
        state.progress.done += 1
        state.progress.configurations += evaluated
        state.progress.seconds = seconds
        if let plan, plan.score.closedFormSeconds < state.announced {
          state.announced = plan.score.closedFormSeconds
          isNews = true
          if state.firstPlanSeconds == nil { state.firstPlanSeconds = seconds }
        }
        return state.progress
      }
      if let plan {
        onEvent(.considered([ConsideredPlan(plan.plan, plan.score)]))
        if isNews { onEvent(.improved(plan)) }
      }
      if seconds - last > Self.progressInterval || progress.done == progress.total {
        last = seconds
        onEvent(.progress(progress))
      }
    }
  }

  /// Tells of a plan of unlike stages, if it is better than all before.
  func announce(_ plan: ScoredPlan) {
    let seconds = elapsed
    events.withLock { _ in
      let isNews = shared.withLock { state in
        guard plan.score.closedFormSeconds < state.announced else { return false }
        state.announced = plan.score.closedFormSeconds
        if state.firstPlanSeconds == nil { state.firstPlanSeconds = seconds }
        return true
      }
      onEvent(.considered([ConsideredPlan(plan.plan, plan.score)]))
      if isNews { onEvent(.improved(plan)) }
    }
  }

  /// Notes what the search over unlike stages found.
  func record(unlike outcome: UnlikeSearch.Outcome) {
    shared.withLock { state in
      state.unlike = outcome
      state.progress.configurations += outcome.configurations
      state.progress.total += outcome.groups
      state.progress.done += outcome.done
    }
  }

  /// Seconds between progress events.
  private static let progressInterval = 0.05
}

extension ConsideredPlan {
  /// A scored plan as the frontier pane draws it.
  init(_ plan: Plan, _ score: PlanScore) {
    self.init(
      peakReservedBytes: score.peakReservedBytes, closedFormSeconds: score.closedFormSeconds,
      iterationSeconds: score.iterationSeconds, stages: plan.stages.count,
      gradientAccumulation: plan.gradientAccumulation, tensorParallel: plan.stages.first?.tensorParallel ?? 1)
  }
}
