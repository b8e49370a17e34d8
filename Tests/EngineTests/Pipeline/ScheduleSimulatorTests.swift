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
    let timeline = ScheduleSimulator.timeline(stages: stages, microBatches: 3)
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
    #expect(ScheduleSimulator.period(stages: stages, microBatches: 4) == 12.75)
    #expect(ScheduleSimulator.period(stages: stages, microBatches: 1) == 3.75)
    let passes = ScheduleSimulator.timeline(stages: stages, microBatches: 2).passes[0]
    #expect(passes.map { $0.end - $0.start } == [1.25, 2, 1, 2.5])
    // The second stage waits 1.5 s, so 0.5 s of its 2 s are left; its backward hands over 1 s before the stage is done.
    let pair = [stage(1, 2, 0, 0, 0.5), stage(2, 3, 2, 1, 0)]
    let single = ScheduleSimulator.timeline(stages: pair, microBatches: 1)
    #expect(single.passes[1].map(\.start) == [1.5, 4] && single.passes[1].map(\.end) == [4, 8])
    #expect(single.passes[0].map(\.start) == [0, 1, 7, 7.5] && single.makespan == 9.5)
  }

  @Test("a first forward goes on with its side work and a last backward hands on early, as drawn by hand")
  func sideWork() {
    // As above, but the second stage has side work of 4 s, of which 2.5 s are left when micro-batch 0 comes at 1.5.
    var late = stage(2, 3, 4, 3, 0)
    late.forwardFirst.hostToDevice = 3
    late.forwardFirst.deviceToHost = 50
    late.backwardLast.collective = 5
    let timeline = ScheduleSimulator.timeline(
      stages: [stage(1, 2, 0, 0.25, 0.5), late], microBatches: 2)
    #expect(timeline.passes[1].map(\.start) == [1.5, 6, 9, 11])
    #expect(timeline.passes[1].map(\.end) == [6, 9, 11, 17])
    // The last gradient is there at 14, three seconds before the second stage is done.
    #expect(timeline.passes[0].suffix(2).map(\.start) == [14, 14.5] && timeline.passes[0].last?.end == 16.75)
    // From time 0 on nothing but the second stage counts.
    #expect(timeline.criticalPath.map { [$0.stage, $0.interval] } == [[1, 0], [1, 1], [1, 2], [1, 3]])
    #expect(timeline.makespan == 17)
    let drawn = timeline.transfers[1].map { ($0.kind, $0.start, $0.end) }
    #expect(drawn.map(\.0) == [.hostToDevice, .deviceToHost, .collective])
    #expect(drawn.map(\.1) == [0, 0, 11] && drawn.map(\.2) == [3, 6, 16])
    #expect(timeline.bubbleShare == 1 - (8.25 + 15.5) / 34)
  }

  @Test("the critical path leaves a last backward where it hands its gradient on")
  func handOver() {
    let stages = [stage(1, 2, 0, 0.25, 0.5), stage(2, 3, 4, 2, 0)]
    let timeline = ScheduleSimulator.timeline(stages: stages, microBatches: 2)
    #expect(timeline.passes[1].last?.end == 16 && timeline.makespan == 16.75)
    let path = timeline.criticalPath.map { [$0.stage, $0.interval] }
    #expect(path == [[1, 0], [1, 1], [1, 2], [1, 3], [0, 6], [0, 7]])
  }

  @Test("side work that ends before micro-batch 0 comes costs nothing")
  func hiddenSideWork() {
    let plain = ScheduleSimulator.timeline(
      stages: [stage(1, 2, 0, 0, 0.5), stage(2, 3, 0, 0, 0)], microBatches: 3)
    let hidden = ScheduleSimulator.timeline(
      stages: [stage(1, 2, 0, 0, 0.5), stage(2, 3, 1.5, 0, 0)], microBatches: 3)
    #expect(hidden == plain)
  }

  @Test("first and last passes that take less than the others take just that")
  func shorter() {
    let stages = [stage(1, 2, 0, 0, 0.5), stage(2, 3, -0.5, -1, 0)]
    let timeline = ScheduleSimulator.timeline(stages: stages, microBatches: 2)
    #expect(timeline.passes[1].map(\.start) == [1.5, 3, 6, 8] && timeline.passes[1].map(\.end) == [3, 6, 8, 10])
    #expect(timeline.passes[0].suffix(2).map(\.start) == [10, 10.5] && timeline.makespan == 12.5)
  }

  @Test("each stage warms up, alternates and cools down, with every pass once", arguments: [1, 2, 5, 8, 40])
  func order(microBatches: Int) {
    for stages in [1, 2, 8] {
      for stage in 0..<stages {
        let order = ScheduleOrder(stage: stage, stages: stages, microBatches: microBatches)
        var (forwards, backwards, mostInFlight) = (0, 0, 0)
        for operation in 0..<(2 * microBatches) {
          let (isForward, microBatch) = (order[operation].isForward, order[operation].microBatch)
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

  @Test("no stages or no micro-batches is an empty timeline")
  func empty() {
    #expect(ScheduleSimulator.timeline(stages: [], microBatches: 4).makespan == 0)
    let none = ScheduleSimulator.timeline(stages: [stage(1, 2, 0, 0, 0)], microBatches: 0)
    #expect(none.makespan == 0 && none.passes == [[]] && none.criticalPath.isEmpty)
  }
}
