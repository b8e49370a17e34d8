import Testing

@testable import Engine

@Suite struct ScheduleSimulatorTests {
  private let stage = SyntheticStages.stage

  @Test("two stages and three micro-batches run as drawn by hand")
  func byHand() throws {
    // Stage 1: forward 1, send 0.5, receive 0.5, backward 2; stage 2: forward 2, backward 3.
    let stages = [
      stage(1, 2, 0, 0, 0.5), stage(2, 3, 0, 0, 0),
    ]
    let timeline = ScheduleSimulator.oneForwardOneBackward(stages: stages, microBatches: 3)
    let drawn: [[(TimelineKind, Int, Double, Double)]] = [
      [
        (.forward, 0, 0, 1), (.pointToPoint, 0, 1, 1.5), (.forward, 1, 1.5, 2.5), (.pointToPoint, 1, 2.5, 3),
        (.pointToPoint, 0, 6.5, 7), (.backward, 0, 7, 9), (.forward, 2, 9, 10), (.pointToPoint, 2, 10, 10.5),
        (.pointToPoint, 1, 11.5, 12), (.backward, 1, 12, 14), (.pointToPoint, 2, 16.5, 17), (.backward, 2, 17, 19),
      ],
      [
        (.forward, 0, 1.5, 3.5), (.backward, 0, 3.5, 6.5), (.forward, 1, 6.5, 8.5), (.backward, 1, 8.5, 11.5),
        (.forward, 2, 11.5, 13.5), (.backward, 2, 13.5, 16.5),
      ],
    ]
    let expected = drawn.map { row in
      row.map { TimelineInterval(kind: $0.0, microBatch: $0.1, start: $0.2, end: $0.3) }
    }
    #expect(timeline.passes == expected)
    #expect(timeline.makespan == 19)
    // Forward 1 of stage 1, all of stage 2, and the last backward back up.
    let path = timeline.criticalPath.map { [$0.stage, $0.interval] }
    #expect(path == [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2], [1, 3], [1, 4], [1, 5], [0, 10], [0, 11]])
    #expect(timeline.makespan == SyntheticStages.closedForm(stages, 3))
  }

  @Test("the first forward and the last backward take their own times, and one micro-batch is both")
  func firstAndLast() {
    let stages = [stage(1, 2, 0.25, 0.5, 0)]
    #expect(ScheduleSimulator.makespan(stages: stages, microBatches: 4) == 12.75)
    #expect(ScheduleSimulator.makespan(stages: stages, microBatches: 1) == 3.75)
    let passes = ScheduleSimulator.oneForwardOneBackward(stages: stages, microBatches: 2).passes[0]
    #expect(passes.map { $0.end - $0.start } == [1.25, 2, 1, 2.5])
  }

  @Test("each stage warms up, alternates and cools down, with every pass once", arguments: [1, 2, 5, 8, 40])
  func order(microBatches: Int) {
    for stages in [1, 2, 8] {
      for stage in 0..<stages {
        let order = ScheduleOrder(stage: stage, stages: stages, microBatches: microBatches)
        var (forwards, backwards, mostInFlight) = (0, 0, 0)
        for operation in 0..<(2 * microBatches) {
          let (isForward, microBatch) = order[operation]
          #expect(microBatch == (isForward ? forwards : backwards))
          #expect((isForward ? order.forward(microBatch) : order.backward(microBatch)) == operation)
          if isForward { forwards += 1 } else { backwards += 1 }
          mostInFlight = max(mostInFlight, forwards - backwards)
        }
        #expect(forwards == microBatches && backwards == microBatches)
        #expect(mostInFlight == min(stages - stage, microBatches))
      }
    }
  }

  @Test("every timeline is legal: no overlap in a stage, no pass before what it needs, an unbroken critical path")
  func legal() throws {
    var noise = SyntheticPipelines.Sequence(seed: 5)
    for trial in 0..<60 {
      let count = Int.random(in: 1...9, using: &noise)
      let microBatches = Int.random(in: 1...20, using: &noise)
      let stages = SyntheticStages.realistic(count, extra: 0.5, microBatches: microBatches, &noise)
      let timeline = ScheduleSimulator.oneForwardOneBackward(stages: stages, microBatches: microBatches)
      #expect(timeline.makespan == ScheduleSimulator.makespan(stages: stages, microBatches: microBatches))
      for index in 0..<count { checkStage(timeline.passes[index], stages[index], microBatches, "\(trial)") }
      checkDependencies(timeline, microBatches, "\(trial)")
      checkCriticalPath(timeline, "\(trial)")
      checkTransfers(timeline, stages, microBatches, "\(trial)")
    }
  }

