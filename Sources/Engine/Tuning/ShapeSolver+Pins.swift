/// Stages that pins hold to a part of the space (docs/spaces.md, "Pins").
extension ShapeSolver {
  /// What the stage is held to.
  func pins(stage: Int) -> StagePins { pins.isEmpty ? StagePins() : pins[stage] }

  /// What pins leave of the shape's stages.
  var pinned: PinnedShape { PinnedShape(shape: shape, space: space, runtime: RuntimeProfile.of(workload.run)) }

  /// A quick first look that has strategies for every stage, however it is held.
  func quick(_ full: StrategyGrid) -> StrategyGrid {
    let quick = full.quick
    guard !pins.isEmpty else { return quick }
    var added: Set<Strategy> = []
    for pins in Set(pins) where pinned.part(of: quick, allowedBy: pins).places.isEmpty {
      added.formUnion(pinned.part(of: full, allowedBy: pins).grid.extremes.strategies)
    }
    return added.isEmpty ? quick : StrategyGrid(quick.strategies + full.strategies.filter(added.contains))
  }
}
