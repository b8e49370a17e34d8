import Foundation
import Testing

@testable import Engine

/// What keeps a plan from being faster.
@Suite struct PlanBindingTests {
  @Test("where memory binds, the blocked step is faster, does not fit, and fits once the device has what it misses")
  func device() throws {
    let base = try AnalysisCase("gpt-7b-8xl4")
    let binding = try #require(base.session.binding(of: base.best.plan, space: .mist))
    let spares = base.best.score.stages.map(\.memory.spare)
    #expect(binding.fits && binding.spareBytes == spares.min() && spares[binding.fullest] == spares.min())
    let blocked = try #require(binding.blocked)
    let scored = try #require(blocked.scored)
    #expect((blocked.seconds ?? 0) < 0 && !scored.score.fits)
    guard case .device(let stage) = binding.limit, case .overflow(let place, _, _, let missing) = blocked.verdict else {
      Issue.record("device memory does not bind: \(binding)")
      return
    }
    #expect(stage == place)
    var larger = base.workload
    larger.cluster.nodeType.gpu.memoryBytes.value += missing * (1 + 1e-9)
    #expect(try TuningSession(workload: larger, now: { 0 }).score(scored.plan).fits)
    #expect(binding.text.contains("stage \(stage + 1)") && binding.text.contains("would be faster"))
  }

  @Test("where there is memory to spare nothing binds, and where there is too little it says what is missing")
  func ends() throws {
    let base = try AnalysisCase("gpt-7b-8xl4")
    var roomy = base.workload
    roomy.cluster.nodeType.gpu.memoryBytes.value = 1e13
    roomy.cluster.nodeType.hostMemoryBytes.value = 1e14
    let free = try #require(TuningSession(workload: roomy, now: { 0 }).binding(of: base.best.plan, space: .mist))
    #expect(free.limit == .nothing && free.blocked == nil && free.text.contains("does not bind"))
    var small = base.workload
    small.cluster.nodeType.gpu.memoryBytes.value = 4e9
    let over = try #require(TuningSession(workload: small, now: { 0 }).binding(of: base.best.plan, space: .mist))
    #expect(!over.fits && over.limit == .device(stage: over.fullest) && over.spareBytes < 0 && over.blocked == nil)
    var poor = base.workload
    poor.cluster.nodeType.hostMemoryBytes.value = 1e9
    var plan = base.best.plan
    for stage in plan.stages.indices { plan.stages[stage].offload.optimizer = 8 }
    poor.cluster.nodeType.gpu.memoryBytes.value = 1e12
    let host = try #require(TuningSession(workload: poor, now: { 0 }).binding(of: plan, space: .mist))
    #expect(host.limit == .host && host.spareHostBytes < 0)
  }

  @Test("the slowest stage is the one with the most work, and the imbalance what it works beyond the mean")
  func slowest() throws {
    let file = try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan)
    let session = TuningSession(workload: file.workload, now: { 0 })
    let cancel = CancelToken()
    cancel.cancel()
    let binding = try #require(session.binding(of: file.plan, space: .mist, cancel: cancel))
    let work = TimeTerms(ScoredPlan(plan: file.plan, score: try session.score(file.plan))).stages.map {
      $0.values.reduce(0, +)
    }
    let most = try #require(work.max())
    #expect(abs(work[binding.slowest] - most) < 1e-9 * most)
    let mean = work.reduce(0, +) / Double(work.count)
    #expect(abs(binding.imbalanceSeconds - (most - mean)) < 1e-9 * most)
    // Cancelled before the first step.
    #expect(binding.limit == .nothing)
  }

  /// The step that binds, found by scoring every plan around.
  private func blocked(_ plan: Plan, _ session: TuningSession, _ pins: PlanPins) throws -> Neighbour? {
    func around(_ knob: PlanKnob, _ stage: Int) throws -> Neighbours {
      try #require(session.neighbours(of: PlanCell(knob, stage: stage), in: plan, space: .mist, pins: pins))
    }
    var steps = [try around(.microBatch, 0).above]
    let saving: [PlanKnob] = [
      .checkpointedLayers, .zero, .weightOffload, .gradientOffload, .optimizerOffload, .activationOffload,
      .tensorParallel,
    ]
    for stage in plan.stages.indices { steps += try saving.map { try around($0, stage).below } }
    steps += try around(.layers, 0).all.map(Optional.some)
    let now = try session.score(plan).iterationSeconds
    var best: Neighbour?
    for step in steps.compactMap({ $0 }) {
      guard let scored = step.scored, !scored.score.fits, let seconds = step.seconds,
        seconds < -PlanVerdict.rounding * now, seconds < best?.seconds ?? 0
      else { continue }
      best = step
    }
    return best
  }

  @Test("what binds is what scoring all plans around a plan finds, of random plans and pins")
  func exhaustive() throws {
    let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
    var random = SymbolicRandom(seed: 90)
    var (bound, free) = (0, 0)
    for name in ["gpt-7b-8xl4", "gpt-22b-32xl4.plan"] {
      let file = try InputDocument.load(name)
      // In so much memory that some of the edited plans fit, and their neighbours do not.
      var workload = file.workload
      workload.cluster.nodeType.gpu.memoryBytes.value *= 1.5
      let session = TuningSession(workload: workload, now: { 0 })
      let first = try file.plan?.plan ?? #require(session.tune(TuneRequest(threads: 1, alternatives: 0)).best).plan
      let edits = AnalysisCase(session: session, best: ScoredPlan(plan: first, score: try session.score(first)))
      for _ in 0..<(isSlow ? 60 : 6) {
        let plan = edits.edited(first, edits: random.below(5), &random)
        guard try session.score(plan).fits else { continue }
        let pins = PlanPins(random.below(2) == 0 ? [] : [try Pin("1.zero=\(plan.stages[0].zero)")])
        let binding = try #require(session.binding(of: plan, space: .mist, pins: pins))
        let expected = try blocked(plan, session, pins)
        #expect(binding.blocked == expected)
        if expected == nil { free += 1 } else { bound += 1 }
      }
    }
    #expect(bound > 0, "\(bound) plans are bound by memory, \(free) are not")
  }
}
