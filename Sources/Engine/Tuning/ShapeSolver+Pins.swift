/// Stages that pins hold to a part of the space (docs/spaces.md, "Pins").
///
/// Stages that are held alike share a part of the grid and are filled like free ones; where the recomputed layers are
/// held, the rule of the smallest number that fits says nothing, and every allowed number is tried.
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

  /// ZeRO levels that mean the same as the strategy's in this shape: without ranks to shard over all of the space's do.
  private func levels(_ strategy: Strategy) -> [Int] {
    guard shape.setting().weightRanks == 1 else { return [strategy.zero] }
    let space = space.restricted(to: RuntimeProfile.of(workload.run)).restricted(toStages: shape.stages)
    return [strategy.zero] + space.zeroLevels
  }

  /// Strategies of `grid` that the pins allow, with their places in it.
  func part(of grid: StrategyGrid, allowedBy pins: StagePins) -> (grid: StrategyGrid, places: [Int]) {
    guard pins.holds(StagePins.states) else { return (grid, Array(grid.strategies.indices)) }
    let isAlone = shape.setting().weightRanks == 1
    if let known = parts?.part(of: grid, pins, isAlone) { return known }
    let found = newPart(of: grid, allowedBy: pins)
    parts?.keep(found, of: grid, pins, isAlone)
    return found
  }

  private func newPart(of grid: StrategyGrid, allowedBy pins: StagePins) -> (grid: StrategyGrid, places: [Int]) {
    let places = grid.strategies.indices.filter {
      pins.allows(grid.strategies[$0], levels: levels(grid.strategies[$0]))
    }
    return (StrategyGrid(places.map { grid.strategies[$0] }), places)
  }

  /// A quick first look that has strategies for every stage, however it is held.
  func quick(_ full: StrategyGrid) -> StrategyGrid {
    let quick = full.quick
    guard !pins.isEmpty else { return quick }
    var added: Set<Strategy> = []
    for pins in Set(pins) where part(of: quick, allowedBy: pins).places.isEmpty {
      added.formUnion(part(of: full, allowedBy: pins).grid.extremes)
    }
    return added.isEmpty ? quick : StrategyGrid(quick.strategies + full.strategies.filter(added.contains))
  }

  /// The kinds of recomputation that a stage may have, as indices of the space's.
  func kinds(allowedBy pins: StagePins) -> [Int] {
    space.recomputeKinds.indices.filter { pins.allows(space.recomputeKinds[$0]) }
  }

  /// The numbers of recomputed layers of a pass that a stage may have; nil where all are allowed.
  ///
  /// Without an allowed kind of recomputation only none is left.
  func heldCounts(_ pins: StagePins, layers: Int) -> [Int]? {
    let allowed = pins.checkpointed(layers: layers, chunks: shape.interleave)
    guard kinds(allowedBy: pins).isEmpty else { return allowed?.map { $0 / shape.interleave } }
    return pins.allows(.checkpointedLayers, 0) ? [0] : []
  }

  /// The places with their points, each held to what its stage is; nil when cancelled.
  func filledUnderPins(
    _ places: [StagePlace], model: StageModel, grid: StrategyGrid, cancel: CancelToken, evaluated: inout Int
  ) -> [StagePlace]? {
    var filled = places
    for (pins, members) in groups(of: places) {
      let (part, sources) = part(of: grid, allowedBy: pins)
      guard !part.strategies.isEmpty else { continue }
      let allowed = kinds(allowedBy: pins)
      // Where nothing is recomputed all kinds are the same.
      let kinds = allowed.isEmpty ? [0] : allowed
      var found = members.map { places[$0] }
      let settings = kinds.map { shape.setting(space.recomputeKinds[$0]) }
      guard found.fill(model: model, settings: settings, grid: part, memory: frontiers, cancel: cancel) else {
        return nil
      }
      evaluated += part.strategies.count * settings.count * members.count
      for (index, place) in zip(members, found) {
        filled[index].frontier = place.frontier
        filled[index].frontier.retag { packed in
          var tag = StageTag(packed: packed)
          (tag.strategy, tag.recompute) = (sources[tag.strategy], kinds[tag.recompute])
          return tag.packed
        }
      }
    }
    return filled
  }

  /// Places whose stages are held alike, in the order of the first stage of each.
  private func groups(of places: [StagePlace]) -> [(pins: StagePins, members: [Int])] {
    var groups: [(pins: StagePins, members: [Int])] = []
    for (index, place) in places.enumerated() {
      let pins = pins(stage: place.stage)
      if let known = groups.firstIndex(where: { $0.pins == pins }) {
        groups[known].members.append(index)
      } else {
        groups.append((pins, [index]))
      }
    }
    return groups
  }
}
