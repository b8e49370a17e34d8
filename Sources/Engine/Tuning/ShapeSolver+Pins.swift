/// Stages that pins hold to a part of the space (docs/spaces.md, "Pins").
extension ShapeSolver {
  /// Whether the layers that the stages may have can add up to the model's.
  ///
  /// Complexity: O(S * N^2) where layers are held.
  var canHoldLayers: Bool {
    guard pins.contains(where: { $0.holds([.layers]) }) else { return true }
    let layers = workload.model.layers
    var reached: Set<Int> = [0]
    for pins in pins {
      let allowed = (1...layers).filter { pins.allows(.layers, $0) }
      reached = Set(reached.flatMap { before in allowed.map { before + $0 }.filter { $0 <= layers } })
      if reached.isEmpty { return false }
    }
    return reached.contains(layers)
  }

  /// What the stage is held to.
  func pins(stage: Int) -> StagePins { pins.isEmpty ? StagePins() : pins[stage] }

  /// What pins leave of the shape's stages.
  var pinned: PinnedShape {
    var pinned = PinnedShape(shape: shape, space: space, runtime: RuntimeProfile.of(workload.run))
    (pinned.frontiers, pinned.parts) = (frontiers, parts)
    return pinned
  }

  /// A quick first look that has strategies for every stage, however it is held.
  func quick(_ full: StrategyGrid) -> StrategyGrid {
    let quick = full.quick
    guard !pins.isEmpty else { return quick }
    var added: Set<Strategy> = []
    for pins in Set(pins) where pinned.part(of: quick, allowedBy: pins).places.isEmpty {
      added.formUnion(pinned.part(of: full, allowedBy: pins).grid.extremes)
    }
    return added.isEmpty ? quick : StrategyGrid(quick.strategies + full.strategies.filter(added.contains))
  }
}
