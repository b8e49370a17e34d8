import Testing

@testable import Engine

/// Megatron-LM's interleaved order, and timelines that were drawn by hand.
@Suite struct InterleavedScheduleTests {
  private func equal(
    _ stages: Int, _ chunks: Int, forward: Double = 1, backward: Double = 2, transfer: Double = 0
  ) -> [StageScore] {
    SyntheticStages.interleaved(stages, chunks) { _, _ in
      SyntheticStages.stage(forward: forward, backward: backward, transfer: transfer)
    }
  }

  @Test("two stages of two chunks and two micro-batches run as drawn by hand")
  func byHand() {
    let timeline = ScheduleSimulator.timeline(stages: equal(2, 2), microBatches: 2)
    // Kind, micro-batch, chunk, start, end. Warm-up is 4 passes on the first stage and 2 on the second.
    let drawn: [[(TimelineKind, Int, Int, Double, Double)]] = [
      [
        (.forward, 0, 0, 0, 1), (.forward, 1, 0, 1, 2), (.forward, 0, 1, 2, 3), (.forward, 1, 1, 3, 4),
        (.backward, 0, 1, 6, 8), (.backward, 1, 1, 9, 11), (.backward, 0, 0, 11, 13), (.backward, 1, 0, 13, 15),
      ],
      [
        (.forward, 0, 0, 1, 2), (.forward, 1, 0, 2, 3), (.forward, 0, 1, 3, 4), (.backward, 0, 1, 4, 6),
        (.forward, 1, 1, 6, 7), (.backward, 1, 1, 7, 9), (.backward, 0, 0, 9, 11), (.backward, 1, 0, 11, 13),
      ],
    ]
    let expected = drawn.map { row in
      row.map { TimelineInterval(kind: $0.0, microBatch: $0.1, chunk: $0.2, start: $0.3, end: $0.4) }
    }
    #expect(timeline.passes == expected)
    #expect(timeline.makespan == 15 && timeline.chunkCount == 2)
    #expect(timeline.bubbleShare == 1 - 24.0 / 30)
  }

