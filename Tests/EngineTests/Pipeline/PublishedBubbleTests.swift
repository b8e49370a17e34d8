import Testing

@testable import Engine

/// Schedules beside 1F1B against the formulas that their papers give for equal stages and no communication.
@Suite struct PublishedBubbleTests {
  /// Equal stages; the weight gradients are part of the backward.
  private func stages(_ count: Int, _ forward: Double, _ backward: Double, _ weightGradients: Double) -> [StageScore] {
    var stage = SyntheticStages.stage(forward: forward, backward: backward)
    stage.weightGradientSeconds = weightGradients
    return [StageScore](repeating: stage, count: count)
  }

  /// Forward, backward, weight gradients: as long as the rest of the backward and the forward at most.
  private static let passes = [(1.0, 2.0, 1.0), (1, 2, 0.75), (3, 5, 1), (2, 5, 1.5), (1.25, 3.75, 0.5)]

  @Test("simulated bubbles of GPipe and 1F1B are (S-1)(F+B), that of ZB-H1 is (S-1)(F+B-2W)", arguments: [true, false])
  func bubbles(hasBarrier: Bool) {
    for count in [2, 3, 4, 8, 13] {
      for microBatches in [count, count + 1, 2 * count, 40] {
        for (forward, backward, apart) in Self.passes {
          let row = stages(count, forward, backward, apart)
          let work = Double(microBatches) * (forward + backward)
          let later = Double(count - 1)
          for schedule in [PipelineSchedule.oneForwardOneBackward, .gpipe, .zeroBubble] {
            // With B and W for the halves of the backward as the paper has them: (S-1)(F + B - W).
            let bubble = later * (forward + backward - (schedule == .zeroBubble ? 2 * apart : 0))
            let period = ScheduleSimulator.period(
              stages: row, microBatches: microBatches, schedule: schedule, hasBarrier: hasBarrier)
            #expect(abs(period - work - bubble) <= 1e-9, "\(schedule) S \(count) G \(microBatches)")
            let closedForm = ClosedForm.closedFormSeconds(
              stable: row.map(\.stableSeconds), delta: row.map(\.deltaSeconds), microBatches: microBatches,
              weightGradients: schedule == .zeroBubble ? row.map(\.weightGradientSeconds) : [])
            #expect(abs(closedForm - period) <= 1e-9, "\(schedule) S \(count) G \(microBatches)")
          }
        }
      }
    }
  }

  @Test("the interleaved bubble is (S-1)(F+B)/v")
  func interleaved() {
    for (count, chunks) in [(2, 2), (4, 3), (8, 5)] {
      let row = SyntheticStages.interleaved(count, chunks) { _, _ in
        SyntheticStages.stage(forward: 1.5 / Double(chunks), backward: 3.25 / Double(chunks))
      }
      let period = ScheduleSimulator.period(stages: row, microBatches: 4 * count)
      #expect(abs(period - Double(4 * count) * 4.75 - Double(count - 1) * 4.75 / Double(chunks)) <= 1e-9)
    }
  }

  @Test("equal stages of any extras take exactly the closed form of ZB-H1 where no barrier stands between iterations")
  func extras() {
    var noise = SyntheticPipelines.Sequence(seed: 61)
    for trial in 0..<200 {
      let count = Int.random(in: 2...8, using: &noise)
      let microBatches = count + Int.random(in: 0...12, using: &noise)
      let row = (0..<count).map { _ in
        var stage = SyntheticStages.stage(
          forward: 1, backward: 2, first: 3 * noise.unit(), last: 3 * noise.unit())
        stage.weightGradientSeconds = 0.75
        return stage
      }
      let period = ScheduleSimulator.period(
        stages: row, microBatches: microBatches, schedule: .zeroBubble, hasBarrier: false)
      let closedForm = ClosedForm.closedFormSeconds(
        stable: row.map(\.stableSeconds), delta: row.map(\.deltaSeconds), microBatches: microBatches,
        weightGradients: row.map(\.weightGradientSeconds))
      #expect(abs(period - closedForm) <= 1e-9, "trial \(trial)")
    }
  }

