import Testing

@testable import Engine

/// The values of a cell, each with the score that it would give.
@Suite struct CellChoicesTests {
  private static func session() throws -> (TuningSession, ScoredPlan) {
    let workload = try WorkloadSource.load("gpt-7b-8xl4")
    let session = TuningSession(workload: workload) { 0 }
    return (session, try #require(session.tune(TuneRequest(alternatives: 0)).best))
  }

  @Test(
    "each value of checkpointed layers has the score of the plan that differs in it alone, and the largest that fits is known"
  )
  func checkpointed() throws {
    let (session, best) = try Self.session()
    let cell = PlanCell(.checkpointedLayers, stage: 0)
    let choices = try #require(session.choices(of: cell, in: best.plan, space: .mist))
    #expect(choices.choices.map(\.value) == Array(0...best.plan.stages[0].layers))
    for choice in choices.choices {
      var plan = best.plan
      plan.stages[0].checkpointedLayers = choice.value
      #expect(choice.alone?.plan == plan)
      #expect(choice.alone?.score == (try session.score(plan)))
      #expect(choice.moved.isEmpty && choice.refusal == nil)
    }
    let fitting = choices.choices.filter { $0.alone?.score.fits == true }.map(\.value)
    #expect(choices.largestThatFits == fitting.last)
    #expect(choices.current == best.plan.stages[0].checkpointedLayers)
  }

  @Test("what moves with a value is told; what does not divide is left out; what a pin forbids stays, with the pin")
  func moved() throws {
    let (session, best) = try Self.session()
    let layers = try #require(session.choices(of: PlanCell(.layers, stage: 0), in: best.plan, space: .mist))
    let more = try #require(layers.choices.first { $0.value == best.plan.stages[0].layers + 1 })
    #expect(more.alone?.plan.stages.map(\.layers).reduce(0, +) == 32)
    let degrees = try #require(session.choices(of: PlanCell(.tensorParallel, stage: 0), in: best.plan, space: .mist))
    for choice in degrees.choices where choice.value != degrees.current {
      #expect(choice.moved.contains { $0.knob == .dataParallel })
    }
    let pin = try Pin("gradientAccumulation=\(best.plan.gradientAccumulation)")
    let held = try #require(
      session.choices(
        of: PlanCell(.microBatch, stage: 0), in: best.plan, space: .mist, pins: PlanPins([pin])))
    let other = try #require(held.choices.first { $0.value != held.current })
    #expect(other.alone == nil && other.refusal == .pinned([pin]))
    #expect(held.nearestLegal(to: 1000) == held.current)
    #expect(session.choices(of: PlanCell(.layers, stage: 99), in: best.plan, space: .mist) == nil)
  }
}
