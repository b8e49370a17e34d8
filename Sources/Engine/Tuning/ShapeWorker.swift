/// What one worker holds: a traced model, grids and a scorer of its own.
struct ShapeWorker {
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
    sharded = StrategyGrid(space: space, runtime: model.runtime, dataParallel: 2)
    alone = StrategyGrid(space: space, runtime: model.runtime, dataParallel: 1)
  }

  /// The strategies of a shape.
  func grid(_ shape: PlanShape, quick: Bool) -> StrategyGrid {
    let full = shape.setting().weightRanks > 1 ? sharded : alone
    return quick ? full.quick : full
  }

  /// True when no strategy at all lets the shape fit its devices.
  func isImpossible(_ solver: ShapeSolver) -> Bool {
    solver.isImpossible(model: model, corners: grid(solver.shape, quick: false).extremes)
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