  @Test("GPipe takes (G-1)(max f + max b) and once each stage, so its closed form where one stage is slowest both ways")
  func unequalGPipe() {
    var noise = SyntheticPipelines.Sequence(seed: 62)
    var exact = 0
    for _ in 0..<200 {
      let count = Int.random(in: 2...8, using: &noise)
      let microBatches = Int.random(in: 1...20, using: &noise)
      let row = (0..<count).map { _ in
        SyntheticStages.stage(forward: 1 + noise.unit(), backward: 2 + noise.unit())
      }
      let slowest = (row.map(\.forward.elapsed).max() ?? 0) + (row.map(\.backward.elapsed).max() ?? 0)
      let fill = row.reduce(0) { $0 + $1.stableSeconds }
      let period = ScheduleSimulator.period(stages: row, microBatches: microBatches, schedule: .gpipe)
      #expect(abs(period - fill - Double(microBatches - 1) * slowest) <= 1e-9)
      let closedForm = SyntheticStages.closedForm(row, microBatches)
      #expect(closedForm <= period + 1e-9)
      if row.contains(where: { $0.stableSeconds == slowest }) {
        #expect(abs(closedForm - period) <= 1e-9)
        exact += 1
      }
    }
    #expect(exact > 20)
  }

  @Test("the order of ZB-H1 on four stages is the paper's")
  func order() {
    func text(_ stage: Int) -> String {
      let order = ScheduleOrder(stage: stage, stages: 4, microBatches: 6, schedule: .zeroBubble)
      return (0..<order.count).map { number in
        let operation = order[number]
        let letter = [ScheduleOrder.Kind.forward: "f", .backward: "b", .weightGradient: "w"][operation.kind] ?? "?"
        return letter + "\(operation.microBatch)"
      }.joined(separator: " ")
    }
    #expect(text(0) == "f0 f1 f2 f3 b0 w0 f4 b1 w1 f5 b2 w2 b3 w3 b4 w4 b5 w5")
    #expect(text(1) == "f0 f1 f2 b0 f3 b1 w0 f4 b2 w1 f5 b3 w2 b4 w3 b5 w4 w5")
    #expect(text(3) == "f0 b0 f1 b1 f2 b2 f3 b3 w0 f4 b4 w1 f5 b5 w2 w3 w4 w5")
  }

  @Test("every pass runs once, and what is held is what memory counts", arguments: [PipelineSchedule.gpipe, .zeroBubble])
  func inFlight(schedule: PipelineSchedule) {
    for (stages, microBatches) in [(2, 2), (2, 7), (4, 4), (4, 5), (4, 20), (7, 9)] {
      for stage in 0..<stages {
        let order = ScheduleOrder(stage: stage, stages: stages, microBatches: microBatches, schedule: schedule)
        var (whole, apart, mostWhole, mostApart, together) = (0, 0, 0, 0, 0)
        for number in 0..<order.count {
          let operation = order[number]
          switch operation.kind {
          case .forward:
            #expect(order.forward(operation.microBatch) == number)
            whole += 1
          case .backward:
            #expect(order.backward(operation.microBatch) == number)
            (mostWhole, mostApart) = (max(mostWhole, whole), max(mostApart, apart))
            together = max(together, whole + apart)
            whole -= 1
            if schedule == .zeroBubble { apart += 1 }
          case .weightGradient: apart -= 1
          }
        }
        let held = ActivationsInFlight(
          stage: stage, stages: stages, microBatches: microBatches, chunks: 1, schedule: schedule)
        #expect(whole == 0 && apart == 0 && order.count == (schedule == .zeroBubble ? 3 : 2) * microBatches)
        #expect(held.held == Double(mostWhole - 1) && held.deferred == Double(mostApart))
        if schedule == .zeroBubble { #expect(together == stages) } else { #expect(mostWhole == microBatches) }
      }
    }
  }

  @Test("the timeline of ZB-H1 has weight gradients of their own, after their backward")
  func timeline() {
    let row = stages(3, 1, 2, 0.75)
    let timeline = ScheduleSimulator.timeline(stages: row, microBatches: 4, schedule: .zeroBubble)
    #expect(abs(timeline.bubbleShare - 2 * 1.5 / timeline.period) < 1e-12)
    for passes in timeline.passes {
      #expect(passes.filter { $0.kind == .weightGradient }.count == 4)
      for pass in passes where pass.kind == .weightGradient {
        let backward = passes.first { $0.kind == .backward && $0.microBatch == pass.microBatch }
        #expect(backward.map { $0.end <= pass.start && $0.end - $0.start == 1.25 } == true)
        #expect(pass.end - pass.start == 0.75)
      }
    }
    #expect(timeline.passes.joined().map(\.end).max() == timeline.makespan)
  }
}
