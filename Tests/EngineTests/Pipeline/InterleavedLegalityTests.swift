import Testing

@testable import Engine

/// Every interleaved timeline is what the schedule's rules say.
@Suite struct InterleavedLegalityTests {
  @Test("every interleaved timeline is legal: no overlap in a stage, no pass before what it needs, an unbroken path")
  func legal() throws {
    let cases = InterleavedCase.random(40, mostStages: 6, mostRounds: 3, seed: 41)
    for (trial, random) in cases.enumerated() {
      let (stages, microBatches) = (random.stages, random.microBatches)
      let timeline = ScheduleSimulator.timeline(stages: stages, microBatches: microBatches)
      #expect(timeline.makespan == ScheduleSimulator.period(stages: stages, microBatches: microBatches))
      #expect(timeline.makespan == timeline.passes.joined().map(\.end).max())
      for index in stages.indices { checkStage(timeline.passes[index], stages[index], microBatches, "\(trial)") }
      checkDependencies(timeline, stages, microBatches, "\(trial)")
      checkPath(timeline, "\(trial)")
      for transfers in timeline.transfers {
        for (one, next) in zip(transfers, transfers.dropFirst()) { #expect(one.start <= next.start, "\(trial)") }
        #expect(transfers.allSatisfy { $0.start <= $0.end })
      }
    }
  }

  /// No overlap; every pass once, and as long as it takes; a first forward not longer than with all of its side work.
  private func checkStage(_ passes: [TimelineInterval], _ score: StageScore, _ microBatches: Int, _ trial: Comment) {
    for (one, next) in zip(passes, passes.dropFirst()) { #expect(one.end <= next.start, trial) }
    var seen = Set<[Int]>()
    for pass in passes {
      let chunk = score.chunks[pass.chunk]
      let seconds = pass.end - pass.start
      switch (pass.kind, pass.microBatch) {
      case (.forward, 0):
        let (least, most) = (min(chunk.forward.elapsed, chunk.forwardFirst.elapsed), chunk.forwardFirst.elapsed)
        #expect(seconds >= least - 1e-9 && seconds <= most + 1e-9, trial)
      case (.forward, _): #expect(abs(seconds - chunk.forward.elapsed) <= 1e-9, trial)
      case (.backward, microBatches - 1): #expect(abs(seconds - chunk.backwardLast.elapsed) <= 1e-9, trial)
      case (.backward, _): #expect(abs(seconds - chunk.backward.elapsed) <= 1e-9, trial)
      default: #expect(abs(seconds - chunk.pointToPointSeconds) <= 1e-9, trial)
      }
      guard pass.kind != .pointToPoint else { continue }
      #expect(seen.insert([Int(pass.kind.rawValue), pass.microBatch, pass.chunk]).inserted, trial)
    }
    #expect(seen.count == 2 * microBatches * score.chunks.count, trial)
  }

  /// A pass of a virtual stage (chunk k of stage i is number k S + i) follows that of the one before it, and its
  /// transfer; a backward that of the one behind it, by a plain backward where that is the last one.
  private func checkDependencies(
    _ timeline: Timeline, _ stages: [StageScore], _ microBatches: Int, _ trial: Comment
  ) {
    let count = stages.count
    let virtual = count * (stages.first?.chunks.count ?? 1)
    var table: [[Int]: TimelineInterval] = [:]
    for (stage, passes) in timeline.passes.enumerated() {
      for pass in passes where pass.kind != .pointToPoint {
        table[[Int(pass.kind.rawValue), pass.microBatch, pass.chunk * count + stage]] = pass
      }
    }
    let (forward, backward) = (Int(TimelineKind.forward.rawValue), Int(TimelineKind.backward.rawValue))
    for microBatch in 0..<microBatches {
      for place in 0..<virtual {
        guard let down = table[[forward, microBatch, place]], let up = table[[backward, microBatch, place]] else {
          Issue.record("a pass is missing")
          return
        }
        #expect(down.end <= up.start, trial)
        let transfer = stages[place % count].chunks[place / count].pointToPointSeconds
        guard place + 1 < virtual else { continue }
        guard let next = table[[forward, microBatch, place + 1]], let behind = table[[backward, microBatch, place + 1]]
        else { return }
        #expect(down.end + transfer <= next.start + 1e-9, trial)
        let chunk = stages[(place + 1) % count].chunks[(place + 1) / count]
        let ready = microBatch == microBatches - 1 ? min(behind.end, behind.start + chunk.backward.elapsed) : behind.end
        #expect(ready + transfer <= up.start + 1e-9, trial)
      }
    }
  }

  /// From the makespan back, every step ends at or after the start of the next, and none leaves a gap before it.
  private func checkPath(_ timeline: Timeline, _ trial: Comment) {
    let steps = timeline.criticalPath.map { timeline.passes[$0.stage][$0.interval] }
    #expect(steps.last?.end == timeline.makespan, trial)
    for (one, next) in zip(steps, steps.dropFirst()) {
      #expect(one.start <= next.start && one.end >= next.start - 1e-9, trial)
    }
    if let first = steps.first, first.start > 0 { #expect(first.kind == .forward && first.microBatch == 0, trial) }
  }
}
