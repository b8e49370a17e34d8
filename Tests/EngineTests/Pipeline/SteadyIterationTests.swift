import Testing

@testable import Engine

@Suite struct SteadyIterationTests {
  private let stage = SyntheticStages.stage

  @Test("side work runs beside the end of the iteration before, as drawn by hand")
  func byHand() {
    // Stage 2 has side work of 5 s more than its forward: 7 + 3 + 2 + 3 s until it is free again. Stage 1 is free 2.5 s
    // after it, when the last gradient has come up, so that stage 2 begins at -2.5.
    let stages = [stage(1, 2, 0, 0, 0.5), stage(2, 3, 5, 0, 0)]
    let timeline = ScheduleSimulator.timeline(stages: stages, microBatches: 2, hasBarrier: false)
    #expect(timeline.period == 15 && timeline.makespan == 15)
    #expect(timeline.passes[1].map(\.start) == [1.5, 4.5, 7.5, 9.5])
    #expect(timeline.passes[1].map(\.end) == [4.5, 7.5, 9.5, 12.5])
    #expect(timeline.passes[0].suffix(2).map(\.start) == [12.5, 13])
    let path = timeline.criticalPath.map { [$0.stage, $0.interval] }
    #expect(path == [[1, 0], [1, 1], [1, 2], [1, 3]])
    #expect(SyntheticStages.closedForm(stages, 2) == 15)
    // With a barrier stage 2 begins at 0, and everything comes 2.5 s later.
    #expect(ScheduleSimulator.period(stages: stages, microBatches: 2) == 17.5)
  }

  @Test("a stage may be done after the period, and begins the next iteration as much later")
  func doneLater() {
    var late = stage(2, 3, 5, 4, 0)
    late.forwardFirst.hostToDevice = 6
    late.forwardFirst.deviceToHost = 50
    let stages = [stage(1, 2, 0, 0, 0.5), late]
    let timeline = ScheduleSimulator.timeline(stages: stages, microBatches: 2, hasBarrier: false)
    // 4 s more of stage 2, which sets the pace: it is free at 1.5, and done 1.5 s after stage 1.
    #expect(timeline.period == 19 && timeline.makespan == 20.5)
    #expect(timeline.passes[1].map(\.end) == [8.5, 11.5, 13.5, 20.5])
    #expect(timeline.passes[0].last?.end == 19)
    #expect(timeline.transfers[1].map(\.start) == [1.5, 1.5])
    #expect(timeline.transfers[1].map(\.end) == [7.5, 8.5])
    #expect(timeline.bubbleShare == 1 - 27.0 / 38)
  }

  @Test("side work that begins before time 0 is drawn from there, or not at all where it has ended")
  func clipped() {
    var early = stage(2, 3, 5, 0, 0)
    early.forwardFirst.hostToDevice = 2
    early.forwardFirst.deviceToHost = 4
    let timeline = ScheduleSimulator.timeline(
      stages: [stage(1, 2, 0, 0, 0.5), early], microBatches: 2, hasBarrier: false)
    #expect(timeline.transfers[1].map(\.kind) == [.deviceToHost])
    #expect(timeline.transfers[1].map(\.start) == [0] && timeline.transfers[1].map(\.end) == [1.5])
  }

  @Test("the period is the greatest mean over all circuits of stages, found by brute force")
  func circuits() {
    var noise = SyntheticPipelines.Sequence(seed: 51)
    for trial in 0..<300 {
      let stages = Self.stages(trial, &noise)
      let microBatches = stages.count * Int.random(in: 1...3, using: &noise)
      let steady = SteadyIteration(stages: stages, microBatches: microBatches)
      let expected = Self.greatestMean(stages, microBatches)
      #expect(abs(steady.period - expected) <= 1e-11 * expected, "trial \(trial)")
    }
  }

  @Test("each stage is done one period after it was free, and stage 1 is free at 0")
  func repeats() {
    var noise = SyntheticPipelines.Sequence(seed: 52)
    var beforeZero = 0
    for trial in 0..<300 {
      let stages = Self.stages(trial, &noise)
      let microBatches = stages.count * Int.random(in: 1...3, using: &noise)
      let steady = SteadyIteration(stages: stages, microBatches: microBatches)
      let simulation = steady.simulation
      #expect(simulation.begins[0] == 0)
      for (begin, end) in zip(simulation.begins, simulation.stageEnds) {
        #expect(abs(end - begin - steady.period) <= 1e-11 * steady.period, "trial \(trial)")
        if begin < 0 { beforeZero += 1 }
      }
      let barrier = ScheduleSimulator.period(stages: stages, microBatches: microBatches)
      #expect(steady.period <= barrier * (1 + 1e-12), "trial \(trial)")
    }
    #expect(beforeZero > 200)
  }

  @Test("equal stages without a barrier take exactly their closed form, whatever their extras")
  func equalStages() {
    var noise = SyntheticPipelines.Sequence(seed: 53)
    var exposed = 0
    for trial in 0..<400 {
      let count = Int.random(in: 1...12, using: &noise)
      let microBatches = Int.random(in: 2...30, using: &noise)
      let scale = Double(count) * noise.unit()
      let stages = (0..<count).map { _ in
        let forward = noise.unit()
        return SyntheticStages.stage(
          forward: forward, backward: 1 - forward, first: scale * noise.unit(), last: scale * noise.unit())
      }
      let period = ScheduleSimulator.period(stages: stages, microBatches: microBatches, hasBarrier: false)
      let closedForm = SyntheticStages.closedForm(stages, microBatches)
      #expect(abs(period - closedForm) <= 1e-12 * period, "trial \(trial)")
      if closedForm > Double(microBatches + count - 1) + 0.1 { exposed += 1 }
    }
    #expect(exposed > 100)
  }

