/// What one worker holds: a traced model, grids and a scorer of its own.
struct ShapeWorker {
  let model: StageModel
  let space: SearchSpace
  var scorer: PlanScorer
  /// Frontiers that were found before, where they are kept.
  let frontiers: FrontierMemory?
  private let single: Grids
  private let staged: Grids

  /// Strategies with and without ranks to shard over.
  private struct Grids {
    let sharded: StrategyGrid
    let alone: StrategyGrid

    init(_ space: SearchSpace, _ runtime: RuntimeProfile) {
      sharded = StrategyGrid(space: space, runtime: runtime, dataParallel: 2)
      alone = StrategyGrid(space: space, runtime: runtime, dataParallel: 1)
    }
  }

  /// A worker for a workload and a space.
  init(workload: Workload, space: SearchSpace, frontiers: FrontierMemory? = nil) {
    self.frontiers = frontiers
    model = StageModel(workload: workload)
    self.space = space
    scorer = PlanScorer(model: model)
    single = Grids(space, model.runtime)
    let restricted = space.restricted(toStages: 2)
    staged = restricted == space ? single : Grids(restricted, model.runtime)
  }

  /// The strategies of a shape.
  func grid(_ shape: PlanShape, quick: Bool) -> StrategyGrid {
    let grids = shape.stages > 1 ? staged : single
    let full = shape.setting().weightRanks > 1 ? grids.sharded : grids.alone
    return quick ? full.quick : full
  }

  /// The strategies of a shape whose stages pins may hold; of a quick look few of them, and some for every stage.
  func grid(_ solver: ShapeSolver, quick: Bool) -> StrategyGrid {
    let full = grid(solver.shape, quick: false)
    return quick ? solver.quick(full) : full
  }

  /// True when no strategy at all lets the shape fit its devices.
  func isImpossible(_ solver: ShapeSolver) -> Bool {
    solver.isImpossible(model: model, corners: grid(solver, quick: false).extremes)
  }

  /// Gives `body` the problems between the stages of a shape, for plans no slower than `upperBound`: one, or one for
  /// each choice that the space makes its stages share. Returns the number of stage configurations evaluated.
  @discardableResult
  func eachProblem(
    _ solver: ShapeSolver, grid: StrategyGrid, upperBound: Double, cancel: CancelToken,
    _ body: (PipelineProblem) -> Void
  ) -> Int {
    var evaluated = 0
    solver.eachProblem(
      model: model, grid: grid, upperBound: upperBound, cancel: cancel, evaluated: &evaluated, body)
    return evaluated
  }

  /// What is known of a shape after it was solved.
  struct Answer {
    /// Its best plan; nil where none was found.
    var plan: ScoredPlan?
    /// Stage configurations evaluated.
    var evaluated: Int
    /// No plan of the shape is faster, seconds.
    var bound: Double
    /// Its stages hang together by a limit that its optimum would break.
    var isLimited = false
  }

  /// The best plan of a shape that is no slower than `upperBound`, of at most `maximumKinds` kinds of stages, whose
  /// stages share the host memory of their nodes.
  mutating func solve(
    _ solver: ShapeSolver, grid: StrategyGrid, upperBound: Double, maximumKinds: Int?, stop: SearchStop
  ) -> Answer {
    let free = solve(solver, grid: grid, upperBound: upperBound, cancel: stop.cancel)
    guard let plan = free.plan else { return Answer(evaluated: free.evaluated, bound: upperBound) }
    let lowerBound = plan.score.closedFormSeconds
    var constraints = PlanConstraints()
    constraints.maximumKinds = maximumKinds
    let hasMemory = plan.score.hostBytesPerNode <= plan.score.hostCapacityBytes
    if hasMemory, constraints.broken(by: plan.plan).isEmpty {
      return Answer(plan: plan, evaluated: free.evaluated, bound: lowerBound)
    }
    var known: ScoredPlan?
    if !hasMemory {
      // Stages share a node's RAM: with equal parts of it a plan is soon found, if not the best.
      var equal = solver
      equal.hostLimitPerGPU = plan.score.hostCapacityBytes / Double(plan.plan.stages[0].gpusPerNode * solver.nodeShare)
      known = solve(equal, grid: grid, upperBound: upperBound, cancel: stop.cancel).plan
      if let plan = known, !constraints.broken(by: plan.plan).isEmpty { known = nil }
    }
    let coupled = CoupledShape(solver: solver, grid: grid, model: model, maximumKinds: maximumKinds, stop: stop)
    let answer = coupled.best(
      lowerBound: lowerBound, upperBound: upperBound, known: known.map { ($0.plan, $0.score.closedFormSeconds) })
    let scored = answer.plan.flatMap { plan in
      (try? scorer.score(plan)).map { ScoredPlan(plan: plan, score: $0) }
    }
    return Answer(plan: scored, evaluated: free.evaluated, bound: answer.bound, isLimited: true)
  }

  /// The best plan of a shape that is no slower than `upperBound`, whatever its stages have together.
  mutating func solve(
    _ solver: ShapeSolver, grid: StrategyGrid, upperBound: Double, cancel: CancelToken
  ) -> (plan: ScoredPlan?, evaluated: Int) {
    // Plans as good as the bound count: ties are broken by a fixed order, not by who came first.
    var open = upperBound.isFinite ? upperBound * (1 + 1e-12) : upperBound
    var best: Plan?
    let evaluated = eachProblem(solver, grid: grid, upperBound: upperBound, cancel: cancel) { problem in
      let solution = PipelineSolver.solve(problem, upperBound: open, isCancelled: { cancel.isCancelled })
      guard let solution else { return }
      open = solution.objective
      best = solver.plan(solution, of: problem, grid: grid)
    }
    guard let plan = best, let score = try? scorer.score(plan) else { return (nil, evaluated) }
    return (ScoredPlan(plan: plan, score: score), evaluated)
  }
}
