extension ShapeSolver {
  /// Bytes by which a stage with even layers, recomputed as far as the space lets them, misses its limits in the
  /// strategy that misses the least, negative where it fits; and what fills them.
  func leastMiss(model: StageModel, grid: StrategyGrid, stage: Int) -> (part: MemoryPart, bytes: Double) {
    let layers = max(1, workload.model.layers / shape.stages)
    let formula = formula(stage: stage, layers: layers)
    let most = space.checkpointing == .none ? 0 : layers
    var limits = limits(stage: stage)
    // Stages that share a node share its RAM: each GPU counts with its equal part.
    limits.host = min(
      limits.host, workload.cluster.nodeType.hostMemoryBytes.value / Double(workload.cluster.gpusPerNode))
    let kind = space.recomputeKinds.contains(.full) ? .full : space.recomputeKinds.first ?? .full
    let tape = model.searchTape(for: shape.setting(kind))
    var best = (part: MemoryPart.transient, bytes: Double.infinity)
    for strategy in grid.strategies {
      let values = tape.evaluate(strategy.inputs)
      let parts = MemoryParts<Double>(values: { values[$0] }, start: 2 * PassSlots<Double>.count)
      let device =
        formula.demandBytes(
          parts, class: CheckpointClass(most, of: layers), checkpointed: Double(most), limits: limits)
        - limits.allocated
      let host = formula.hostBytes(parts, checkpointed: Double(most)) - limits.host
      let miss = max(device, host)
      guard miss < best.bytes else { continue }
      let moment = formula.fullestMoment(parts, class: CheckpointClass(most, of: layers), checkpointed: Double(most))
      best = (host > device ? .host : moment.largestPart, miss)
    }
    return best
  }
}
