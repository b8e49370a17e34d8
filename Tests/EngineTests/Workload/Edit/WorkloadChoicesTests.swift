import Testing

@testable import Engine

/// What a plan is worth at each value of a choice of its workload.
@Suite struct WorkloadChoicesTests {
  @Test("each value has the score of the carried plan in a session of its own, and the largest that fits is the last")
  func scores() throws {
    let file = try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan)
    let session = TuningSession(workload: file.workload) { 0 }
    for knob in [WorkloadKnob.sequence, .batch, .nodes, .cluster] {
      let choices = session.choices(of: knob, for: file.plan)
      #expect(choices.map(\.value) == WorkloadEditor(file.workload).values(of: knob))
      for choice in choices {
        let workload = choice.value.workload
        guard let alone = choice.alone else {
          #expect(PlanCarrier(from: file.workload, to: workload).carried(file.plan) == nil)
          continue
        }
        #expect(alone.score == (try TuningSession(workload: workload) { 0 }.score(alone.plan)))
        #expect(choice.moved == PlanChange.all(from: file.plan, to: alone.plan))
        if choice.value.isCurrent { #expect(choice.moved.isEmpty && alone.plan == file.plan) }
      }
      let largest = choices.largestThatFits(knob)
      #expect((largest == nil) == (knob == .cluster), "\(knob)")
      if let largest, let index = choices.firstIndex(where: { $0.value == largest }) {
        #expect(choices[index].alone?.score.fits == true)
        #expect(choices[(index + 1)...].allSatisfy { $0.alone?.score.fits != true })
      }
    }
    // Longer samples take more memory: not all of them fit.
    let sequences = session.choices(of: .sequence, for: file.plan)
    #expect(sequences.contains { $0.alone?.score.fits == false })
  }

  @Test("a cancelled question has no values, and pins hold where a plan is carried")
  func limits() throws {
    let file = try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan)
    let session = TuningSession(workload: file.workload) { 0 }
    let token = CancelToken()
    token.cancel()
    #expect(session.choices(of: .batch, for: file.plan, cancel: token).isEmpty)
    let pins = PlanPins([Pin(.gradientAccumulation, PinValues(file.plan.gradientAccumulation))])
    for choice in session.choices(of: .batch, for: file.plan, pins: pins) {
      guard let alone = choice.alone else { continue }
      #expect(alone.plan.gradientAccumulation == file.plan.gradientAccumulation)
    }
  }
}
