/// Spaces that couple stages (docs/spaces.md): what the stages must share is fixed first, in every way that it can be,
/// and the rest is a problem between the stages like any other. The best of all of them is the optimum of the space.
extension ShapeSolver {
  /// Gives `body` every problem between the stages, each with every point that a plan no slower than `upperBound` can
  /// use: one where the stages are free, else one for each choice that they share.
  ///
  /// Gives none where some stage has no point at all, and stops when cancelled; `evaluated` counts stage configurations.
  func eachProblem(
    model: StageModel, grid: StrategyGrid, upperBound: Double, cancel: CancelToken, evaluated: inout Int,
    _ body: (PipelineProblem) -> Void
  ) {
    guard space.couplesStages else {
      let problem = problem(
        model: model, grid: grid, upperBound: upperBound, cancel: cancel, evaluated: &evaluated)
      if let problem { body(problem) }
      return
    }
    let places = places(upperBound: upperBound)
    guard !places.isEmpty, !grid.strategies.isEmpty else { return }
    let rows = commonRows(model: model, grid: grid)
    for group in rows[0].groups.indices {
      for recompute in commonRecompute {
        if cancel.isCancelled { return }
        evaluated += rows[0].groups[group].count * places.count
        let filled = places.map { fill($0, rows[$0.stage], group, recompute) }
        for problem in assemble(filled).map(layered) ?? [] {
          if cancel.isCancelled { return }
          body(problem)
        }
      }
    }
  }

  /// A kind of recomputation and a number of recomputed layers of each pass.
  private typealias Recompute = (kind: Int, layers: Int)

  /// What all stages can share of it; nil leaves each its own.
  private var commonRecompute: [Recompute?] {
    let most = (workload.model.layers - shape.stages + 1) / shape.interleave
    switch space.checkpointing {
    case .any: return [nil]
    case .none: return [(0, 0)]
    case .allOrNoneAlike: return [(0, 0)] + space.recomputeKinds.indices.map { ($0, most) }
    case .sameCount:
      return [(0, 0)]
        + space.recomputeKinds.indices.flatMap { kind in
          (space.recomputeKinds[kind] == .full ? 1...max(1, most) : most...most).map { (kind, $0) }
        }
    }
  }

  /// For each stage the strategies that it may have, with the tape's answers.
  private func commonRows(model: StageModel, grid: StrategyGrid) -> [CommonRows] {
    let tape = model.searchTape(for: space.recomputeKinds.map(shape.setting))
    func rows(_ grid: StrategyGrid, _ places: [Int]) -> CommonRows {
      CommonRows(
        tape, kinds: space.recomputeKinds.count, grid: grid, places: places, alike: space.statesAlike)
    }
    guard !pins.isEmpty else {
      return Array(repeating: rows(grid, Array(grid.strategies.indices)), count: shape.stages)
    }
    let held = Set(pins)
    let parts = Dictionary(uniqueKeysWithValues: held.map { ($0, pinned.part(of: grid, allowedBy: $0)) })
    if space.statesAlike {
      // What all stages share, all must allow.
      let shared = parts.values.reduce(Set(grid.strategies.indices)) { $0.intersection($1.places) }.sorted()
      return Array(repeating: rows(StrategyGrid(shared.map { grid.strategies[$0] }), shared), count: shape.stages)
    }
    let evaluated = parts.mapValues { rows($0.grid, $0.places) }
    return pins.compactMap { evaluated[$0] }
  }

  /// A place with the points of one group of blocks.
  private func fill(_ place: StagePlace, _ rows: CommonRows, _ group: Int, _ recompute: Recompute?) -> StagePlace {
    var place = place
    let pins = pins(stage: place.stage)
    for block in rows.blocks[rows.groups[group]] {
      for (kind, row) in block.rows.enumerated() where recompute.map({ $0.kind == kind }) ?? true {
        place.sweep.recompute = kind
        if let recompute {
          let count = min(recompute.layers, place.layers / shape.interleave)
          guard place.sweep.held?.contains(count) ?? true, count == 0 || pins.allows(space.recomputeKinds[kind]) else {
            continue
          }
          place.sweep.sweep(row, block.strategies, checkpointed: count, into: &place.frontier)
        } else if pins.allows(space.recomputeKinds[kind]) {
          place.sweep.sweep(row, block.strategies, into: &place.frontier)
        } else if kind == 0, place.sweep.held?.contains(0) ?? true {
          place.sweep.sweep(row, block.strategies, checkpointed: 0, into: &place.frontier)
        }
      }
    }
    if !self.pins.isEmpty {
      place.frontier.retag { packed in
        var tag = StageTag(packed: packed)
        tag.strategy = rows.places[tag.strategy]
        return tag.packed
      }
    }
    return place
  }

  /// The problem, or one for each number of layers that the stages which must be equal can have.
  func layered(_ problem: PipelineProblem) -> [PipelineProblem] {
    let stages = problem.options.count
    let equal: Range<Int>
    switch space.layerRule {
    case .any: return [problem]
    case .equal: equal = 0..<stages
    case .equalInner: equal = min(1, stages - 1)..<max(1, stages - 1)
    }
    guard equal.count > 1 else { return [problem] }
    return (1...max(1, problem.layers / equal.count)).compactMap { layers in
      guard equal.allSatisfy({ !problem.options[$0][layers].isEmpty }) else { return nil }
      var part = problem
      for stage in equal {
        for other in part.options[stage].indices where other != layers { part.options[stage][other] = [] }
      }
      return part
    }
  }
}

/// The tape's answers for a whole grid, in blocks of strategies that a stage may choose among.
private struct CommonRows {
  /// Up to eight strategies `base ..< base + count` side by side.
  struct Block {
    /// The tape's outputs, one for each kind of recomputation.
    var rows: [StrategyRow]
    /// The strategies.
    var strategies: StrategyLanes
  }

  /// The blocks, in the order of the grid.
  let blocks: [Block]
  /// Where the strategies stand in the grid of the shape.
  let places: [Int]
  /// Blocks among which all stages choose freely.
  let groups: [Range<Int>]

  /// Evaluates a grid; where the stages' states must be alike each strategy is a block and a group of its own.
  init(_ tape: Tape, kinds: Int, grid: StrategyGrid, places: [Int], alike: Bool) {
    self.places = places
    let width = alike ? 1 : 8
    let count = (grid.strategies.count + width - 1) / width
    guard count > 0 else {
      (blocks, groups) = ([], alike ? [] : [0..<0])
      return
    }
    let inputs = Columns(rows: 8 * count, columns: 7)
    let outputs = Columns(rows: 8 * count, columns: tape.outputCount)
    for row in 0..<8 * count {
      let index = min(row / 8 * width + row % 8 % width, grid.strategies.count - 1)
      for (column, value) in grid.strategies[index].inputs.enumerated() { inputs[row, column] = value }
    }
    tape.evaluate(inputs, into: outputs, rows: 0..<8 * count)
    blocks = (0..<count).map { block in
      Block(
        rows: (0..<kinds).map { StrategyRow(outputs, start: 8 * block, setting: $0) },
        strategies: StrategyLanes(base: block * width, count: min(width, grid.strategies.count - block * width)))
    }
    groups = alike ? (0..<count).map { $0..<($0 + 1) } : [0..<count]
  }
}
