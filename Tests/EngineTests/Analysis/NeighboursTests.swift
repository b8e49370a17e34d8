import Testing

@testable import Engine

/// Plans one step from a plan, and why they are no better.
@Suite struct NeighboursTests {
  @Test("the neighbours of every cell are the next values that make a plan, with the session's own scores")
  func scores() throws {
    let base = try AnalysisCase("gpt-7b-8xl4")
    let plan = base.best.plan
    for knob in PlanKnob.allCases {
      let cell = PlanCell(knob, stage: 0)
      let around = try #require(base.session.neighbours(of: cell, in: plan, space: .mist))
      #expect(around.current == base.best)
      let choices = try #require(base.session.choices(of: cell, in: plan, space: .mist)).choices
      let legal = choices.filter { $0.alone != nil && $0.value != cell.value(in: plan) }
      let value = try #require(cell.value(in: plan))
      let below = legal.last { $0.value < value }
      let above = legal.first { $0.value > value }
      #expect(around.below?.scored == below?.alone, "\(knob)")
      #expect(around.above?.scored == above?.alone, "\(knob)")
      for neighbour in around.all {
        guard let scored = neighbour.scored else {
          guard case .refused = neighbour.verdict else {
            Issue.record("\(knob): no plan, and no reason")
            continue
          }
          continue
        }
        #expect(scored.score == (try base.session.score(scored.plan)))
        #expect(neighbour.seconds == scored.score.iterationSeconds - base.best.score.iterationSeconds)
        #expect(neighbour.peakBytes == scored.score.peakReservedBytes - base.best.score.peakReservedBytes)
        #expect(neighbour.changes == PlanChange.all(from: plan, to: scored.plan))
      }
    }
    #expect(base.session.neighbours(of: PlanCell(.layers, stage: 99), in: plan, space: .mist) == nil)
  }

  @Test("a layer moves over each border, both ways, and no neighbour comes twice")
  func layers() throws {
    let file = try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan)
    let session = TuningSession(workload: file.workload, now: { 0 })
    let around = try #require(session.neighbours(of: PlanCell(.layers, stage: 0), in: file.plan, space: .mist))
    let plans = around.all.compactMap { $0.scored?.plan }
    #expect(Set(plans).count == plans.count)
    let editor = PlanEditor(workload: file.workload)
    for stage in file.plan.stages.indices {
      for steps in [-1, 1] {
        guard let moved = try? editor.movingLayer(from: stage, by: steps, in: file.plan) else { continue }
        #expect(plans.contains(moved), "\(stage + 1) by \(steps)")
      }
    }
  }

  @Test("recomputing a layer more is slower by recomputation, or hides; one less overflows by what it keeps, or fits")
  func checkpointing() throws {
    let file = try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan)
    let session = TuningSession(workload: file.workload, now: { 0 })
    let current = ScoredPlan(plan: file.plan, score: try session.score(file.plan))
    var (slower, overflows) = (0, 0)
    for stage in file.plan.stages.indices {
      let cell = PlanCell(.checkpointedLayers, stage: stage)
      let around = try #require(session.neighbours(of: cell, in: file.plan, space: .mist))
      if case .slower(let term, let seconds, let waited, let work) = around.above?.verdict {
        #expect(term == .recomputation || work == .recomputation)
        #expect(seconds > 0 && (waited == nil || waited == stage))
        #expect(around.above?.verdict.text.contains("recomputation") == true)
        slower += 1
      }
      guard let less = around.below?.scored else { continue }
      let memory = less.score.stages[stage].memory
      if case .overflow(let place, let part, let moment, let missing) = around.below?.verdict {
        #expect(place == stage && missing == -memory.spare && missing > 0)
        #expect(moment == memory.moment && part == .activations)
        overflows += 1
      } else {
        #expect(less.score.fits)
        #expect(around.below?.verdict == PlanVerdict(less, against: current))
      }
    }
    #expect(slower > 0 && overflows > 0)
  }

  @Test("what grows most is the verdict: transfers, bubbles and imbalance each where they are made to grow")
  func verdicts() {
    /// Two stages that only compute, four micro-batches.
    func scored(_ forward: [Double], transfer: Double = 0, wait: Double = 0) -> ScoredPlan {
      var plan = Plan(
        gradientAccumulation: 4,
        stages: forward.map { _ in PlanFixtures.stage(layers: 2, gpusPerNode: 2) })
      plan.schedule = .oneForwardOneBackward
      var score = PlanScore()
      score.stages = forward.map { seconds in
        var stage = StageScore()
        var pass = PassTimes()
        (pass.elapsed, pass.compute) = (seconds, seconds)
        (stage.forward, stage.forwardFirst, stage.backward, stage.backwardLast) = (pass, pass, pass, pass)
        stage.pointToPointSeconds = transfer
        return stage
      }
      let most = forward.map { 8 * ($0 + transfer) }.max() ?? 0
      score.iterationSeconds = most + wait
      return ScoredPlan(plan: plan, score: score)
    }
    let current = scored([1, 1], wait: 2)
    #expect(PlanVerdict(current, against: current) == .equal)
    #expect(
      PlanVerdict(scored([1, 1], transfer: 0.5, wait: 2), against: current)
        == .slower(term: .transfers, seconds: 4, stage: nil, work: nil))
    #expect(
      PlanVerdict(scored([1, 1], wait: 5), against: current)
        == .slower(term: .bubble, seconds: 3, stage: nil, work: nil))
    // A layer moves from the first to the second: as much work, and the first waits for it.
    #expect(
      PlanVerdict(scored([0.5, 1.5], wait: 2), against: current)
        == .slower(term: .imbalance, seconds: 4, stage: 1, work: .kernels))
    #expect(
      PlanVerdict(scored([0.5, 0.5], wait: 2), against: current) == .faster(term: .kernels, seconds: 4))
    var over = scored([0.5, 0.5])
    over.score.stages[1].memory.spare = -3
    over.score.stages[1].memory.optimizer = 7
    over.score.stages[1].memory.peakInStep = true
    #expect(
      PlanVerdict(over, against: current)
        == .overflow(stage: 1, part: .optimizer, moment: .step, missingBytes: 3))
    var host = scored([0.5, 0.5])
    (host.score.hostBytesPerNode, host.score.hostCapacityBytes) = (5, 3)
    #expect(PlanVerdict(host, against: current) == .hostOverflow(missingBytes: 2))
  }
}
