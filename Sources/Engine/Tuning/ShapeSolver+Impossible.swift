extension ShapeSolver {
  /// True when it is proved that no plan of the shape fits the device: even with everything recomputed, and each moment
  /// of memory at its least over all strategies, the stages together cannot hold the model's layers.
  ///
  /// Layers recompute everything, which keeps the least of all kinds, whether the space has that kind or not.
  /// `corners` are the extremes of the strategy grid. Complexity: O(S * log N * corners).
  func isImpossible(model: StageModel, corners: [Strategy]) -> Bool {
    let tape = model.searchTape(for: shape.setting(.full))
    let parts = corners.map { strategy in
      let values = tape.evaluate(strategy.inputs)
      return MemoryParts<Double>(values: { values[$0] }, start: 2 * PassSlots<Double>.count)
    }
    if exceedsMachine(parts) { return true }
    var held = 0
    for stage in 0..<shape.stages {
      held += mostLayers(stage: stage, parts: parts)
      if held >= workload.model.layers { return false }
    }
    return true
  }

  /// True when states and recomputed layers' inputs of all stages together, wherever they lie, are more than the devices
  /// and hosts of the nodes in use hold: each of the strategies `parts` only moves them between the two.
  private func exceedsMachine(_ parts: [MemoryParts<Double>]) -> Bool {
    guard let saved = parts.map({ $0.kept.checkpointed + $0.activationHost.checkpointed }).min() else { return false }
    func least(_ states: KeyPath<MemoryParts<Double>, StateParts<Double>>, _ host: KeyPath<MemoryParts<Double>, Double>)
      -> Double
    {
      parts.map { part in
        let states = part[keyPath: states]
        return states.weights + states.gradients + states.optimizer + part[keyPath: host]
      }.min() ?? 0
    }
    let last = formula(stage: shape.stages - 1, layers: 1)
    // The last stage has the fewest micro-batches in flight; each other holds a layer at least.
    let fewest = last.position.inFlight
    var bytes = Double(workload.model.layers) * (least(\.layer, \.layerHost) + (fewest + 1) * saved)
    for stage in 0..<shape.stages {
      let formula = formula(stage: stage, layers: 1)
      bytes += max(0, formula.position.inFlight - fewest) * saved
      bytes += constants.layerBackwardPeakBytes + constants.scoreBufferBytes - saved
    }
    bytes += least(\.embedding, \.embeddingHost)
    if !last.tied { bytes += least(\.head, \.headHost) }
    let device = max(limits(stage: 0).allocated, limits(stage: shape.stages - 1).allocated)
    let movesToHost = parts.contains { $0.layerHost > 0 || $0.activationHost.checkpointed > 0 }
    let host =
      movesToHost
      ? workload.cluster.nodeType.hostMemoryBytes.value / Double(workload.cluster.gpusPerNode) : 0
    return bytes > Double(shape.stages) * (device + host)
  }

  /// Layers that stage `stage` can hold at most; memory rises with the layers, so bisection finds it.
  private func mostLayers(stage: Int, parts: [MemoryParts<Double>]) -> Int {
    let limit = limits(stage: stage).allocated
    func mayHold(_ layers: Int) -> Bool {
      let formula = formula(stage: stage, layers: layers)
      let moments = parts.map(formula.momentBytes)
      guard let count = moments.first?.count else { return false }
      return (0..<count).allSatisfy { index in (moments.map { $0[index] }.min() ?? .infinity) <= limit }
    }
    var (low, high) = (0, workload.model.layers - shape.stages + 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if mayHold(middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
