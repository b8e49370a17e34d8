/// Plans that leave whole nodes idle (docs/spaces.md, "Idle nodes"): searched after those that use all nodes, and only
/// where a kernel bound says that they could be faster.
extension ShapeSearch {
  /// Searches the shapes with idle nodes that may beat the best plan without.
  ///
  /// What is searched and kept depends on that plan's objective alone, so not on the number of threads.
  func searchIdle(_ model: StageModel, known: [PlanShape: ShapeState]) {
    guard workload.cluster.nodes > 1, !isStopped else { return }
    let limit = shared.withLock { $0.shapes.compactMap(\.objective).min() ?? .infinity }
    var constants = shared.withLock { $0.constants }
    let shapes = PlanShape.idle(workload: workload, space: request.space, limit: limit) { setting in
      let values = constants[setting] ?? model.constants(for: setting)
      constants[setting] = values
      return values.layerForwardSeconds + values.layerBackwardSeconds
    }
    var states: [ShapeState] = []
    for shape in shapes where request.pins.allows(shape) {
      if isStopped { return }
      let solver = ShapeSolver(
        shape: shape, model: model, space: request.space, known: constants[shape.setting()], pins: request.pins)
      guard solver.mayFit, solver.bounds.lowerBound <= limit else { continue }
      var state = ShapeState(solver: solver, lowerBound: solver.bounds.lowerBound)
      if let before = known[shape] {
        state.lowerBound = max(state.lowerBound, before.lowerBound)
        state.best = before.best.flatMap { refit($0) }.flatMap {
          $0.score.closedFormSeconds < limit * (1 - 1e-9) ? $0 : nil
        }
      }
      states.append(state)
    }
    guard !states.isEmpty else { return }
    let found = states
    shared.withLock { state in
      state.firstIdle = state.shapes.count
      state.idleLimit = limit
      state.shapes += found
      state.progress.total = state.shapes.count
      state.queue = Self.order(state.shapes)
      state.progress.done = 0
    }
    work(quick: true)
    guard !isStopped else { return }
    shared.withLock { state in
      state.queue = Self.order(state.shapes)
      state.progress.done = 0
    }
    work(quick: false)
  }
}
