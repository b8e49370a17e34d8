/// Why nothing fits: the shape and stage that miss the least, and changes that were tried and fit.
struct InfeasibilityAnalysis {
  /// The workload.
  let workload: Workload
  /// What was asked.
  let request: TuneRequest
  /// Ends the search for changes early.
  var cancel = CancelToken()

  /// The answer.
  func analysis() -> Infeasibility {
    let miss = leastMiss()
    let changes = FittingChanges(workload: workload, space: request.space, cancel: cancel).found()
    return Infeasibility(stage: miss.stage, part: miss.part, missingBytes: miss.bytes, suggestions: changes)
  }

  private typealias Miss = (stage: Int, part: MemoryPart, bytes: Double)

  /// Over all shapes with even layers, everything recomputed: the strategy whose worst stage misses the least.
  private func leastMiss() -> Miss {
    let probe = FittingProbe(workload: workload, space: request.space)
    let model = StageModel(workload: workload)
    var best: Miss = (0, .transient, .infinity)
    for shape in probe.shapes {
      let solver = ShapeSolver(shape: shape, model: model, space: probe.space)
      let grid = probe.corners(shape, runtime: model.runtime)
      var worst: Miss = (0, .transient, -.infinity)
      for stage in 0..<shape.stages {
        let miss = solver.leastMiss(model: model, grid: grid, stage: stage)
        if miss.bytes > worst.bytes { worst = (stage, miss.part, miss.bytes) }
      }
      if worst.bytes < best.bytes { best = worst }
    }
    return best.bytes.isFinite ? best : (0, .transient, 0)
  }
}
