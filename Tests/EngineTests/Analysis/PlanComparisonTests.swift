import Testing

@testable import Engine

@Suite struct PlanComparisonTests {
  @Test("of another runtime the choices are told on this one, and the rest is the runtime's")
  func runtime() throws {
    let base = try AnalysisCase("gpt-1.3b-2xl4")
    var question = base.workload
    question.run.runtime = "megatron-lm-2023"
    let space = try #require(SearchSpace.named("megatron-lm"))
    let other = try #require(
      TuningSession(workload: question, now: { 0 }).tune(TuneRequest(space: space, threads: 1, alternatives: 0)).best)
    let found = base.session.comparison(from: base.best, to: other, of: question)
    let here = try base.session.score(other.plan)
    let runtime = try #require(found.runtime)
    #expect(runtime.name == "megatron-lm-2023" && found.difference.isOfOneWorkload)
    #expect(runtime.seconds == other.score.iterationSeconds - here.iterationSeconds)
    #expect(found.difference.seconds == here.iterationSeconds - base.best.score.iterationSeconds)
    let whole = other.score.iterationSeconds - base.best.score.iterationSeconds
    #expect(abs(found.seconds - whole) < 1e-9 * whole.magnitude + 1e-12)
    #expect(abs(found.peakBytes - (other.score.peakReservedBytes - base.best.score.peakReservedBytes)) < 1)
  }

  @Test("of another batch, and of figures that are not those of this workload, only the whole is told")
  func otherQuestion() throws {
    let base = try AnalysisCase("gpt-1.3b-2xl4")
    var question = base.workload
    question.run.globalBatch /= 2
    let other = try #require(
      TuningSession(workload: question, now: { 0 }).tune(TuneRequest(threads: 1, alternatives: 0)).best)
    for workload in [question, base.workload] {
      let found = base.session.comparison(from: base.best, to: other, of: workload)
      #expect(!found.difference.isOfOneWorkload && found.runtime == nil && found.difference.steps.isEmpty)
      #expect(found.seconds == other.score.iterationSeconds - base.best.score.iterationSeconds)
    }
  }

  @Test("a plan of the same workload is told by its choices alone")
  func same() throws {
    let base = try AnalysisCase("gpt-1.3b-2xl4")
    var plan = base.best.plan
    plan.stages[0].zero = plan.stages[0].zero == 0 ? 1 : 0
    let other = ScoredPlan(plan: plan, score: try base.session.score(plan))
    let found = base.session.comparison(from: base.best, to: other, of: base.workload)
    let difference = try PlanDifference(from: base.best.plan, to: plan, session: base.session)
    #expect(found.runtime == nil && found.difference == difference)
  }
}
