extension ShapeSolver {
  /// True when it is proved that no plan of the shape fits the device: even with everything recomputed, and each moment
  /// of memory at its least over all strategies, the stages together cannot hold the model's layers.
  ///
  /// Layers recompute everything, which keeps the least of all kinds, whether the space has that kind or not.
  /// `corners` are the extremes of the strategy grid. Complexity: O(S * log N * corners).
  func isImpossible(model: StageModel, corners: StrategyGrid) -> Bool {
    let tape = model.searchTape(for: shape.setting(.full))
    let parts = corners.strategies.map { strategy in
      let values = tape.evaluate(strategy.inputs)
      return MemoryParts<Double>(values: { values[$0] }, start: 2 * PassSlots<Double>.count)
    }
    var held = 0
    for stage in 0..<shape.stages {
      held += mostLayers(stage: stage, parts: parts)
      if held >= workload.model.layers { return false }
    }
    return true
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
