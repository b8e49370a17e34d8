/// One stage with one number of layers, and the points that were found for it.
struct StagePlace {
  /// The stage, from 0.
  var stage: Int
  /// Its layers.
  var layers: Int
  /// Its formulas and limits.
  var sweep: StageSweep
  /// Its points.
  var frontier: StageFrontier
}

extension [StagePlace] {
  /// Finds the points of all places, which share their settings (one for each kind of recomputation); false when
  /// cancelled.
  ///
  /// The usual strategies come first. A block of the others is evaluated only where its bounds let a place hope for a
  /// point: the frontiers are those of all strategies (docs/pipeline.md, "Inside a stage").
  /// - Complexity: at most one tape row a strategy, and one look at each place a block.
  mutating func fill(
    model: StageModel, settings: [StageSetting], grid: StrategyGrid, cancel: CancelToken
  ) -> Bool {
    let block = StrategyBlock(model.searchTape(for: settings))
    for start in stride(from: 0, to: grid.order.seeds.count, by: StrategyBlock.capacity) {
      let end = Swift.min(start + StrategyBlock.capacity, grid.order.seeds.count)
      block.fill(grid.strategies, grid.order.seeds[start..<end])
      for index in indices { self[index].sweep(block, settings: settings.indices) }
    }
    guard grid.order.seeds.count < grid.strategies.count else { return !cancel.isCancelled }
    let bounds = BlockBounds(model.boundTape(for: settings), grid.order)
    var hopeful = [SIMDMask<SIMD8<Int64>>](repeating: .init(repeating: false), count: count)
    var asking: [Int] = []
    for number in grid.order.corners.indices {
      asking.removeAll(keepingCapacity: true)
      for index in indices {
        if index.isMultiple(of: 256), cancel.isCancelled { return false }
        // Eight blocks at once; those with hope again when it is their turn, since the frontier has grown meanwhile.
        if number.isMultiple(of: 8) {
          hopeful[index] = self[index].mayImprove(bounds, blocks: number, settings: settings.indices)
        }
        guard hopeful[index][number % 8] else { continue }
        if !number.isMultiple(of: 8) {
          let still = self[index].mayImprove(bounds, blocks: number, settings: settings.indices)
          guard still[number % 8] else { continue }
        }
        asking.append(index)
      }
      guard !asking.isEmpty else { continue }
      block.fill(grid.strategies, grid.order.block(number))
      for (done, index) in asking.enumerated() {
        if done.isMultiple(of: 64), cancel.isCancelled { return false }
        self[index].sweep(block, settings: settings.indices)
      }
    }
    return !cancel.isCancelled
  }
}

extension StagePlace {
  /// Adds the candidates of a block under each kind of recomputation.
  fileprivate mutating func sweep(_ block: StrategyBlock, settings: Range<Int>) {
    for setting in settings {
      sweep.recompute = setting
      sweep.sweep(block, setting: setting, into: &frontier)
    }
  }

  /// Which of eight blocks, the one of that number among them, may add a point under some kind of recomputation.
  fileprivate mutating func mayImprove(
    _ bounds: BlockBounds, blocks number: Int, settings: Range<Int>
  ) -> SIMDMask<SIMD8<Int64>> {
    var found = SIMDMask<SIMD8<Int64>>(repeating: false)
    for setting in settings {
      sweep.recompute = setting
      found = found .| sweep.mayImprove(bounds.row(number / 8, setting: setting), frontier, count: 8)
    }
    return found
  }
}

extension StagePlace {
  /// Lower bounds on t and t + d of every candidate that fits, from the bounds of all blocks; nil where none can fit.
  mutating func least(
    _ bounds: BlockBounds, blocks: Int, settings: Range<Int>
  ) -> (stable: Double, firstLast: Double)? {
    var (stable, firstLast) = (Double.infinity, Double.infinity)
    for setting in settings {
      sweep.recompute = setting
      for row in 0..<(blocks + 7) / 8 {
        let least = sweep.least(bounds.row(row, setting: setting), count: blocks - 8 * row)
        stable = Swift.min(stable, least.stable.min())
        firstLast = Swift.min(firstLast, least.firstLast.min())
      }
    }
    return stable < .infinity ? (stable, firstLast) : nil
  }
}
