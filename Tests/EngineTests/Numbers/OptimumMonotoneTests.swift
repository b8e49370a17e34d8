import Testing

@testable import Engine

/// More of anything never makes the optimum worse: by the closed form, over random questions.
@Suite struct OptimumMonotoneTests {
  private static let trials = RandomWorkloads.isSlow ? 1_000 : 8

  /// Sums of some hundred terms are rounded.
  private static let rounding = 1e-11

  /// How many questions were asked, of which some had an answer only with more, or a better one.
  private struct Count {
    var questions = 0
    var better = 0
    var newlyFits = 0
    var worst = 0.0

    var text: String {
      "\(questions) pairs of searches, \(better) better with more, \(newlyFits) fit only then, worst rise \(worst)"
    }
  }

  /// Searches a question with and without more of a resource; the ratio of the optima, nil where one has none.
  private func ratio(
    _ question: RandomWorkloads.Question, _ more: RandomWorkloads.Question, _ count: inout Count, _ label: String
  ) -> Double? {
    let (before, after) = (question.answer(), more.answer())
    count.questions += 1
    #expect([SearchStatus.optimal, .infeasible].contains(before.status), "\(label)")
    guard let old = before.best?.score.closedFormSeconds else {
      count.newlyFits += after.best == nil ? 0 : 1
      return nil
    }
    guard let new = after.best?.score.closedFormSeconds else {
      Issue.record("fits no more: \(label)")
      return nil
    }
    count.better += new < old * (1 - 1e-9) ? 1 : 0
    count.worst = max(count.worst, new / old - 1)
    return new / old
  }

  @Test("more memory on the device or the host never makes the optimum slower, and what fits goes on fitting")
  func memory() throws {
    var workloads = try RandomWorkloads(seed: 801)
    var count = Count()
    for _ in 0..<Self.trials {
      let question = workloads.next()
      for resource in Workload.Resource.allCases where resource.isMemory {
        var more = question
        more.workload = question.workload.with(workloads.pick([1.02, 1.3, 2]), of: resource)
        let label = "\(resource.rawValue): \(question.label)"
        if let ratio = ratio(question, more, &count, label) { #expect(ratio <= 1 + Self.rounding, "\(label)") }
      }
    }
    #expect(count.better > 0 && (count.newlyFits > 0 || !RandomWorkloads.isSlow))
    if RandomWorkloads.isSlow { print("reliability: more memory: \(count.text)") }
  }

  @Test("faster GPUs and links never make the optimum slower where channels do not disturb each other")
  func rates() throws {
    var workloads = try RandomWorkloads(seed: 802)
    var count = Count()
    for _ in 0..<Self.trials {
      var question = workloads.next()
      question.workload.cluster.nodeType.interference = .none
      for resource in Workload.Resource.allCases where !resource.isMemory {
        var more = question
        let factor = workloads.pick([1.02, 1.3, 4])
        more.workload = question.workload.with(factor, of: resource)
        let label = "\(resource.rawValue): \(question.label)"
        let most = 1 + question.allowance(resource, factor) + Self.rounding
        if let ratio = ratio(question, more, &count, label) { #expect(ratio <= most, "\(label) \(ratio)") }
      }
    }
    #expect(count.better > 0)
    if RandomWorkloads.isSlow { print("reliability: faster parts, factors of 1: \(count.text)") }
  }

  @Test("a larger space, and one choice less of it held, never has a slower optimum")
  func choices() throws {
    var workloads = try RandomWorkloads(seed: 803)
    var count = Count()
    for _ in 0..<3 * Self.trials {
      let question = workloads.next()
      var larger = question
      let part = workloads.random.below(6)
      switch part {
      case 0: larger.space.zeroLevels = [0, 1, 2, 3]
      case 1: larger.space.optimizerEighths = [0, 1, 3, 5, 8]
      case 2: larger.space.recomputeKinds = RecomputeKind.allCases
      case 3: larger.space.contextParallel = [1, 2, 4]
      case 4: (larger.space.unlikeMeshes, larger.space.unlikeTensorParallel) = (true, true)
      default: larger.space.sequenceParallel = [false, true]
      }
      let label = "\(part): \(question.label)"
      if let ratio = ratio(question, larger, &count, label) { #expect(ratio <= 1 + Self.rounding, "\(label) \(ratio)") }
    }
    #expect(count.better > 0)
    if RandomWorkloads.isSlow { print("reliability: more choices: \(count.text)") }
  }

  @Test("the same plan is never faster with more layers, and a plan of twice the micro-batches takes longer")
  func work() throws {
    var workloads = try RandomWorkloads(seed: 804)
    var (layers, rounds) = (0, 0)
    for _ in 0..<Self.trials {
      let question = workloads.next()
      guard let best = question.answer().best else { continue }
      let label = question.label
      var deeper = question.workload
      deeper.model.layers += best.plan.interleave * best.plan.stages.count
      var plan = best.plan
      for stage in plan.stages.indices { plan.stages[stage].layers += best.plan.interleave }
      if let score = try? deeper.score(plan) {
        layers += 1
        #expect(score.closedFormSeconds > best.score.closedFormSeconds, "\(label)")
        #expect(score.iterationSeconds > best.score.iterationSeconds, "\(label)")
      }
      var longer = question.workload
      longer.run.globalBatch *= 2
      plan = best.plan
      plan.gradientAccumulation *= 2
      let score = try longer.score(plan)
      rounds += 1
      #expect(score.closedFormSeconds > best.score.closedFormSeconds, "\(label)")
      #expect(score.iterationSeconds > best.score.iterationSeconds, "\(label)")
    }
    #expect(layers > Self.trials / 4 && rounds > Self.trials / 4)
    if RandomWorkloads.isSlow {
      print("reliability: more work: \(layers) plans of more layers, \(rounds) of more rounds")
    }
  }
}
