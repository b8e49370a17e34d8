import Testing

@testable import Engine

/// The score of a plan, whichever way it is computed.
@Suite struct PlanScorerTests {
  @Test("a score is that of the simulated timeline, to the last bit, whatever was scored before it")
  func timeline() throws {
    var random = SymbolicRandom(seed: 17)
    var schedules: Set<PipelineSchedule> = []
    for runtime in ["mist", "megatron-core"] {
      var workload = try WorkloadSource.load("gpt-7b-8xl4")
      workload.run.runtime = runtime
      let session = TuningSession(workload: workload, now: { 0 })
      let first = try #require(session.tune(TuneRequest(threads: 1, alternatives: 0)).best)
      let edits = AnalysisCase(session: session, best: first)
      let model = StageModel(workload: workload)
      var used = PlanScorer(model: model)
      for _ in 0..<30 {
        let plan = edits.edited(first.plan, edits: 1 + random.below(8), &random)
        schedules.insert(plan.schedule)
        try check(plan, &used, model)
      }
    }
    #expect(schedules.count > 1, "\(schedules)")
    var chunked = FourStages.workload
    chunked.run.runtime = "megatron-core"
    let model = StageModel(workload: chunked)
    var used = PlanScorer(model: model)
    for chunks in [1, 2, 3, 6, 2] {
      let plan = FourStages.plan { plan in
        plan.interleave = chunks
        for index in plan.stages.indices { plan.stages[index].checkpointedLayers = chunks }
      }
      try check(plan, &used, model)
    }
  }

  private func check(_ plan: Plan, _ used: inout PlanScorer, _ model: StageModel) throws {
    var new = PlanScorer(model: model)
    let score = try used.score(plan)
    let found = try new.evaluate(plan)
    #expect(score == found.score)
    #expect(score.iterationSeconds == found.timeline.period)
    #expect(score.bubbleShare == found.timeline.bubbleShare)
  }

  @Test("without a simulation the stages, memory and objective are known, and what the iteration takes at least")
  func untimed() throws {
    let base = try AnalysisCase("gpt-7b-8xl4")
    var random = SymbolicRandom(seed: 18)
    var scorer = PlanScorer(model: StageModel(workload: base.workload))
    var bounded = 0
    for _ in 0..<20 {
      let plan = base.edited(base.best.plan, edits: 1 + random.below(4), &random)
      let untimed = try scorer.untimed(plan)
      var score = try scorer.score(plan)
      let least = scorer.leastSeconds(untimed.stages, of: plan)
      #expect(least <= score.iterationSeconds)
      if least > 0.5 * score.iterationSeconds { bounded += 1 }
      (score.iterationSeconds, score.bubbleShare, score.tokensPerSecond, score.tokensPerSecondPerGPU) = (0, 0, 0, 0)
      (score.tflopsPerGPU, score.mfu, score.trainingDays, score.trainingCost) = (0, 0, nil, nil)
      #expect(untimed == score)
    }
    #expect(bounded > 0)
  }
}
