import Dispatch
import Synchronization

/// One shape with what the search knows about it.
struct ShapeState {
  /// The solver.
  var solver: ShapeSolver
  /// No plan of the shape is faster, seconds.
  var lowerBound: Double
  /// Its best plan so far.
  var best: ScoredPlan?
  /// Its best closed form so far, seconds.
  var objective: Double? { best?.score.closedFormSeconds }
  /// The best is the optimum of the shape.
  var isSolved = false
}

/// The search over all shapes of a space (docs/model.md, section 8): a quick pass over few strategies gives a first plan
/// and bounds, then every shape whose bound could still enter the list of the best is solved over all strategies.
///
/// Workers take shapes from the most to the least promising; what is kept does not depend on their number, because a
/// shape is left out only when its bound exceeds the list's final worst.
final class ShapeSearch: Sendable {
  let workload: Workload
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
  func run(known: [PlanShape: ShapeState] = [:]) {
    let model = StageModel(workload: workload)
    prepare(model, known: known)
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

  /// `known` are bounds and plans of an easier request (more memory): they stay bounds, and plans that still fit stay.
  private func prepare(_ model: StageModel, known: [PlanShape: ShapeState]) {
    var states: [ShapeState] = []
    for shape in PlanShape.all(workload: workload, space: request.space) {
      if cancel.isCancelled { return }
      let solver = ShapeSolver(shape: shape, model: model, space: request.space)
      guard solver.mayFit else { continue }
      var state = ShapeState(solver: solver, lowerBound: solver.bounds.lowerBound)
      if let before = known[shape] {
        state.lowerBound = max(state.lowerBound, before.lowerBound)
        state.best = before.best.flatMap { refit($0) }
      }
      states.append(state)
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
      let left = (shapes[a].best == nil ? 1 : 0, shapes[a].objective ?? shapes[a].lowerBound, a)
      let right = (shapes[b].best == nil ? 1 : 0, shapes[b].objective ?? shapes[b].lowerBound, b)
      return left > right
    }
  }

  private func work(quick: Bool) {
    DispatchQueue.concurrentPerform(iterations: max(1, request.threads)) { _ in
      var worker = Worker(workload: workload, space: request.space)
      while !isStopped, let index = takeNext() {
        let solver = shared.withLock { $0.shapes[index].solver }
        solve(index, solver, worker: &worker, grid: worker.grid(solver.shape, quick: quick), quick: quick)
      }
    }
  }

  private func takeNext() -> Int? {
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
    let sorted = shapes.compactMap(\.objective).sorted()
    return sorted.count > count ? sorted[count] : .infinity
  }

  private func solve(_ index: Int, _ solver: ShapeSolver, worker: inout Worker, grid: StrategyGrid, quick: Bool) {
    let (limit, own) = shared.withLock { state in
      (Self.worstListed(state.shapes, count: request.alternatives), state.shapes[index].objective ?? .infinity)
    }
    let upperBound = min(limit, own)
    var found = worker.solve(solver, grid: grid, upperBound: upperBound, cancel: cancel)
    var bound = found.plan?.score.closedFormSeconds ?? upperBound
    var tightened = solver
    if let plan = found.plan, plan.score.hostBytesPerNode > plan.score.hostCapacityBytes {
      // Stages share a node's RAM: give each GPU its equal part; what that costs stays visible as the bound.
      tightened.hostLimitPerGPU = plan.score.hostCapacityBytes / Double(workload.cluster.gpusPerNode)
      found = worker.solve(tightened, grid: grid, upperBound: upperBound, cancel: cancel)
      bound = plan.score.closedFormSeconds
    }
    guard !cancel.isCancelled else { return }
    let plan = found.plan
    let lowerBound = bound
    let changed = tightened
    record(index, plan: plan, evaluated: found.evaluated) { state in
      state.solver = changed
      if let plan, plan.score.closedFormSeconds <= own { state.best = plan }
      if !quick {
        state.isSolved = true
        state.lowerBound = max(state.lowerBound, lowerBound)
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

  /// Seconds between progress events.
  private static let progressInterval = 0.05
}

/// What one worker holds: a traced model, grids and a scorer of its own.
struct Worker {
  private let model: StageModel
  private let space: SearchSpace
  private var scorer: PlanScorer
  private var sharded: StrategyGrid
  private var alone: StrategyGrid

  /// A worker for a workload and a space.
  init(workload: Workload, space: SearchSpace) {
    model = StageModel(workload: workload)
    self.space = space
    scorer = PlanScorer(model: model)
    sharded = StrategyGrid(space: space, dataParallel: 2)
    alone = StrategyGrid(space: space, dataParallel: 1)
  }

  /// The strategies of a shape.
  func grid(_ shape: PlanShape, quick: Bool) -> StrategyGrid {
    let full = shape.dataParallel > 1 ? sharded : alone
    return quick ? full.quick : full
  }

  /// The problem between the stages of a shape, for plans no slower than `upperBound`.
  func problem(
    _ solver: ShapeSolver, grid: StrategyGrid, upperBound: Double, cancel: CancelToken
  ) -> (problem: PipelineProblem?, evaluated: Int) {
    var evaluated = 0
    let problem = solver.problem(
      model: model, grid: grid, upperBound: upperBound, cancel: cancel, evaluated: &evaluated)
    return (problem, evaluated)
  }

  /// The best plan of a shape that is no slower than `upperBound`.
  mutating func solve(
    _ solver: ShapeSolver, grid: StrategyGrid, upperBound: Double, cancel: CancelToken
  ) -> (plan: ScoredPlan?, evaluated: Int) {
    let (problem, evaluated) = problem(solver, grid: grid, upperBound: upperBound, cancel: cancel)
    guard let problem else { return (nil, evaluated) }
    // Plans as good as the bound count: ties are broken by a fixed order, not by who came first.
    let open = upperBound.isFinite ? upperBound * (1 + 1e-12) : upperBound
    guard
      let solution = PipelineSolver.solve(problem, upperBound: open, isCancelled: { cancel.isCancelled })
    else { return (nil, evaluated) }
    let plan = solver.plan(solution, of: problem, grid: grid)
    guard let scored = try? scorer.score(plan) else { return (nil, evaluated) }
    return (ScoredPlan(plan: plan, score: scored.score), evaluated)
  }
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
