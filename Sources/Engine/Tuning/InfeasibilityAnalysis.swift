/// Why nothing fits: the shape and stage that miss the least, and changes that were tried and fit.
struct InfeasibilityAnalysis {
  /// The workload.
  let workload: Workload
  /// What was asked.
  let request: TuneRequest

  /// The part of the space that needs the least memory: stages that are not interleaved hold less in flight, and layers
  /// keep the least where they recompute everything.
  private var space: SearchSpace {
    var space = request.space
    if space.interleave.contains(1) { space.interleave = [1] }
    if space.recomputeKinds.contains(.full) { space.recomputeKinds = [.full] }
    return space
  }

  /// The answer.
  func analysis() -> Infeasibility {
    let miss = leastMiss()
    return Infeasibility(
      stage: miss.stage, bindsHost: miss.bindsHost, missingBytes: miss.bytes, suggestions: suggestions())
  }

  private typealias Miss = (stage: Int, bindsHost: Bool, bytes: Double)

  /// Over all shapes with even layers, everything recomputed: the strategy whose worst stage misses the least.
  private func leastMiss() -> Miss {
    let model = StageModel(workload: workload)
    var best: Miss = (0, false, .infinity)
    for shape in PlanShape.all(workload: workload, space: space) {
      let solver = ShapeSolver(shape: shape, model: model, space: space)
      let grid = StrategyGrid(
        space: space.restricted(toStages: shape.stages), runtime: model.runtime,
        dataParallel: shape.setting().weightRanks
      ).extremes
      var worst: Miss = (0, false, -.infinity)
      for stage in 0..<shape.stages {
        let miss = solver.leastMiss(model: model, grid: grid, stage: stage)
        if miss.bytes > worst.bytes { worst = (stage, miss.bindsHost, miss.bytes) }
      }
      if worst.bytes < best.bytes { best = worst }
    }
    return best.bytes.isFinite ? best : (0, false, 0)
  }

  /// Changes that make a plan fit, the smallest of each kind.
  private func suggestions() -> [String] {
    var found: [String] = []
    for factor in [2, 4, 8, 16] {
      var larger = workload
      larger.cluster.nodes *= factor
      if fits(larger) {
        found.append("\(larger.cluster.nodes) nodes instead of \(workload.cluster.nodes)")
        break
      }
    }
    for divisor in [2, 4, 8] where workload.run.sequenceLength % divisor == 0 {
      var shorter = workload
      shorter.run.sequenceLength /= divisor
      if fits(shorter) {
        found.append("sequence length \(shorter.run.sequenceLength) instead of \(workload.run.sequenceLength)")
        break
      }
    }
    if workload.limits.headroomBytes != 0 {
      var tight = workload
      tight.limits.headroomBytes = 0
      if fits(tight) { found.append("no headroom (--headroom 0): it may run out of memory") }
    }
    return found
  }

  /// Whether any plan fits: the strategies that need the least memory on every shape.
  private func fits(_ workload: Workload) -> Bool {
    let model = StageModel(workload: workload)
    let cancel = CancelToken()
    for shape in PlanShape.all(workload: workload, space: space) {
      var solver = ShapeSolver(shape: shape, model: model, space: space)
      // Stages that share a node get equal parts of its RAM, so that a suggestion never promises too much.
      solver.hostLimitPerGPU =
        workload.cluster.nodeType.hostMemoryBytes.value / Double(workload.cluster.gpusPerNode)
      guard solver.mayFit else { continue }
      let grid = StrategyGrid(
        space: space.restricted(toStages: shape.stages), runtime: model.runtime,
        dataParallel: shape.setting().weightRanks
      ).extremes
      var evaluated = 0
      var isSolvable = false
      solver.eachProblem(
        model: model, grid: grid, upperBound: .infinity, cancel: cancel, evaluated: &evaluated
      ) { problem in
        isSolvable = isSolvable || PipelineSolver.solve(problem, isCancelled: { false }) != nil
      }
      if isSolvable { return true }
    }
    return false
  }
}
