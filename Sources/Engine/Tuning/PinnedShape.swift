/// What pins leave of the stages of one shape, or of one mesh of unlike stages (docs/spaces.md, "Pins").
///
/// Stages that are held alike share a part of the grid and are filled like free ones; where the recomputed layers are
/// held, the rule of the smallest number that fits says nothing, and every allowed number is tried.
struct PinnedShape {
  /// The shape, or the mesh as a shape.
  let shape: PlanShape
  /// The space.
  let space: SearchSpace
  /// The runtime of the workload.
  let runtime: RuntimeProfile
  /// Frontiers that were found before, where they are kept.
  var frontiers: FrontierMemory?
  /// Parts of grids that pins leave, where they are kept.
  var parts: GridParts?

  /// A shape of a space on a runtime.
  init(shape: PlanShape, space: SearchSpace, runtime: RuntimeProfile) {
    self.shape = shape
    self.space = space
    self.runtime = runtime
  }

  /// Strategies of `grid` that the pins allow, with their places in it.
  func part(of grid: StrategyGrid, allowedBy pins: StagePins) -> (grid: StrategyGrid, places: [Int]) {
    guard pins.holds(StagePins.states) else { return (grid, Array(grid.strategies.indices)) }
    // Without ranks to shard over all levels of the space mean the same.
    let isAlone = shape.setting().weightRanks == 1
    if let known = parts?.part(of: grid, pins, isAlone) { return known }
    let alike = isAlone ? space.restricted(to: runtime).restricted(toStages: shape.stages).zeroLevels : []
    let places = grid.strategies.indices.filter {
      pins.allows(grid.strategies[$0], levels: [grid.strategies[$0].zero] + alike)
    }
    let part = (grid: StrategyGrid(places.map { grid.strategies[$0] }), places: places)
    parts?.keep(part, of: grid, pins, isAlone)
    return part
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

  /// The places with their points, each held to what its stage is (`pins`, one for each place); nil when cancelled.
  ///
  /// What `sweep.held` says of their recomputed layers must be set; `evaluated` counts stage configurations.
  func filled(
    _ places: [StagePlace], pins: [StagePins], model: StageModel, grid: StrategyGrid, cancel: CancelToken,
    evaluated: inout Int
  ) -> [StagePlace]? {
    var filled = places
    for (pins, members) in Self.groups(pins) {
      let (part, sources) = part(of: grid, allowedBy: pins)
      guard !part.strategies.isEmpty else { continue }
      let allowed = kinds(allowedBy: pins)
      // Where nothing is recomputed all kinds are the same.
      let kinds = allowed.isEmpty ? [0] : allowed
      var found = members.map { places[$0] }
      let settings = kinds.map { shape.setting(space.recomputeKinds[$0]) }
      let isDone = found.fill(model: model, settings: settings, grid: part, memory: frontiers, cancel: cancel)
      guard isDone else { return nil }
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

  /// Places whose stages have the same strategies and kinds, in the order of the first of each.
  private static func groups(_ pins: [StagePins]) -> [(pins: StagePins, members: [Int])] {
    var groups: [(pins: StagePins, members: [Int])] = []
    for (index, pins) in pins.enumerated() {
      let pins = pins.only(StagePins.states + [.recompute])
      if let known = groups.firstIndex(where: { $0.pins == pins }) {
        groups[known].members.append(index)
      } else {
        groups.append((pins, [index]))
      }
    }
    return groups
  }
}
