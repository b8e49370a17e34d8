/// One way to run one stage, before anything is left out because another way is better.
struct StageWay {
  /// The stage, from 0.
  var stage: Int
  /// Its layers.
  var layers: Int
  /// Its strategy, kind of recomputation and recomputed layers.
  var tag: StageTag
  /// Stable micro-batch [t], seconds.
  var stable: Double
  /// First and last micro-batch [t + d], seconds.
  var firstLast: Double
  /// Pinned host memory of all its GPUs on a node, bytes.
  var hostBytes: Double
}

extension ShapeSolver {
  /// Gives `body` every way to run every stage in a plan no slower than `upperBound`, dominated ones too: what stages
  /// share decides which of them a plan needs. Only of stages with numbers of layers that are wanted. False when stopped, or when `body` says that it is enough.
  ///
  /// - Complexity: every strategy, place and number of recomputed layers, once.
  func eachWay(
    model: StageModel, grid: StrategyGrid, upperBound: Double, isWanted: (Int) -> Bool = { _ in true },
    isStopped: () -> Bool, _ body: (StageWay) -> Bool
  ) -> Bool {
    let places = places(upperBound: upperBound).filter { isWanted($0.layers) }
    let tape = model.searchTape(for: space.recomputeKinds.map(shape.setting))
    let allowed = allowedStrategies(grid)
    let block = 512
    let inputs = Columns(rows: block, columns: 7)
    let outputs = Columns(rows: block, columns: tape.outputCount)
    for start in stride(from: 0, to: grid.strategies.count, by: block) {
      let count = min(block, grid.strategies.count - start)
      for row in 0..<(count + 7) / 8 * 8 {
        for (column, value) in grid.strategies[start + min(row, count - 1)].inputs.enumerated() {
          inputs[row, column] = value
        }
      }
      tape.evaluate(inputs, into: outputs, rows: 0..<(count + 7) / 8 * 8)
      for kind in space.recomputeKinds.indices {
        for row in stride(from: 0, to: count, by: 8) {
          if isStopped() { return false }
          let strategies = StrategyRow(outputs, start: row, setting: kind)
          for place in places {
            let goOn = ways(
              of: place, strategies, kind: kind, base: start + row, count: min(8, count - row), allowed, body)
            guard goOn else { return false }
          }
        }
      }
    }
    return true
  }

  /// For each stage which strategies pins allow; nil where all are.
  private func allowedStrategies(_ grid: StrategyGrid) -> [[Bool]?] {
    guard !pins.isEmpty else { return Array(repeating: nil, count: shape.stages) }
    return pins.map { pins in
      guard pins.holds(StagePins.states) else { return nil }
      var allowed = [Bool](repeating: false, count: grid.strategies.count)
      for index in pinned.part(of: grid, allowedBy: pins).places { allowed[index] = true }
      return allowed
    }
  }

  /// The ways of up to eight strategies in one place.
  private func ways(
    of place: StagePlace, _ row: StrategyRow, kind: Int, base: Int, count: Int, _ allowed: [[Bool]?],
    _ body: (StageWay) -> Bool
  ) -> Bool {
    let pins = self.pins(stage: place.stage)
    let (sweep, caps, layers) = (place.sweep, place.frontier.caps, place.sweep.layers)
    for perPass in sweep.held ?? Array(0...layers) {
      // Without recomputed layers all kinds are the same.
      guard space.checkpointing.allows(perPass, of: layers, space.recomputeKinds[kind]) else { continue }
      guard perPass > 0 ? pins.allows(space.recomputeKinds[kind]) : kind == 0, perPass <= layers else { continue }
      let lanes = Lanes(repeating: Double(perPass))
      let checkpointClass = CheckpointClass(perPass, of: layers)
      let times = sweep.times(row, checkpointClass, lanes)
      var hopeful = (Lanes.laneIndices .< Double(count)) .& (times.stable .<= caps.stable)
      hopeful = hopeful .& (times.firstLast .<= caps.firstLast)
      guard any(hopeful) else { continue }
      hopeful = hopeful .& sweep.fits(row, checkpointClass, lanes)
      guard any(hopeful) else { continue }
      let host =
        sweep.formula.hostBytes(row.memory, checkpointed: lanes * Double(shape.interleave)) * Double(shape.gpusPerNode)
      for lane in 0..<8 where hopeful[lane] && (allowed[place.stage]?[base + lane] ?? true) {
        let tag = StageTag(strategy: base + lane, recompute: kind, checkpointed: perPass * shape.interleave)
        let way = StageWay(
          stage: place.stage, layers: place.layers, tag: tag, stable: times.stable[lane],
          firstLast: times.firstLast[lane], hostBytes: host[lane])
        guard body(way) else { return false }
      }
    }
    return true
  }

  /// Stages on a node, 1 where each has nodes of its own.
  var nodeShare: Int { max(1, workload.cluster.gpusPerNode / shape.gpusPerStage) }

  /// The stages of each node that several stages share; empty where each has nodes of its own.
  var sharedNodes: [[Int]] {
    let perNode = nodeShare
    guard perNode > 1 else { return [] }
    return stride(from: 0, to: shape.stages, by: perNode).map { Array($0..<min($0 + perNode, shape.stages)) }
  }

  /// The stages that must have the same number of layers.
  var equalStages: Range<Int> {
    switch space.layerRule {
    case .any: 0..<0
    case .equal: 0..<shape.stages
    case .equalInner: min(1, shape.stages - 1)..<max(1, shape.stages - 1)
    }
  }
}
