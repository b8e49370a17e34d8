/// Whether any plan of a space fits a workload, asked without looking for a fast one.
struct FittingProbe {
  /// The workload.
  let workload: Workload
  /// The part of the space that needs the least memory: stages that are not interleaved hold less in flight, and layers
  /// keep the least where they recompute everything.
  let space: SearchSpace

  /// A probe of the leanest part of a space.
  init(workload: Workload, space: SearchSpace) {
    var space = space
    if space.interleave.contains(1) { space.interleave = [1] }
    if space.recomputeKinds.contains(.full) { space.recomputeKinds = [.full] }
    self.workload = workload
    self.space = space
  }

  /// The shapes to ask: those that use all nodes; where there are none, those that leave some idle.
  var shapes: [PlanShape] {
    let all = PlanShape.all(workload: workload, space: space)
    guard all.isEmpty else { return all }
    return PlanShape.idle(workload: workload, space: space, limit: .infinity) { _ in 0 }
  }

  /// The corners of the strategies of a shape.
  func corners(_ shape: PlanShape, runtime: RuntimeProfile) -> StrategyGrid {
    StrategyGrid(
      StrategyGrid(
        space: space.restricted(toStages: shape.stages), runtime: runtime, dataParallel: shape.setting().weightRanks
      ).extremes)
  }

  /// A plan that fits, of the strategies that need the least memory; nil where none of them does, and when cancelled.
  ///
  /// A plan is a proof. Nil is none: stages that share a node get equal parts of its RAM, and shares between none and
  /// all are not tried.
  func plan(cancel: CancelToken = CancelToken()) -> ScoredPlan? {
    let model = StageModel(workload: workload)
    var scorer = PlanScorer(model: model)
    for shape in shapes {
      if cancel.isCancelled { return nil }
      var solver = ShapeSolver(shape: shape, model: model, space: space)
      solver.hostLimitPerGPU =
        workload.cluster.nodeType.hostMemoryBytes.value / Double(workload.cluster.gpusPerNode)
      let grid = corners(shape, runtime: model.runtime)
      guard solver.mayFit, !solver.isImpossible(model: model, corners: grid.strategies) else { continue }
      var evaluated = 0
      var found: Plan?
      solver.eachProblem(
        model: model, grid: grid, upperBound: .infinity, cancel: cancel, evaluated: &evaluated
      ) { problem in
        guard found == nil, let solution = PipelineSolver.solve(problem) else { return }
        found = solver.plan(solution, of: problem, grid: grid)
      }
      if let found, let score = try? scorer.score(found), score.fits {
        return ScoredPlan(plan: found, score: score)
      }
    }
    return nil
  }
}
