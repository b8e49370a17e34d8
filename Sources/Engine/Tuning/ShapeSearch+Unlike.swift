extension ShapeSearch {
  /// Searches plans of unlike stages for one that beats the best of equal meshes.
  func searchUnlike() {
    guard request.space.hasUnlikeStages, request.searchesUnlikeStages, !isStopped else { return }
    let known = outcome
    var likely: [MeshGroup: Double] = [:]
    for state in known.shapes {
      guard let objective = state.objective else { continue }
      let group = MeshGroup(
        microBatches: state.solver.shape.microBatches, sequenceParallel: state.solver.shape.sequenceParallel,
        contextParallel: state.solver.shape.contextParallel)
      likely[group] = min(likely[group] ?? .infinity, objective)
    }
    let search = UnlikeSearch(
      workload: workload, space: request.space, pins: request.pins, memory: memory, cancel: cancel
    ) { [self] in isStopped }
    let found = search.run(
      known: known.shapes.compactMap(\.objective).min() ?? .infinity, threads: request.threads,
      likely: { group in
        likely[
          MeshGroup(
            microBatches: group.microBatches, sequenceParallel: group.sequenceParallel,
            contextParallel: group.contextParallel)] ?? .infinity
      }, onPlan: { [self] plan, _ in announce(plan) })
    record(unlike: found)
  }
}
