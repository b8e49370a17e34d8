import Testing

@testable import Engine

/// What two plans do not have alike, and what each difference buys.
@Suite struct PlanDifferenceTests {
  private func check(_ difference: PlanDifference, _ workload: Workload) {
    let scale = difference.old.score.iterationSeconds + difference.new.score.iterationSeconds
    let bytes = difference.old.score.peakReservedBytes + difference.new.score.peakReservedBytes
    for (sum, whole, size) in [
      (difference.steps.map(\.seconds), difference.seconds, scale),
      (difference.steps.map(\.forwardSeconds), difference.seconds, scale),
      (difference.steps.map(\.backwardSeconds), difference.seconds, scale),
      (difference.steps.map(\.peakBytes), difference.peakBytes, bytes),
      (difference.steps.map(\.forwardPeakBytes), difference.peakBytes, bytes),
      (difference.steps.map(\.backwardPeakBytes), difference.peakBytes, bytes),
    ] { #expect(abs(sum.reduce(0, +) - whole) <= 1e-12 * size) }
    let groups = difference.steps.flatMap(\.groups)
    #expect(Set(groups).count == groups.count)
    // Every change is told in the step that makes it.
    let told = difference.steps.flatMap(\.changes)
    for change in difference.changes { #expect(told.contains(change), "\(change.text)") }
    for step in difference.steps { #expect(!step.changes.isEmpty, "\(step.label)") }
  }

  @Test("the steps between random plans add up to the whole difference, in both orders and in the mean")
  func sums() throws {
    for (name, seed) in [("gpt-7b-8xl4", 1), ("gpt-7b-8xa100-40", 2)] {
      let base = try AnalysisCase(name)
      var random = SymbolicRandom(seed: UInt64(seed))
      var steps = 0
      for _ in 0..<60 {
        let old = base.edited(base.best.plan, edits: 1 + random.below(5), &random)
        let new = base.edited(base.best.plan, edits: 1 + random.below(5), &random)
        let difference = try PlanDifference(from: old, to: new, session: base.session)
        #expect(difference.steps.isEmpty == difference.changes.isEmpty)
        #expect(difference.isOfOneWorkload)
        check(difference, base.workload)
        steps += difference.steps.count
        let back = try PlanDifference(from: new, to: old, session: base.session)
        #expect(back.seconds == -difference.seconds)
      }
      #expect(steps > 120)
    }
  }

  @Test("choices that can be changed apart are changed apart: each step is the score of that change")
  func apart() throws {
    let base = try AnalysisCase("gpt-7b-8xl4")
    let old = base.best.plan
    var new = old
    for stage in new.stages.indices {
      new.stages[stage].zero = (old.stages[stage].zero + 1) % 4
      new.stages[stage].offload.optimizer = 8 - old.stages[stage].offload.optimizer / 8 * 8
      new.stages[stage].checkpointedLayers = new.stages[stage].layers
    }
    let difference = try PlanDifference(from: old, to: new, session: base.session)
    var plan = old
    var before = base.best.score.iterationSeconds
    var expected: [ChoiceGroup] = []
    func step(_ group: ChoiceGroup, _ change: (inout Plan) -> Void) throws {
      let previous = plan
      change(&plan)
      guard plan != previous else { return }
      let after = try base.session.score(plan)
      let found = try #require(difference.steps.first { $0.groups == [group] })
      #expect(found.forwardSeconds == after.iterationSeconds - before)
      #expect(found.fits == after.fits)
      before = after.iterationSeconds
      expected.append(group)
    }
    try step(.zero) { for stage in $0.stages.indices { $0.stages[stage].zero = new.stages[stage].zero } }
    try step(.checkpointing) {
      for stage in $0.stages.indices { $0.stages[stage].checkpointedLayers = new.stages[stage].checkpointedLayers }
    }
    try step(.optimizerOffload) {
      for stage in $0.stages.indices { $0.stages[stage].offload = new.stages[stage].offload }
    }
    #expect(difference.steps.map(\.groups) == expected.map { [$0] })
    #expect(plan == new && difference.note.contains("depend on the order"))
  }

  @Test("a plan against itself has no step; plans of two workloads have their difference and no shares")
  func edges() throws {
    let base = try AnalysisCase("gpt-7b-8xl4")
    let same = try PlanDifference(from: base.best.plan, to: base.best.plan, session: base.session)
    #expect(same.steps.isEmpty && same.changes.isEmpty && same.seconds == 0 && same.note.isEmpty)
    let other = try AnalysisCase("gpt-7b-8xa100-40")
    let across = PlanDifference(old: base.best, new: other.best)
    #expect(across.steps.isEmpty && !across.isOfOneWorkload && across.note.contains("different workloads"))
    #expect(across.seconds == other.best.score.iterationSeconds - base.best.score.iterationSeconds)
    var broken = base.best.plan
    broken.stages[0].layers += 1
    #expect(throws: PlanError.self) {
      try PlanDifference(from: base.best.plan, to: broken, session: base.session)
    }
  }

  @Test("every choice of a plan is in one group")
  func groups() {
    let knobs = ChoiceGroup.allCases.flatMap(\.knobs)
    #expect(Set(knobs) == Set(PlanKnob.allCases) && knobs.count == PlanKnob.allCases.count)
  }
}
