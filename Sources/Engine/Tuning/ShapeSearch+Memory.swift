extension ShapeSearch {
  /// A solver of a shape that keeps and uses what is found.
  func solver(_ shape: PlanShape, _ model: StageModel, _ constants: StageConstants?) -> ShapeSolver {
    var solver = ShapeSolver(
      shape: shape, model: model, space: request.space, known: constants, pins: request.pins)
    solver.frontiers = memory.frontiers
    solver.parts = parts
    return solver
  }

  /// What is known of a shape without pins: a bound with them, and its optimum where it keeps them.
  func apply(_ known: SessionMemory.Known?, to state: inout ShapeState) {
    guard let known else { return }
    state.lowerBound = max(state.lowerBound, known.lowerBound)
    if known.lowerBound == .infinity { state.isSolved = true }
    guard let optimum = known.optimum, request.constraints.maximumKinds == nil,
      request.pins.broken(by: optimum.plan).isEmpty
    else { return }
    state.best = optimum
    state.isSolved = true
  }
}
