import Testing

@testable import Engine

/// Every timeline is what the schedule's rules say, no more and no less: legal, with a chain that cannot be shorter.
@Suite struct ScheduleLegalityTests {
  @Test("every timeline is legal: no overlap in a stage, no pass before what it needs, an unbroken critical path")
  func legal() {
    var noise = SyntheticPipelines.Sequence(seed: 5)
    var (sideWork, early) = (0, 0)
    for trial in 0..<120 {
      let count = Int.random(in: 1...9, using: &noise)
      let microBatches = Int.random(in: 1...20, using: &noise)
      let stages =
        trial.isMultiple(of: 2)
        ? SyntheticStages.arbitrary(count, &noise) : SyntheticStages.realistic(count, extra: 2, &noise)
      let timeline = ScheduleSimulator.timeline(stages: stages, microBatches: microBatches)
      #expect(timeline.makespan == ScheduleSimulator.period(stages: stages, microBatches: microBatches))
      #expect(timeline.makespan == timeline.passes.joined().map(\.end).max())
      for index in 0..<count { checkStage(timeline.passes[index], stages[index], microBatches, "\(trial)") }
      checkDependencies(timeline, stages, microBatches, "\(trial)")
      let path = checkCriticalPath(timeline, stages, microBatches, "\(trial)")
      sideWork += path.beginsWithSideWork ? 1 : 0
      early += path.leavesEarly ? 1 : 0
      checkTransfers(timeline, stages, microBatches, "\(trial)")
    }
    // Both special cases of the critical path were there to be checked.
    #expect(sideWork > 5 && early > 5)
  }

  /// No overlap, and every pass takes its time; the first forward takes what is left of its side work when it starts.
  private func checkStage(_ passes: [TimelineInterval], _ score: StageScore, _ microBatches: Int, _ trial: Comment) {
    for (one, next) in zip(passes, passes.dropFirst()) { #expect(one.end <= next.start, trial) }
    for pass in passes {
      let extra = score.forwardFirst.elapsed - score.forward.elapsed
      let seconds =
        switch (pass.kind, pass.microBatch) {
        case (.forward, 0): score.forward.elapsed + (extra > 0 ? max(0, extra - pass.start) : extra)
        case (.forward, _): score.forward.elapsed
        case (.backward, microBatches - 1): score.backwardLast.elapsed
        case (.backward, _): score.backward.elapsed
        default: score.pointToPointSeconds
        }
      #expect(abs(pass.end - pass.start - seconds) <= 1e-9, trial)
    }
    #expect(passes.filter { $0.kind != .pointToPoint }.count == 2 * microBatches, trial)
  }

  /// When the gradient of a backward is there for the stage before, seconds.
  private func handOver(_ pass: TimelineInterval, _ score: StageScore, _ microBatches: Int) -> Double {
    let isLast = pass.kind == .backward && pass.microBatch == microBatches - 1
    return isLast ? min(pass.end, pass.start + score.backward.elapsed) : pass.end
  }

  private func checkDependencies(
    _ timeline: Timeline, _ stages: [StageScore], _ microBatches: Int, _ trial: Comment
  ) {
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
        let ready = next.1.map { handOver($0, stages[stage + 1], microBatches) } ?? .infinity
        #expect(ready <= (transfers.last?.start ?? 0), trial)
      }
    }
  }

  /// Every step starts where the one before it lets it, from time 0 to the makespan.
  private func checkCriticalPath(
    _ timeline: Timeline, _ stages: [StageScore], _ microBatches: Int, _ trial: Comment
  ) -> (beginsWithSideWork: Bool, leavesEarly: Bool) {
    let steps = timeline.criticalPath.map { (pass: timeline.passes[$0.stage][$0.interval], score: stages[$0.stage]) }
    #expect(steps.last?.pass.end == timeline.makespan, trial)
    var (beginsWithSideWork, leavesEarly) = (false, false)
    if let first = steps.first, first.pass.start > 0 {
      beginsWithSideWork = true
      #expect(first.pass.kind == .forward && first.pass.microBatch == 0, trial)
      #expect(first.pass.end == first.score.forwardFirst.elapsed, trial)
      #expect(first.pass.end > first.pass.start + first.score.forward.elapsed, trial)
    }
    for (one, next) in zip(timeline.criticalPath.indices, timeline.criticalPath.indices.dropFirst()) {
      let changes = timeline.criticalPath[one].stage != timeline.criticalPath[next].stage
      let ready = changes ? handOver(steps[one].pass, steps[one].score, microBatches) : steps[one].pass.end
      #expect(ready == steps[next].pass.start, trial)
      leavesEarly = leavesEarly || ready < steps[one].pass.end
    }
    return (beginsWithSideWork, leavesEarly)
  }

  private func checkTransfers(_ timeline: Timeline, _ stages: [StageScore], _ microBatches: Int, _ trial: Comment) {
    for (index, transfers) in timeline.transfers.enumerated() {
      for (one, next) in zip(transfers, transfers.dropFirst()) { #expect(one.start <= next.start, trial) }
      let score = stages[index]
      let collectives = transfers.filter { $0.kind == .collective }
      #expect(collectives.allSatisfy { $0.microBatch == microBatches - 1 }, trial)
      let busy = collectives.reduce(0) { $0 + $1.end - $1.start }
      #expect(abs(busy - min(score.backwardLast.collective, score.backwardLast.elapsed)) < 1e-9, trial)
      // The copies of the side work start with the iteration and end with the first forward at the latest.
      let copies = transfers.filter { $0.kind == .hostToDevice }
      let firstEnd = timeline.passes[index].first?.end ?? 0
      #expect(copies.map(\.start) == [0], trial)
      #expect(copies.map(\.end) == [min(score.forwardFirst.hostToDevice, firstEnd)], trial)
    }
  }
}
