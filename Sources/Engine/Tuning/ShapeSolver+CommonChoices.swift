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
    let rows = CommonRows(model.searchTape(for: shape.setting), grid: grid, alike: space.statesAlike)
    for group in rows.groups {
      for count in commonCounts {
        if cancel.isCancelled { return }
        evaluated += group.count * places.count
        let filled = places.map { fill($0, rows, group, count) }
        for problem in assemble(filled).map(layered) ?? [] {
          if cancel.isCancelled { return }
          body(problem)
        }
      }
    }
  }

  /// Numbers of recomputed layers that all stages can share; nil leaves each its own.
  private var commonCounts: [Int?] {
    let most = workload.model.layers - shape.stages + 1
    switch space.checkpointing {
    case .any: return [nil]
    case .none: return [0]
    case .allOrNoneAlike: return [0, most]
    case .sameCount: return Array(0...most)
    }
  }

  /// A place with the points of some rows.
  private func fill(_ place: Place, _ rows: CommonRows, _ group: Range<Int>, _ count: Int?) -> Place {
    var place = place
    for index in group {
      let block = rows.blocks[index]
      if let count {
        place.sweep.sweep(
          block.row, base: block.base, count: block.count, checkpointed: count, into: &place.frontier)
      } else {
        place.sweep.sweep(block.row, base: block.base, count: block.count, into: &place.frontier)
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
    /// The tape's outputs.
    var row: StrategyRow
    /// Index of the first strategy.
    var base: Int
    /// Strategies of it that count.
    var count: Int
  }

  /// The blocks, in the order of the grid.
  let blocks: [Block]
  /// Blocks among which all stages choose freely.
  let groups: [Range<Int>]

  /// Evaluates a grid; where the stages' states must be alike each strategy is a block and a group of its own.
  init(_ tape: Tape, grid: StrategyGrid, alike: Bool) {
    let width = alike ? 1 : 8
    let count = (grid.strategies.count + width - 1) / width
    let inputs = Columns(rows: 8 * count, columns: 7)
    let outputs = Columns(rows: 8 * count, columns: StrategyRow.columnCount)
    for row in 0..<8 * count {
      let index = min(row / 8 * width + row % 8 % width, grid.strategies.count - 1)
      for (column, value) in grid.strategies[index].inputs.enumerated() { inputs[row, column] = value }
    }
    tape.evaluate(inputs, into: outputs, rows: 0..<8 * count)
    blocks = (0..<count).map { block in
      Block(
        row: StrategyRow(outputs, start: 8 * block), base: block * width,
        count: min(width, grid.strategies.count - block * width))
    }
    groups = alike ? (0..<count).map { $0..<($0 + 1) } : [0..<count]
  }
}