  @Test("the order of four stages of two chunks and eight micro-batches is Megatron-LM's")
  func order() {
    func text(_ stage: Int) -> String {
      let order = ScheduleOrder(stage: stage, stages: 4, microBatches: 8, chunks: 2)
      return (0..<order.count).map { number in
        let operation = order[number]
        return (operation.isForward ? "f" : "b") + "\(operation.microBatch)" + (operation.chunk == 0 ? "" : "'")
      }.joined(separator: " ")
    }
    // Warm-up (S-i-1)*2 + (v-1)*S: 10 on the first stage, 4 on the last.
    #expect(
      text(0) == "f0 f1 f2 f3 f0' f1' f2' f3' f4 f5 f6 b0' f7 b1' f4' b2' f5' b3' f6' b0 f7' b1 "
        + "b2 b3 b4' b5' b6' b7' b4 b5 b6 b7")
    #expect(
      text(3) == "f0 f1 f2 f3 f0' b0' f1' b1' f2' b2' f3' b3' f4 b0 f5 b1 f6 b2 f7 b3 f4' b4' f5' b5' f6' b6' f7' b7' "
        + "b4 b5 b6 b7")
  }

  @Test("every pass runs once, where its number says, and no more are in flight than memory is counted for")
  func everyPassOnce() {
    for (stages, chunks, groups) in [(2, 2, 1), (2, 3, 4), (4, 2, 2), (3, 5, 3), (8, 3, 1), (5, 2, 7)] {
      let microBatches = stages * groups
      for stage in 0..<stages {
        let order = ScheduleOrder(stage: stage, stages: stages, microBatches: microBatches, chunks: chunks)
        var seen = Set<[Int]>()
        var (inFlight, most, ofFirst, mostOfFirst) = (0, 0, 0, 0)
        for number in 0..<order.count {
          let pass = order[number]
          seen.insert([pass.isForward ? 1 : 0, pass.microBatch, pass.chunk])
          let back = pass.isForward ? order.forward : order.backward
          #expect(back(pass.microBatch, pass.chunk) == number)
          inFlight += pass.isForward ? 1 : -1
          if pass.chunk == 0 { ofFirst += pass.isForward ? 1 : -1 }
          (most, mostOfFirst) = (max(most, inFlight), max(mostOfFirst, ofFirst))
        }
        #expect(order.count == 2 * microBatches * chunks && seen.count == order.count)
        let held = ActivationsInFlight(stage: stage, stages: stages, microBatches: microBatches, chunks: chunks)
        #expect(most == min((stages - stage - 1) * 2 + (chunks - 1) * stages + 1, microBatches * chunks))
        #expect(held.boundaries == Double(most - 1))
        #expect(abs(held.held + 1 - Double(most) / Double(chunks)) < 1e-12)
        if stage == 0 { #expect(mostOfFirst <= Int(held.tokenIds) + 1) }
        #expect(held.heldAtStep <= held.held && held.heldAtStep >= 0)
      }
    }
  }

  @Test("the first stage holds as many layers' activations as Korthikanti et al. count, N (1 + (S-1)/(S v))")
  func korthikanti() {
    for (stages, chunks, layers) in [(8, 3, 96), (35, 3, 105), (4, 2, 48)] {
      let held = ActivationsInFlight(stage: 0, stages: stages, microBatches: 8 * stages, chunks: chunks).held + 1
      let published = Double(layers) * (1 + Double(stages - 1) / Double(stages * chunks))
      #expect(abs(held * Double(layers / stages) - published) < 1e-9)
    }
  }

  @Test("equal chunks without point-to-point take (v G + S - 1)(f + b), and the closed form says so")
  func knownMakespan() {
    for stages in [2, 3, 4, 8, 16] {
      for chunks in [2, 3, 5] {
        for groups in [1, 2, 5] {
          for (forward, backward) in [(1.0, 2.0), (1, 1), (3, 0.5), (1, 3)] {
            let row = equal(stages, chunks, forward: forward, backward: backward)
            let microBatches = stages * groups
            let expected = Double(chunks * microBatches + stages - 1) * (forward + backward)
            let simulated = ScheduleSimulator.period(stages: row, microBatches: microBatches)
            #expect(abs(simulated - expected) <= 1e-12 * expected, "S \(stages) v \(chunks) G \(microBatches)")
            #expect(abs(SyntheticStages.closedForm(row, microBatches) - expected) <= 1e-12 * expected)
            let bounds = ScheduleBounds(stages: row, microBatches: microBatches)
            #expect(
              abs(bounds.lower - expected) <= 1e-12 * expected && abs(bounds.upper - expected) <= 1e-12 * expected)
          }
        }
      }
    }
  }

  @Test("the bubble of v chunks is a v-th of the plain schedule's, and point-to-point counts v times")
  func bubbleAndTransfers() {
    let plain = (0..<4).map { _ in SyntheticStages.stage(forward: 6, backward: 12) }
    let work = 8 * 18.0
    #expect(ScheduleSimulator.period(stages: plain, microBatches: 8) - work == 3 * 18)
    #expect(ScheduleSimulator.period(stages: equal(4, 3, forward: 2, backward: 4), microBatches: 8) - work == 3 * 6)
    let sending = equal(4, 3, forward: 2, backward: 4, transfer: 0.25)
    #expect(sending.map(\.pointToPointSeconds) == [0.75, 0.75, 0.75, 0.5])
    #expect(sending[0].stableSeconds == 18 + 1.5)
    // The first three stages set the pace; the last chunk sends nothing.
    let simulated = ScheduleSimulator.period(stages: sending, microBatches: 8)
    // The third stage: two chunks down to it, all of its passes, and two chunks back up.
    #expect(simulated >= 2 * 2.25 + 8 * 19.5 + 2 * 4.25 && simulated <= SyntheticStages.closedForm(sending, 8))
  }

  @Test("a chunk goes on from the last stage to the first only when it has been sent there")
  func ring() {
    let row = equal(2, 2, forward: 1, backward: 1, transfer: 0.5)
    let timeline = ScheduleSimulator.timeline(stages: row, microBatches: 2)
    let first = timeline.passes[0].filter { $0.kind == .forward }
    // Stage 1 runs chunk 0 from 1.5 to 2.5 and sends until 3, when stage 0 is free too.
    #expect(first.map(\.start) == [0, 1.5, 3, 4.5])
    let last = timeline.passes[1].filter { $0.kind == .backward && $0.chunk == 0 }
    let received = timeline.passes[1].filter { $0.kind == .pointToPoint && $0.chunk == 0 }.suffix(2)
    #expect(received.map(\.end) == last.map(\.start))
  }
}
