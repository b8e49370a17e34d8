import Testing

@testable import Engine

/// What chunks of a stage cost, put together from the same formulas as the stage.
@Suite struct InterleavedScoreTests {
  private func scores(_ chunks: [Int]) throws -> [PlanScore] {
    var workload = PlanFixtures.workload(nodes: 4, gpusPerNode: 4, layers: 24, batch: 64)
    workload.run.runtime = "megatron-lm"
    var scorer = PlanScorer(model: StageModel(workload: workload))
    var stage = PlanFixtures.stage(layers: 6, gpusPerNode: 4)
    stage.checkpointedLayers = 0
    let plan = Plan(gradientAccumulation: 32, stages: [StageChoice](repeating: stage, count: 4))
    return try chunks.map { count throws in
      var interleaved = plan
      interleaved.interleave = count
      return try scorer.score(interleaved)
    }
  }

  @Test(
    "on a runtime without transfers beside kernels the chunks' passes add up to the stage's, end of the step included")
  func addUp() throws {
    let found = try scores([1, 2, 3, 6])
    for score in found.dropFirst() {
      for (stage, plain) in zip(score.stages, found[0].stages) {
        for pass in [\StageScore.forward, \.forwardFirst, \.backward, \.backwardLast] {
          #expect(abs(stage[keyPath: pass].elapsed - plain[keyPath: pass].elapsed) < 1e-12)
          #expect(abs(stage[keyPath: pass].compute - plain[keyPath: pass].compute) < 1e-12)
          #expect(abs(stage[keyPath: pass].collective - plain[keyPath: pass].collective) < 1e-12)
        }
        // The step and the reduction of all chunks follow the stage's last pass.
        let extra = stage.backwardLast.elapsed - stage.backward.elapsed
        #expect(extra > 0)
        #expect(abs(stage.chunks[0].backwardLast.elapsed - stage.chunks[0].backward.elapsed - extra) < 1e-12)
        for chunk in stage.chunks.dropFirst() {
          #expect(abs(chunk.backwardLast.elapsed - chunk.backward.elapsed) < 1e-12)
        }
      }
    }
  }

  @Test(
    "the embedding is in the first chunk of the first stage, the head in the last of the last, and all send but that")
  func ends() throws {
    let score = try scores([3])[0]
    let forwards = score.stages.map { $0.chunks.map(\.forward.elapsed) }
    let inner = forwards[1][1]
    for (stage, row) in forwards.enumerated() {
      for (chunk, seconds) in row.enumerated() {
        let isEnd = (stage, chunk) == (0, 0) || (stage, chunk) == (3, 2)
        #expect(isEnd ? seconds > inner * 1.01 : abs(seconds - inner) < 1e-12, "stage \(stage) chunk \(chunk)")
      }
    }
    let sends = score.stages.map { $0.chunks.map { $0.pointToPointSeconds > 0 } }
    #expect(sends == [[true, true, true], [true, true, true], [true, true, true], [true, true, false]])
    #expect(score.stages[0].pointToPointSeconds == 3 * score.stages[0].chunks[0].pointToPointSeconds)
  }

  @Test("more chunks: less waiting, more point-to-point, more activations, the same states")
  func tradeOff() throws {
    let found = try scores([1, 2, 3])
    #expect(found[0].bubbleShare > found[1].bubbleShare && found[1].bubbleShare > found[2].bubbleShare)
    for (fewer, more) in zip(found, found.dropFirst()) {
      for (a, b) in zip(fewer.stages, more.stages) {
        #expect(a.memory.weights == b.memory.weights && a.memory.optimizer == b.memory.optimizer)
      }
      #expect(fewer.stages[0].pointToPointSeconds < more.stages[0].pointToPointSeconds)
    }
    // Four micro-batches in flight on the first stage; (3*2 + 4 + 1)/2 and (3*2 + 2*4 + 1)/3 of one interleaved; six
    // layers each, less the one in work, which is counted as transient.
    let held = found.map(\.stages[0].memory.activations)
    #expect(abs(held[1] / held[0] - 32.0 / 23) < 1e-9 && abs(held[2] / held[0] - 29.0 / 23) < 1e-9)
    // The last stage holds one micro-batch, or (4 + 1)/2 and (2*4 + 1)/3.
    let last = found.map(\.stages[3].memory.activations)
    #expect(last[1] > 2 * last[0] && last[2] > last[1])
  }

  @Test("the breakdown of an interleaved stage is its allocated memory, wherever the peak is")
  func fullest() {
    var noise = SyntheticPipelines.Sequence(seed: 51)
    for _ in 0..<500 {
      let values = (0..<MemoryParts<Double>.count).map { _ in noise.unit() * 1e9 }
      let parts = MemoryParts<Double>(values: { values[$0] }, start: 0)
      let constants = StageConstants(values: (0..<StageConstants.count).map { _ in noise.unit() * 1e8 })
      let (stages, chunks) = (Int.random(in: 2...6, using: &noise), Int.random(in: 2...3, using: &noise))
      let stage = Int.random(in: 0..<stages, using: &noise)
      let formula = StageFormula(
        position: StagePosition(
          layers: 6, isFirst: stage == 0, isLast: stage == stages - 1,
          activations: ActivationsInFlight(stage: stage, stages: stages, microBatches: 2 * stages, chunks: chunks)),
        constants: constants, tied: false)
      let checkpointed = [0, 6].randomElement(using: &noise) ?? 0
      let kind = CheckpointClass(checkpointed, of: 6)
      let allocated = formula.allocatedBytes(parts, class: kind, checkpointed: Double(checkpointed))
      let breakdown = formula.fullestMoment(parts, class: kind, checkpointed: Double(checkpointed))
      #expect(abs(breakdown.allocated - allocated) <= 1e-9 * abs(allocated))
      guard kind == .all else { continue }
      #expect(abs((formula.momentBytes(parts).max() ?? 0) - allocated) <= 1e-9 * abs(allocated))
    }
  }
}
