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
      request.pins.broken(by: optimum.plan).isEmpty, hasLevels(optimum.plan)
    else { return }
    state.best = optimum
    state.isSolved = true
  }

  /// Whether each stage has a ZeRO level that all of its pins allow: of one rank all levels mean the same, but pins that
  /// contradict each other leave it none.
  private func hasLevels(_ plan: Plan) -> Bool {
    let space = request.space.restricted(to: RuntimeProfile.of(workload.run)).restricted(toStages: plan.stages.count)
    return plan.stages.indices.allSatisfy { index in
      let held = request.pins.stage(index, of: plan.stages.count)
      return ([plan.stages[index].zero] + space.zeroLevels).contains { held.allows(.zero, $0) }
    }
  }
}
