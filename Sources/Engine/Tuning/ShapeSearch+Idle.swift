/// Plans that leave whole nodes idle (docs/spaces.md, "Idle nodes"): searched after those that use all nodes, and only
/// where a kernel bound says that they could be faster.
extension ShapeSearch {
  /// Searches the shapes with idle nodes that may beat the best plan without.
  ///
  /// What is searched and kept depends on that plan's objective alone, so not on the number of threads.
  func searchIdle(known: [PlanShape: ShapeState]) {
    guard workload.cluster.nodes > 1, !isStopped else { return }
    let worker = memory.worker(workload, request.space)
    prepareIdle(worker.model, known: known)
    memory.giveBack(worker)
    guard shared.withLock({ $0.firstIdle < .max }) else { return }
    _ = workInTwoPasses()
  }

  /// Adds the shapes with idle nodes that may beat the best plan without.
  private func prepareIdle(_ model: StageModel, known: [PlanShape: ShapeState]) {
    let limit = shared.withLock { $0.shapes.compactMap(\.objective).min() ?? .infinity }
    var constants = shared.withLock { $0.constants }
    let shapes = PlanShape.idle(workload: workload, space: request.space, limit: limit) { setting in
      let values = constants[setting] ?? model.constants(for: setting)
      constants[setting] = values
      return values.layerForwardSeconds + values.layerBackwardSeconds
    }
    let learnt = memory.known(request.space)
    var states: [ShapeState] = []
    for shape in shapes where request.pins.allows(shape) {
      if isStopped { return }
      let solver = solver(shape, model, constants[shape.setting()])
      guard solver.mayFit, solver.canHoldLayers, solver.bounds.lowerBound <= limit else { continue }
      var state = ShapeState(solver: solver, lowerBound: solver.bounds.lowerBound)
      if let bound = learnt[shape]?.lowerBound { state.lowerBound = max(state.lowerBound, bound) }
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
  }
}
