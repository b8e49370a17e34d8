import Testing

@testable import Engine

@Suite struct ScheduleBoundsTests {
  @Test("equal stages simulate to the closed form, and beyond it by what their extras leave exposed more")
  func equalStages() {
    var noise = SyntheticPipelines.Sequence(seed: 11)
    var (equal, slower) = (0, 0)
    for trial in 0..<400 {
      let count = Int.random(in: 1...12, using: &noise)
      let microBatches = Int.random(in: 2...30, using: &noise)
      // However a stage is split into its passes; every other trial without extras.
      let scale = trial.isMultiple(of: 2) ? 0 : 3 * noise.unit()
      let stages = (0..<count).map { _ in
        let forward = noise.unit()
        return SyntheticStages.stage(
          forward: forward, backward: 1 - forward, first: scale * noise.unit(), last: scale * noise.unit())
      }
      let simulated = ScheduleSimulator.period(stages: stages, microBatches: microBatches)
      let closedForm = SyntheticStages.closedForm(stages, microBatches)
      let exposed = SyntheticStages.exposedExtras(stages)
      let expected = closedForm + exposed.simulated - exposed.closedForm
      #expect(abs(simulated - expected) <= 1e-12 * simulated, "trial \(trial)")
      #expect(simulated >= closedForm * (1 - 1e-12), "trial \(trial)")
      if scale > 0 && simulated <= closedForm * (1 + 1e-12) { equal += 1 }
      if simulated > closedForm * (1 + 1e-6) { slower += 1 }
    }
    // Both happen with extras: one stage sets both ends of the iteration, or two do.
    #expect(equal > 20 && slower > 20)
  }

  @Test("one stage with an extra simulates to the closed form, and one micro-batch hides what that adds up")
  func oneStage() {
    var noise = SyntheticPipelines.Sequence(seed: 12)
    for count in 1...20 {
      let one = SyntheticStages.realistic(1, extra: 1, &noise)
      let simulated = ScheduleSimulator.period(stages: one, microBatches: count)
      #expect(abs(simulated - SyntheticStages.closedForm(one, count)) <= 1e-12 * simulated)
      let many = SyntheticStages.realistic(count, extra: 3, &noise)
      let single = ScheduleSimulator.period(stages: many, microBatches: 1)
      let plain = many.reduce(0) { $0 + $1.stableSeconds }
      #expect(abs(single - plain - SyntheticStages.exposedExtras(many).simulated) <= 1e-12 * single)
      #expect(single <= SyntheticStages.closedForm(many, 1) * (1 + 1e-12))
      let bounds = ScheduleBounds(stages: many, microBatches: 1)
      #expect(bounds.lower == bounds.upper && abs(bounds.upper - single) <= 1e-12 * single)
    }
  }

  @Test("the simulated time stays within its proved bounds on any stages")
  func proved() {
    var noise = SyntheticPipelines.Sequence(seed: 13)
    var (tightBelow, tightAbove) = (0, 0)
    for trial in 0..<2000 {
      let count = Int.random(in: 1...10, using: &noise)
      let microBatches = Int.random(in: 1...30, using: &noise)
      let stages = SyntheticStages.arbitrary(count, &noise)
      let simulated = ScheduleSimulator.period(stages: stages, microBatches: microBatches)
      let bounds = ScheduleBounds(stages: stages, microBatches: microBatches)
      #expect(bounds.lower <= simulated * (1 + 1e-12), "trial \(trial)")
      #expect(simulated <= bounds.upper * (1 + 1e-12), "trial \(trial)")
      if simulated <= bounds.lower * (1 + 1e-12) { tightBelow += 1 }
      if count > 1 && microBatches > 1 && simulated >= bounds.upper * (1 - 1e-12) { tightAbove += 1 }
    }
    // Both are reached, so neither could be moved by a constant factor.
    #expect(tightBelow > 100 && tightAbove > 10)
  }

  @Test("without extras a plan of similar stages never simulates slower than the closed form, and little faster")
  func withoutExtras() {
    let measured = measure(seed: 14) { SyntheticStages.realistic($0, extra: 0, &$1) }
    #expect(measured.slowest <= 1 + 1e-12)
    #expect(measured.fastest >= 0.91 && measured.fastest < 0.95)
  }

  @Test("with extras up to half a stage's time the simulation is hardly slower than the closed form")
  func withExtras() {
    let measured = measure(seed: 15) { SyntheticStages.realistic($0, extra: 0.5, &$1) }
    #expect(measured.slowest > 1.01 && measured.slowest < 1.02)
    #expect(measured.fastest > 0.91 && measured.fastest < 0.93)
    #expect(measured.slower < 20)
  }

  @Test("with extras up to three times a stage's time the distance is the one in the page")
  func withLongExtras() {
    let measured = measure(seed: 16) { SyntheticStages.realistic($0, extra: 3, &$1) }
    #expect(measured.slowest > 1.16 && measured.slowest < 1.19)
    #expect(measured.fastest > 0.92 && measured.fastest < 0.94)
  }

  @Test("with extras as long as the closed form can hide the simulation shows what the fill cannot")
  func withHiddenExtras() {
    let measured = measure(seed: 17) { SyntheticStages.hidden($0, firstShare: 0.7, &$1) }
    #expect(measured.slowest > 1.24 && measured.slowest < 1.27)
    #expect(measured.fastest > 0.93 && measured.fastest < 0.95)
  }

  /// Simulated time over closed form, the least and the greatest of 1,000 plans of 2 to 16 stages and 1 to 8
  /// micro-batches a stage, and how many are slower; each is held against what `ScheduleBounds` proves about the two.
  private func measure(
    seed: UInt64, plans: (Int, inout SyntheticPipelines.Sequence) -> [StageScore]
  ) -> (fastest: Double, slowest: Double, slower: Int) {
    var noise = SyntheticPipelines.Sequence(seed: seed)
    var (fastest, slowest, slower) = (Double.infinity, 0.0, 0)
    for trial in 0..<1000 {
      let count = [2, 4, 8, 16][Int.random(in: 0...3, using: &noise)]
      let microBatches = count * [1, 2, 4, 8][Int.random(in: 0...3, using: &noise)]
      let stages = plans(count, &noise)
      let simulated = ScheduleSimulator.period(stages: stages, microBatches: microBatches)
      let closedForm = SyntheticStages.closedForm(stages, microBatches)
      let exposed = SyntheticStages.exposedExtras(stages)
      #expect(simulated - closedForm <= exposed.simulated - exposed.closedForm + 1e-9, "trial \(trial)")
      (fastest, slowest) = (min(fastest, simulated / closedForm), max(slowest, simulated / closedForm))
      if simulated > closedForm * (1 + 1e-9) { slower += 1 }
    }
    return (fastest, slowest, slower)
  }
}