  @Test("without a barrier no plan is slower than its closed form if no stage is below the slowest forward")
  func neverSlower() {
    // The table of docs/pipeline.md: none, up to t/2, up to 3t, all that the closed form hides.
    let plans: [(UInt64, Double, (Int, inout SyntheticPipelines.Sequence) -> [StageScore])] = [
      (14, 0.93, { SyntheticStages.realistic($0, extra: 0, &$1) }),
      (15, 0.92, { SyntheticStages.realistic($0, extra: 0.5, &$1) }),
      (16, 0.93, { SyntheticStages.realistic($0, extra: 3, &$1) }),
      (17, 0.95, { SyntheticStages.hidden($0, firstShare: 0.7, &$1) }),
    ]
    for (seed, share, make) in plans {
      var noise = SyntheticPipelines.Sequence(seed: seed)
      var (fastest, slowest) = (Double.infinity, 0.0)
      for _ in 0..<250 {
        let count = [2, 4, 8, 16][Int.random(in: 0...3, using: &noise)]
        let microBatches = count * [1, 2, 4, 8][Int.random(in: 0...3, using: &noise)]
        let stages = make(count, &noise)
        let period = ScheduleSimulator.period(stages: stages, microBatches: microBatches, hasBarrier: false)
        let closedForm = SyntheticStages.closedForm(stages, microBatches)
        (fastest, slowest) = (min(fastest, period / closedForm), max(slowest, period / closedForm))
      }
      #expect(slowest <= 1 + 1e-12)
      #expect(abs(fastest - share) < 0.005, "\(fastest)")
    }
  }

  @Test("the period stays within its proved bounds on any stages")
  func proved() {
    var noise = SyntheticPipelines.Sequence(seed: 55)
    var (tightBelow, tightAbove) = (0, 0)
    for trial in 0..<1500 {
      let microBatches = Int.random(in: 1...30, using: &noise)
      let stages = SyntheticStages.arbitrary(Int.random(in: 1...10, using: &noise), &noise)
      let period = ScheduleSimulator.period(stages: stages, microBatches: microBatches, hasBarrier: false)
      let bounds = ScheduleBounds(stages: stages, microBatches: microBatches, hasBarrier: false)
      #expect(bounds.lower <= period * (1 + 1e-12), "trial \(trial)")
      #expect(period <= bounds.upper * (1 + 1e-12), "trial \(trial)")
      if period <= bounds.lower * (1 + 1e-12) { tightBelow += 1 }
      if stages.count > 1 && microBatches > 1 && period >= bounds.upper * (1 - 1e-12) { tightAbove += 1 }
    }
    #expect(tightBelow > 100 && tightAbove > 10, "\(tightBelow) and \(tightAbove)")
  }

  @Test("the period of interleaved stages stays within its proved bounds")
  func provedInterleaved() {
    var (nearBelow, nearAbove) = (0, 0)
    for (trial, random) in InterleavedCase.random(300, seed: 56).enumerated() {
      let (stages, microBatches) = (random.stages, random.microBatches)
      let period = ScheduleSimulator.period(stages: stages, microBatches: microBatches, hasBarrier: false)
      let bounds = ScheduleBounds(stages: stages, microBatches: microBatches, hasBarrier: false)
      #expect(bounds.lower <= period * (1 + 1e-12), "trial \(trial)")
      #expect(period <= bounds.upper * (1 + 1e-12), "trial \(trial)")
      if period <= bounds.lower * 1.01 { nearBelow += 1 }
      if period >= bounds.upper * 0.95 { nearAbove += 1 }
    }
    #expect(nearBelow > 25 && nearAbove > 10, "\(nearBelow) and \(nearAbove)")
  }

  // MARK: by brute force

  /// Two to six stages of any kind; every third time interleaved.
  private static func stages(_ trial: Int, _ noise: inout SyntheticPipelines.Sequence) -> [StageScore] {
    let count = Int.random(in: 2...6, using: &noise)
    return trial.isMultiple(of: 3)
      ? SyntheticStages.arbitrary(count, chunks: 2, &noise) : SyntheticStages.arbitrary(count, &noise)
  }

  /// The greatest mean of the longest circuits through each number of stages: entries of powers of the matrix that says
  /// how late one stage makes another.
  private static func greatestMean(_ stages: [StageScore], _ microBatches: Int) -> Double {
    let count = stages.count
    // Column j: when every stage is done if only stage j is free late.
    let columns = (0..<count).map { late in
      ScheduleSimulation(
        stages: stages, microBatches: microBatches, begins: (0..<count).map { $0 == late ? 0 : -.infinity }
      ).stageEnds
    }
    var power = columns
    var greatest = -Double.infinity
    for length in 1...count {
      for start in 0..<count { greatest = max(greatest, power[start][start] / Double(length)) }
      power = power.map { column in
        (0..<count).map { end in (0..<count).map { column[$0] + columns[$0][end] }.max() ?? 0 }
      }
    }
    return greatest
  }
}
