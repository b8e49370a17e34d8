import Testing

@testable import Engine

/// Parts add up to their totals, to the rounding of sums, on random plans of random questions.
@Suite struct SumTests {
  private static let trials = RandomWorkloads.isSlow ? 1_000 : 12
  private static let rounding = 1e-12

  private func expectClose(_ parts: Double, _ total: Double, scale: Double, _ label: String) {
    #expect(abs(parts - total) <= Self.rounding * max(scale, abs(total)), "\(label): \(parts) is not \(total)")
  }

  @Test("memory parts add up to what is allocated, and with what is kept free and spare to the device")
  func memory() throws {
    try each { _, scored, label in
      for stage in scored.score.stages {
        let memory = stage.memory
        let parts = [
          memory.weights, memory.gradients, memory.optimizer, memory.activations, memory.transient, memory.buffers,
        ]
        #expect(parts.allSatisfy { $0 >= 0 } && memory.reserved >= memory.allocated, "\(label)")
        expectClose(parts.reduce(0, +), memory.allocated, scale: memory.allocated, label)
      }
    }
  }

  @Test("what is reserved, kept free, outside the allocator and spare is the share of the device that may be used")
  func device() throws {
    try each { workload, scored, label in
      for stage in scored.score.stages {
        let memory = stage.memory
        let used = memory.reserved + memory.context + memory.headroom + memory.spare
        expectClose(
          used, memory.capacity * workload.limits.memoryShare, scale: memory.capacity + memory.reserved, label)
      }
    }
  }

  @Test("the closed form is the sum of its terms, terms of the time add up to the iteration, and t + d to the passes")
  func time() throws {
    try each { _, scored, label in
      let score = scored.score
      let terms = TimeTerms(scored)
      let whole = score.iterationSeconds
      let scale = terms.seconds.values.reduce(whole) { max($0, abs($1)) }
      expectClose(TimeTerm.allCases.reduce(0) { $0 + terms.seconds[$1, default: 0] }, whole, scale: scale, label)
      for stage in score.stages {
        let transfers = 2 * stage.pointToPointSeconds
        let firstLast = stage.forwardFirst.elapsed + stage.backwardLast.elapsed + transfers
        expectClose(stage.stableSeconds + stage.deltaSeconds, firstLast, scale: firstLast, label)
        for pass in [stage.forward, stage.backward, stage.forwardFirst, stage.backwardLast] {
          // Kernels and serial collectives are never more than the pass.
          #expect(pass.elapsed >= (pass.compute + pass.tensorParallel) * (1 - 1e-12), "\(label)")
          expectClose(pass.compute + pass.tensorParallel + pass.exposed, pass.elapsed, scale: pass.elapsed, label)
        }
      }
    }
  }

  @Test("every node of an explanation is what its children make it, and its roots are the score's")
  func explanations() throws {
    try each { workload, scored, label in
      let explanation = try PlanExplanation(workload: workload, plan: scored.plan)
      #expect(explanation.time.value == scored.score.iterationSeconds, "\(label)")
      #expect(explanation.memory.value == scored.score.peakReservedBytes, "\(label)")
      let roots =
        [explanation.time, explanation.memory] + explanation.stages.flatMap { [$0.stable, $0.delta, $0.reserved] }
      for node in roots.flatMap(\.all) {
        let scale = node.children.reduce(abs(node.value)) { max($0, abs($1.value)) }
        expectClose(node.combined, node.value, scale: scale, "\(node.name), \(label)")
      }
    }
  }

  /// Calls `body` with the best plans of random questions, and with plans that random edits make of them.
  private func each(_ body: (Workload, ScoredPlan, String) throws -> Void) throws {
    var workloads = try RandomWorkloads(seed: 841)
    var plans = 0
    for _ in 0..<Self.trials {
      let question = workloads.next()
      let result = question.answer(alternatives: 2)
      guard let best = result.best else { continue }
      let session = TuningSession(workload: question.workload, now: { 0 })
      let edited = AnalysisCase(session: session, best: best).edited(best.plan, edits: 3, &workloads.random)
      var found = [best] + result.alternatives
      if let score = try? session.score(edited) { found.append(ScoredPlan(plan: edited, score: score)) }
      for plan in found {
        plans += 1
        try body(question.workload, plan, question.label)
      }
    }
    #expect(plans > Self.trials)
    if RandomWorkloads.isSlow { print("reliability: sums: \(plans) plans of \(Self.trials) questions") }
  }
}
