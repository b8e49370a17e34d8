import Testing

@testable import Engine

@Suite struct ScheduleBoundsTests {
  @Test("equal stages without extras simulate to the closed form, however a stage is split into its passes")
  func equalStages() {
    var noise = SyntheticPipelines.Sequence(seed: 11)
    for _ in 0..<200 {
      let count = Int.random(in: 1...12, using: &noise)
      let microBatches = Int.random(in: 1...30, using: &noise)
      let stages = (0..<count).map { _ in
        let forward = noise.unit()
        return SyntheticStages.stage(forward: forward, backward: 1 - forward)
      }
      let simulated = ScheduleSimulator.makespan(stages: stages, microBatches: microBatches)
      #expect(abs(simulated - SyntheticStages.closedForm(stages, microBatches)) <= 1e-12 * simulated)
    }
  }

  @Test("one stage with an extra, and one micro-batch, simulate to the closed form")
  func oneStage() {
    var noise = SyntheticPipelines.Sequence(seed: 12)
    for microBatches in 1...20 {
      let one = SyntheticStages.realistic(1, extra: 1, microBatches: microBatches, &noise)
      let simulated = ScheduleSimulator.makespan(stages: one, microBatches: microBatches)
      #expect(abs(simulated - SyntheticStages.closedForm(one, microBatches)) <= 1e-12 * simulated)
      let many = SyntheticStages.realistic(microBatches, extra: 1, microBatches: 1, &noise)
      let single = ScheduleSimulator.makespan(stages: many, microBatches: 1)
      #expect(abs(single - SyntheticStages.closedForm(many, 1)) <= 1e-12 * single)
    }
  }

  @Test("the simulated time stays within its proved bounds on any stages")
  func proved() {
    var noise = SyntheticPipelines.Sequence(seed: 13)
    var (tightBelow, tightAbove) = (0, 0)
    for trial in 0..<2000 {
      let count = Int.random(in: 1...10, using: &noise)
      let microBatches = Int.random(in: 1...30, using: &noise)
      // Anything goes: passes of any ratio, stages 50 times slower than others, extras of either sign.
      let stages = (0..<count).map { index in
        let forward = noise.unit() < 0.2 ? 5 * noise.unit() : 0.1 + noise.unit()
        let backward = noise.unit() < 0.2 ? 5 * noise.unit() : 0.1 + noise.unit()
        return SyntheticStages.stage(
          forward: forward, backward: backward, first: (1.5 * noise.unit() - 0.5) * forward,
          last: (1.5 * noise.unit() - 0.5) * backward, transfer: index == count - 1 ? 0 : 0.2 * noise.unit())
      }
      let simulated = ScheduleSimulator.makespan(stages: stages, microBatches: microBatches)
      let bounds = ScheduleBounds(stages: stages, microBatches: microBatches)
      #expect(bounds.lower <= simulated * (1 + 1e-12), "trial \(trial)")
      #expect(simulated <= bounds.upper * (1 + 1e-12), "trial \(trial)")
      if simulated <= bounds.lower * (1 + 1e-12) { tightBelow += 1 }
      if simulated >= bounds.upper * (1 - 1e-12) { tightAbove += 1 }
    }
    // Both are reached, so neither could be moved by a constant factor.
    #expect(tightBelow > 100 && tightAbove > 10)
  }

  @Test("without extras a plan of similar stages never simulates slower than the closed form, and little faster")
  func withoutExtras() {
    var noise = SyntheticPipelines.Sequence(seed: 14)
    var fastest = 1.0
    for _ in 0..<1000 {
      let count = [2, 4, 8, 16][Int.random(in: 0...3, using: &noise)]
      let microBatches = [4, 8, 16, 32, 64, 128][Int.random(in: 0...5, using: &noise)]
      let stages = SyntheticStages.realistic(count, extra: 0, microBatches: microBatches, &noise)
      let simulated = ScheduleSimulator.makespan(stages: stages, microBatches: microBatches)
      let ratio = simulated / SyntheticStages.closedForm(stages, microBatches)
      #expect(ratio <= 1 + 1e-12)
      fastest = min(fastest, ratio)
    }
    #expect(fastest >= 0.91 && fastest < 0.95)
  }

  @Test("with extras the simulation is slower by at most their sum, as measured")
  func withExtras() {
    var noise = SyntheticPipelines.Sequence(seed: 15)
    var (slowest, fastest) = (1.0, 1.0)
    for _ in 0..<1000 {
      let count = [2, 4, 8, 16][Int.random(in: 0...3, using: &noise)]
      let microBatches = count * [1, 2, 4, 8][Int.random(in: 0...3, using: &noise)]
      let stages = SyntheticStages.realistic(count, extra: 0.5, microBatches: microBatches, &noise)
      let simulated = ScheduleSimulator.makespan(stages: stages, microBatches: microBatches)
      let closedForm = SyntheticStages.closedForm(stages, microBatches)
      #expect(simulated - closedForm <= stages.reduce(0) { $0 + max(0, $1.deltaSeconds) } + 1e-9)
      (slowest, fastest) = (max(slowest, simulated / closedForm), min(fastest, simulated / closedForm))
    }
    #expect(slowest > 1.1 && slowest < 1.16 && fastest > 0.93 && fastest < 1)
  }
}
