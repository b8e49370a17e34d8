import Testing

@testable import Engine

/// The sweep over strategies and checkpoint counts against plain enumeration.
@Suite struct StageSweepTests {
  private func random(_ seed: UInt64) -> () -> Double {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / Double(1 << 53)
    }
  }

  /// Random slots and memory parts of eight strategies; slots of recomputed layers may be cheaper than of kept ones in
  /// one row and dearer in the other (interference is not monotone), saved bytes of recomputed layers never larger.
  private func row(_ next: () -> Double) -> StrategyRow {
    func lanes(_ low: Double, _ high: Double) -> Lanes {
      var lanes = Lanes()
      for lane in 0..<8 { lanes[lane] = low + (high - low) * next() }
      return lanes
    }
    let stable = (0..<PassSlots<Lanes>.count).map { _ in lanes(0.9, 1.1) }
    let firstLast = (0..<PassSlots<Lanes>.count).map { _ in lanes(0.7, 1.5) }
    var memory = (0..<MemoryParts<Lanes>.count).map { _ in lanes(0, 1) }
    memory[15] = memory[14] * lanes(0, 1)  // kept: recomputed <= plain
    memory[17] = memory[16] * lanes(0, 1)
    memory[23] = memory[22] * lanes(0, 1)
    // Optimizer states in work are at least the resident ones: of the layer, the embedding and the head.
    for (whole, resident) in [(9, 2), (10, 5), (11, 8)] { memory[whole] = memory[resident] + lanes(0, 1) }
    return StrategyRow(
      stable: PassSlots(values: { stable[$0] }, start: 0), firstLast: PassSlots(values: { firstLast[$0] }, start: 0),
      memory: MemoryParts(values: { memory[$0] }, start: 0))
  }

  private func sweep(layers: Int, next: () -> Double, limit: Double) -> StageSweep {
    var constants = StageConstants()
    constants.boundaryBytes = 0.1
    constants.layerForwardPeakBytes = next()
    constants.layerBackwardPeakBytes = next()
    constants.logitsBytes = next()
    let position = StagePosition(
      layers: layers, isFirst: next() < 0.3, isLast: next() < 0.3, inFlight: Int(next() * 4))
    let machine = Workload(
      name: "t", model: TestMachines.gpt(hidden: 64, layers: layers, heads: 4),
      cluster: TestMachines.cluster(nodes: 1, gpusPerNode: 1),
      run: TrainingRun(sequenceLength: 8, globalBatch: 1))
    var limits = StageLimits(workload: machine, runtime: .mist, gpusOnNode: 1, isLastOfMany: false)
    limits.allocated = limit
    limits.host = limit
    return StageSweep(
      formula: StageFormula(position: position, constants: constants, tied: false), limits: limits, fixedSeconds: 0.2,
      singleMicroBatch: next() < 0.1)
  }

  @Test("the candidates for c give the same frontier as trying every c, on 4,000 random stages")
  func candidates() {
    let next = random(7)
    for _ in 0..<500 {
      let layers = 1 + Int(next() * 12)
      let row = row(next)
      let sweep = sweep(layers: layers, next: next, limit: Double(layers) * (1 + 6 * next()))
      var found = StageFrontier()
      sweep.sweep(row, StrategyLanes(base: 0, count: 8), into: &found)
      var expected = StageFrontier()
      for lane in 0..<8 {
        for checkpointed in 0...layers {
          let kind = CheckpointClass(checkpointed, of: layers)
          let count = Lanes(repeating: Double(checkpointed))
          guard sweep.fits(row, kind, count)[lane] else { continue }
          let times = sweep.times(row, kind, count)
          expected.insert(stable: times.stable[lane], firstLast: times.firstLast[lane], tag: 0)
        }
      }
      #expect(found.points.map(\.stable) == expected.points.map(\.stable))
      #expect(found.points.map(\.firstLast) == expected.points.map(\.firstLast))
    }
  }

  @Test("the same for chunks of interleaved stages, and where recomputed layers keep more than others")
  func candidatesOfChunks() {
    let next = random(23)
    for round in 0..<400 {
      let chunks = 1 + round % 3
      let layers = chunks * (1 + Int(next() * 8))
      var row = row(next)
      if round % 2 == 0 {
        swap(&row.memory.kept.plain, &row.memory.kept.checkpointed)
        swap(&row.memory.activationHost.plain, &row.memory.activationHost.checkpointed)
      }
      var sweep = sweep(layers: layers, next: next, limit: Double(layers) * (1 + 6 * next()))
      sweep.chunks = chunks
      sweep.recompute = 1
      var found = StageFrontier()
      sweep.sweep(row, StrategyLanes(base: 0, count: 8), into: &found)
      var expected = StageFrontier()
      for lane in 0..<8 {
        // Without recomputed layers the first kind has the point already.
        for perChunk in 1...layers / chunks {
          let kind = CheckpointClass(perChunk, of: layers / chunks)
          let count = Lanes(repeating: Double(perChunk))
          guard sweep.fits(row, kind, count)[lane] else { continue }
          let times = sweep.times(row, kind, count)
          expected.insert(stable: times.stable[lane], firstLast: times.firstLast[lane], tag: 0)
        }
      }
      #expect(found.points.map(\.stable) == expected.points.map(\.stable))
      #expect(found.points.map(\.firstLast) == expected.points.map(\.firstLast))
      for point in found.points {
        let tag = StageTag(packed: point.tag)
        #expect(tag.recompute == 1 && tag.checkpointed.isMultiple(of: chunks) && tag.checkpointed <= layers)
      }
    }
  }

  @Test("a frontier keeps no point that another matches or beats")
  func frontier() {
    let next = random(11)
    for _ in 0..<200 {
      var frontier = StageFrontier(caps: StageCaps(stable: 0.9, firstLast: 0.9))
      var all: [(Double, Double)] = []
      for index in 0..<40 {
        let point = ((next() * 10).rounded() / 10, (next() * 10).rounded() / 10)
        all.append(point)
        frontier.insert(stable: point.0, firstLast: point.1, tag: index)
      }
      let kept = all.filter { point in
        point.0 <= 0.9 && point.1 <= 0.9
          && !all.contains { $0 != point && $0.0 <= point.0 && $0.1 <= point.1 }
      }
      #expect(Set(frontier.points.map(\.stable)) == Set(kept.map(\.0)))
      #expect(zip(frontier.points, frontier.points.dropFirst()).allSatisfy { $0.stable < $1.stable })
      #expect(zip(frontier.points, frontier.points.dropFirst()).allSatisfy { $0.firstLast > $1.firstLast })
    }
  }

  @Test("memory at its fullest moment is the sum of its parts")
  func breakdown() {
    let next = random(3)
    for _ in 0..<500 {
      let layers = 1 + Int(next() * 10)
      let formula = sweep(layers: layers, next: next, limit: 1).formula
      let checkpointed = Int(next() * Double(layers + 1))
      let row = row(next)
      let numbers = row.memory.values.map { $0[0] }
      let parts = MemoryParts<Double>(values: { numbers[$0] }, start: 0)
      let kind = CheckpointClass(checkpointed, of: layers)
      let expected = formula.allocatedBytes(parts, class: kind, checkpointed: Double(checkpointed))
      let moment = formula.fullestMoment(parts, class: kind, checkpointed: Double(checkpointed))
      #expect(abs(moment.allocated - expected) < 1e-9 * expected)
      let all = formula.allocatedBytes(parts, class: .all, checkpointed: Double(layers))
      #expect(abs((formula.momentBytes(parts).max() ?? 0) - all) < 1e-9 * all)
    }
  }
}
