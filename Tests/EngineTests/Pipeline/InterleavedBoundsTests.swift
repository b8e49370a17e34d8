import Testing

@testable import Engine

@Suite struct InterleavedBoundsTests {
  @Test("the simulated time of interleaved stages stays within its proved bounds")
  func proved() {
    var (nearBelow, nearAbove) = (0, 0)
    for (trial, random) in InterleavedCase.random(300, seed: 31).enumerated() {
      let (stages, microBatches) = (random.stages, random.microBatches)
      let simulated = ScheduleSimulator.period(stages: stages, microBatches: microBatches)
      let bounds = ScheduleBounds(stages: stages, microBatches: microBatches)
      #expect(bounds.lower <= simulated * (1 + 1e-12), "trial \(trial)")
      #expect(simulated <= bounds.upper * (1 + 1e-12), "trial \(trial)")
      if simulated <= bounds.lower * 1.01 { nearBelow += 1 }
      if simulated >= bounds.upper * 0.95 { nearAbove += 1 }
    }
    // Neither bound is far from what happens.
    #expect(nearBelow > 25 && nearAbove > 10, "\(nearBelow) and \(nearAbove)")
  }

  @Test("alike interleaved stages with an embedding and a head simulate within 5 % of the closed form")
  func alike() {
    let measured = measure(seed: 34) { SyntheticStages.realistic($0, chunks: $1, extra: 0, isAlike: true, &$2) }
    #expect(measured.fastest > 0.95 && measured.fastest < 0.965, "\(measured)")
    #expect(measured.slowest > 1.02 && measured.slowest < 1.03, "\(measured)")
  }

  @Test("interleaved stages within 20 % of each other simulate within 7 % of the closed form")
  func withoutExtras() {
    let measured = measure(seed: 32) { SyntheticStages.realistic($0, chunks: $1, extra: 0, &$2) }
    #expect(measured.fastest > 0.94 && measured.fastest < 0.96, "\(measured)")
    #expect(measured.slowest > 1.06 && measured.slowest < 1.07, "\(measured)")
  }

  @Test("with extras up to half a stage's time the distance is the one in the page")
  func withExtras() {
    let measured = measure(seed: 33) { SyntheticStages.realistic($0, chunks: $1, extra: 0.5, &$2) }
    #expect(measured.fastest > 0.89 && measured.fastest < 0.92, "\(measured)")
    #expect(measured.slowest > 1.06 && measured.slowest < 1.08, "\(measured)")
  }

  /// Simulated time over closed form, the least and the greatest of 250 plans of 2 to 16 stages of 2 to 6 chunks and 1
  /// to 8 micro-batches a stage.
  private func measure(
    seed: UInt64, plans: (Int, Int, inout SyntheticPipelines.Sequence) -> [StageScore]
  ) -> (fastest: Double, slowest: Double) {
    var noise = SyntheticPipelines.Sequence(seed: seed)
    var (fastest, slowest) = (Double.infinity, 0.0)
    for _ in 0..<250 {
      let count = [2, 4, 8, 16][Int.random(in: 0...3, using: &noise)]
      let chunks = [2, 3, 4, 6][Int.random(in: 0...3, using: &noise)]
      let microBatches = count * [1, 2, 4, 8][Int.random(in: 0...3, using: &noise)]
      let stages = plans(count, chunks, &noise)
      let simulated = ScheduleSimulator.period(stages: stages, microBatches: microBatches)
      let closedForm = SyntheticStages.closedForm(stages, microBatches)
      (fastest, slowest) = (min(fastest, simulated / closedForm), max(slowest, simulated / closedForm))
    }
    return (fastest, slowest)
  }
}