  private func checkStage(_ passes: [TimelineInterval], _ score: StageScore, _ microBatches: Int, _ trial: Comment) {
    for (one, next) in zip(passes, passes.dropFirst()) { #expect(one.end <= next.start, trial) }
    #expect(passes.allSatisfy { $0.start <= $0.end }, trial)
    let busy = passes.reduce(0) { $0 + $1.end - $1.start }
    let own =
      microBatches == 1
      ? score.stableSeconds : Double(microBatches) * score.stableSeconds + score.deltaSeconds
    #expect(abs(busy - own) <= 1e-12 * own, trial)
  }

  private func checkDependencies(_ timeline: Timeline, _ microBatches: Int, _ trial: Comment) {
    func interval(_ stage: Int, _ kind: TimelineKind, _ microBatch: Int) -> TimelineInterval? {
      timeline.passes[stage].first { $0.kind == kind && $0.microBatch == microBatch }
    }
    for stage in timeline.passes.indices {
      for microBatch in 0..<microBatches {
        guard let forward = interval(stage, .forward, microBatch), let backward = interval(stage, .backward, microBatch)
        else {
          Issue.record("a pass is missing")
          continue
        }
        #expect(forward.end <= backward.start, trial)
        let transfers = timeline.passes[stage].filter { $0.kind == .pointToPoint && $0.microBatch == microBatch }
        guard stage + 1 < timeline.passes.count else {
          #expect(transfers.isEmpty, trial)
          continue
        }
        #expect(transfers.count == 2, trial)
        #expect(transfers.first?.start == forward.end && transfers.last?.end == backward.start, trial)
        let next = (interval(stage + 1, .forward, microBatch), interval(stage + 1, .backward, microBatch))
        #expect(next.0.map { (transfers.first?.end ?? .infinity) <= $0.start } == true, trial)
        #expect(next.1.map { $0.end <= (transfers.last?.start ?? 0) } == true, trial)
      }
    }
  }

  private func checkCriticalPath(_ timeline: Timeline, _ trial: Comment) {
    let steps = timeline.criticalPath.map { timeline.passes[$0.stage][$0.interval] }
    #expect(steps.first?.start == 0 && steps.last?.end == timeline.makespan, trial)
    for (one, next) in zip(steps, steps.dropFirst()) { #expect(one.end == next.start, trial) }
  }

  private func checkTransfers(_ timeline: Timeline, _ stages: [StageScore], _ microBatches: Int, _ trial: Comment) {
    for (index, transfers) in timeline.transfers.enumerated() {
      for (one, next) in zip(transfers, transfers.dropFirst()) { #expect(one.start <= next.start, trial) }
      let collectives = transfers.filter { $0.kind == .collective }
      #expect(collectives.allSatisfy { $0.microBatch == microBatches - 1 }, trial)
      let busy = collectives.reduce(0) { $0 + $1.end - $1.start }
      #expect(abs(busy - min(stages[index].backwardLast.collective, stages[index].backwardLast.elapsed)) < 1e-9, trial)
      let copies = transfers.filter { $0.kind == .hostToDevice }.reduce(0) { $0 + $1.end - $1.start }
      #expect(copies <= stages[index].forwardFirst.elapsed + 1e-9, trial)
    }
  }

  @Test("no stages or no micro-batches is an empty timeline")
  func empty() {
    #expect(ScheduleSimulator.oneForwardOneBackward(stages: [], microBatches: 4).makespan == 0)
    let none = ScheduleSimulator.oneForwardOneBackward(stages: [stage(1, 2, 0, 0, 0)], microBatches: 0)
    #expect(none.makespan == 0 && none.passes == [[]] && none.criticalPath.isEmpty)
  }
}
