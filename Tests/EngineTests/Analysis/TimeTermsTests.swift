import Testing

@testable import Engine

/// What the time of an iteration goes into.
@Suite struct TimeTermsTests {
  @Test("terms add up to the iteration, and the work of each stage to what its passes and transfers take")
  func sums() throws {
    let base = try AnalysisCase("gpt-7b-8xl4")
    var random = SymbolicRandom(seed: 3)
    for _ in 0..<30 {
      let plan = base.edited(base.best.plan, edits: 4, &random)
      let scored = ScoredPlan(plan: plan, score: try base.session.score(plan))
      let terms = TimeTerms(scored)
      let whole = scored.score.iterationSeconds
      let sum = TimeTerm.allCases.reduce(0) { $0 + terms.seconds[$1, default: 0] }
      #expect(abs(sum - whole) < 1e-9 * whole)
      let later = Double(plan.gradientAccumulation - 1)
      for (stage, found) in zip(scored.score.stages, terms.stages) {
        let transfers = 2 * (later + 1) * stage.pointToPointSeconds
        let passes = stage.forwardFirst.elapsed + stage.backwardLast.elapsed
        let busy = passes + later * (stage.forward.elapsed + stage.backward.elapsed) + transfers
        #expect(abs(found.values.reduce(0, +) - busy) < 1e-9 * whole)
        #expect(found[.transfers] == transfers)
      }
      #expect(terms.seconds[.imbalance, default: -1] >= -1e-9 * whole)
      if plan.stages.count == 1 { #expect(terms.seconds[.imbalance] == 0) }
    }
  }

  @Test("what recomputation repeats is what the explanation says of it, and nothing where no layer recomputes")
  func recomputation() throws {
    let base = try AnalysisCase("gpt-1.3b-2xl4")
    for count in [0, 1, 7, base.workload.model.layers] {
      var plan = base.best.plan
      plan.stages[0].checkpointedLayers = min(count, plan.stages[0].layers)
      let scored = ScoredPlan(plan: plan, score: try base.session.score(plan))
      let explanation = try PlanExplanation(workload: base.workload, plan: plan)
      func seconds(_ node: ExplanationNode) -> Double {
        if node.name == "recomputation" { return node.value }
        let below = node.children.reduce(0) { $0 + seconds($1) }
        if case .times(let factor) = node.combination { return factor * below }
        return below
      }
      let expected = Double(plan.gradientAccumulation) * seconds(explanation.stages[0].stable)
      let found = try #require(TimeTerms(scored).stages[0][.recomputation])
      #expect(abs(found - expected) <= 1e-9 * scored.score.iterationSeconds, "\(count)")
      #expect((found > 0) == (plan.stages[0].checkpointedLayers > 0))
    }
  }
}
