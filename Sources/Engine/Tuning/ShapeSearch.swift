import Dispatch
import Synchronization

/// One shape with what the search knows about it.
struct ShapeState {
  /// The solver.
  var solver: ShapeSolver
  /// No plan of the shape is faster, seconds.
  var lowerBound: Double
  /// Its best plan so far, and its objective.
  var best: (plan: Plan, objective: Double)?
  /// The best is the optimum of the shape.
  var isSolved = false
}

/// The search over all shapes of a space (docs/model.md, section 8): a quick pass over few strategies gives a first plan
/// and bounds, then every shape whose bound could still enter the list of the best is solved over all strategies.
///
/// Workers take shapes from the most to the least promising; what is kept does not depend on their number, because a
/// shape is left out only when its bound exceeds the list's final worst.
final class ShapeSearch: Sendable {
  private let workload: Workload
  private let request: TuneRequest
  private let cancel: CancelToken
  private let onEvent: @Sendable (TuneEvent) -> Void
  private let now: @Sendable () -> Double
  private let startSeconds: Double
  private let shared: Mutex<Shared>
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
  }

  /// A search; `startSeconds` is `now()` at the request.
  init(
    workload: Workload, request: TuneRequest, cancel: CancelToken, now: @escaping @Sendable () -> Double,
    onEvent: @escaping @Sendable (TuneEvent) -> Void
  ) {
    self.workload = workload
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

  /// Runs the quick and the full pass; returns early when cancelled or out of time.
  func run() {
    let model = StageModel(workload: workload)
    prepare(model)
    work(quick: true)
    guard !isStopped else { return }
    shared.withLock { state in
      state.queue = Self.order(state.shapes)
      state.progress.done = 0
    }
    work(quick: false)
  }

  /// True when cancelled or past the time limit.
  var isStopped: Bool {
    if cancel.isCancelled { return true }
    guard let limit = request.timeLimitSeconds, elapsed > limit else { return false }
    shared.withLock { $0.timedOut = true }
    return true
  }

  private func prepare(_ model: StageModel) {
    var states: [ShapeState] = []
    for shape in PlanShape.all(workload: workload, space: request.space) {
      if cancel.isCancelled { return }
      let solver = ShapeSolver(shape: shape, model: model, space: request.space)
      guard solver.mayFit else { continue }
      states.append(ShapeState(solver: solver, lowerBound: solver.bounds.lowerBound))
    }
    let found = states
    shared.withLock { state in
      state.shapes = found
      state.progress.total = found.count
      state.queue = Self.order(found)
    }
  }

  /// Most promising last: by the best known objective, else the bound; ties by the fixed order.
  private static func order(_ shapes: [ShapeState]) -> [Int] {
    shapes.indices.sorted { a, b in
      let left = (shapes[a].best == nil ? 1 : 0, shapes[a].best?.objective ?? shapes[a].lowerBound, a)
      let right = (shapes[b].best == nil ? 1 : 0, shapes[b].best?.objective ?? shapes[b].lowerBound, b)
      return left > right
    }
  }

  private func work(quick: Bool) {
    DispatchQueue.concurrentPerform(iterations: max(1, request.threads)) { _ in
      let model = StageModel(workload: workload)
      var grids: [Bool: StrategyGrid] = [:]
      while !isStopped, let index = takeNext(quick: quick) {
        let solver = shared.withLock { $0.shapes[index].solver }
        let isSharded = solver.shape.dataParallel > 1
        let full = grids[isSharded] ?? StrategyGrid(space: request.space, dataParallel: isSharded ? 2 : 1)
        grids[isSharded] = full
        solve(index, solver, model: model, grid: quick ? full.quick : full, quick: quick)
      }
    }
  }

  private func takeNext(quick: Bool) -> Int? {
    shared.withLock { state in
      while let index = state.queue.popLast() {
        let limit = Self.worstListed(state.shapes, count: request.alternatives)
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
    let sorted = shapes.compactMap(\.best?.objective).sorted()
    return sorted.count > count ? sorted[count] : .infinity
  }

  private func solve(_ index: Int, _ solver: ShapeSolver, model: StageModel, grid: StrategyGrid, quick: Bool) {
    let (limit, own) = shared.withLock { state in
      (Self.worstListed(state.shapes, count: request.alternatives), state.shapes[index].best?.objective ?? .infinity)
    }
    var evaluated = 0
    let upperBound = min(limit, own)
    let problem = solver.problem(
      model: model, grid: grid, upperBound: upperBound, cancel: cancel, evaluated: &evaluated)
    let stop = cancel
    let solution = problem.flatMap {
      PipelineSolver.solve(
        $0, upperBound: upperBound.isFinite ? upperBound.nextUp : upperBound, isCancelled: { stop.isCancelled })
    }
    guard !cancel.isCancelled else { return }
    record(index, quick: quick, evaluated: evaluated) { state in
      if let solution, let problem, solution.objective <= own {
        state.best = (solver.plan(solution, of: problem, grid: grid), solution.objective)
      }
      if !quick { state.isSolved = true }
    }
  }

  private func record(_ index: Int, quick: Bool, evaluated: Int, _ change: (inout ShapeState) -> Void) {
    let seconds = elapsed
    var best: (plan: Plan, objective: Double)?
    var isNews = false
    var progress = SearchProgress()
    shared.withLock { state in
      change(&state.shapes[index])
      state.progress.done += 1
      state.progress.configurations += evaluated
      state.progress.seconds = seconds
      best = state.shapes[index].best
      if let best, best.objective < state.announced {
        state.announced = best.objective
        isNews = true
        if state.firstPlanSeconds == nil { state.firstPlanSeconds = seconds }
      }
      progress = state.progress
    }
    announce(best, isNews: isNews, shape: index, progress)
  }

  /// Events go out one at a time, in order.
  private func announce(
    _ best: (plan: Plan, objective: Double)?, isNews: Bool, shape index: Int, _ progress: SearchProgress
  ) {
    events.withLock { last in
      if let best {
        var scorer = PlanScorer(model: StageModel(workload: workload))
        if let scored = try? scorer.score(best.plan) {
          onEvent(.considered([ConsideredPlan(best.plan, scored.score)]))
          if isNews { onEvent(.improved(ScoredPlan(plan: best.plan, score: scored.score))) }
        }
      }
      if progress.seconds - last > 0.05 || progress.done == progress.total {
        last = progress.seconds
        onEvent(.progress(progress))
      }
    }
  }
}

extension ConsideredPlan {
  /// A scored plan as the frontier pane draws it.
  init(_ plan: Plan, _ score: PlanScore) {
    self.init(
      peakReservedBytes: score.peakReservedBytes, closedFormSeconds: score.closedFormSeconds, stages: plan.stages.count,
      gradientAccumulation: plan.gradientAccumulation, tensorParallel: plan.stages.first?.tensorParallel ?? 1)
  }
}
