import Testing

@testable import Engine

/// Published plans: what is read of them, and what is said of them beside the search.
@Suite struct PublishedPlanTests {
  private static let question = """
    "gpu": "L4", "nodes": 1, "gpus_per_node": 2, "model": {"family": "gpt", "size": "1.3b", "seq": 2048, \
    "flash": true}, "global_batch": 32, "grad_accum": 16
    """
  /// Mist's plan with another share of optimizer states on the host.
  static func staged(share: String = "0.0") -> String {
    func stage(_ layers: Int) -> String {
      """
      {"layers": \(layers), "nodes": 1, "gpusPerNode": 1, "checkpointedLayers": 0, "microBatch": 2, "dataParallel": 1, \
      "tensorParallel": 1, "zero": 1, "offload": {"weights": 0.0, "gradients": 0.0, "optimizer": \(share), \
      "activations": 0.0}}
      """
    }
    return "{\"launcher\": \"mist\", \(question), \"stages\": [\(stage(13)), \(stage(11))]}"
  }
  static let degrees =
    "{\"launcher\": \"deepspeed\", \(question), \"dp\": 1, \"tp\": 2, \"pp\": 1, \"recompute\": \"full\", "
    + "\"zero\": 2, \"cpu_offload\": true}"

  private func read(_ text: String) throws(InputError) -> [PublishedPlan] {
    try PublishedPlanTable(text: text, file: "plans.jsonl").plans
  }

  @Test("a line gives the question on its launcher's runtime without headroom, and its stages one by one or alike")
  func reading() throws {
    let plans = try read(Self.staged(share: "0.375") + "\n\n" + Self.degrees + "\n")
    let first = try #require(plans.first)
    #expect(first.workload.run == TrainingRun(sequenceLength: 2048, globalBatch: 32, precision: .fp16, runtime: "mist"))
    #expect(first.workload.limits == Limits(headroomBytes: 0))
    #expect(first.workload.cluster.label == "1x2 l4-vm" && first.workload.model.name == "gpt-1.3b")
    #expect(first.plan.stages.map(\.layers) == [13, 11] && first.plan.gradientAccumulation == 16)
    #expect(first.plan.stages.map(\.offload) == [Offload(optimizer: 3), Offload(optimizer: 3)])
    #expect(first.roundedShares == 0 && first.place.line == 1)
    let second = plans[1]
    #expect(second.place.line == 3 && second.workload.run.runtime == "deepspeed" && second.space.name == "deepspeed")
    #expect(
      second.plan.stages == [
        StageChoice(
          layers: 24, nodes: 1, gpusPerNode: 2, microBatch: 2, dataParallel: 1, tensorParallel: 2, zero: 2,
          checkpointedLayers: 24, offload: Offload(optimizer: 8))
      ])
  }

  @Test("a share that is no eighth is read as the nearest, counted, and keeps the plan outside the space")
  func rounding() throws {
    let plan = try #require(try read(Self.staged(share: "0.3")).first)
    #expect(plan.roundedShares == 2)
    #expect(plan.plan.stages.map(\.offload.optimizer) == [2, 2])
  }

  @Test(
    "what cannot be read is told with file, line and field",
    arguments: [
      ("\"mist\"", "\"mst\"", "plans.jsonl:2: launcher: no space is called 'mst'"),
      ("\"L4\"", "\"L5\"", "plans.jsonl:2: gpu: found \"L5\""),
      ("\"1.3b\"", "\"1.4b\"", "plans.jsonl:2: model: no model is called 'gpt-1.4b'"),
      ("\"flash\": true", "\"fast\": true", "plans.jsonl:2: model: 'flash' is missing"),
      ("\"gpus_per_node\": 2", "\"gpus_per_node\": 9", "plans.jsonl:2: gpus_per_node: found '9'"),
      ("\"layers\": 13", "\"layers\": 14", "plans.jsonl:2: the stages hold 25 layers, the model has 24"),
      ("\"optimizer\": 0.0", "\"optimizer\": 1.5", "plans.jsonl:2: stages[1].offload.optimizer: found '1.5'"),
      ("{\"launcher\"", "[\"launcher\"", "plans.jsonl:2: not valid JSON"),
    ])
  func errors(_ found: String, _ wrong: String, _ message: String) {
    let broken = Self.staged().replacing(found, with: wrong, maxReplacements: 1)
    #expect(broken != Self.staged())
    do throws(InputError) {
      _ = try read(Self.degrees + "\n" + broken)
      Issue.record("no error: \(message)")
    } catch {
      #expect("\(error)".hasPrefix(message), "\(error)")
    }
  }

  @Test(
    "degrees that do not go together name the key",
    arguments: [
      ("\"pp\": 1", "\"pp\": 5", "plans.jsonl:1: pp: 24 layers do not divide into 5 stages"),
      ("\"dp\": 1", "\"dp\": 3", "plans.jsonl:1: grad_accum: the global batch 32 is not a multiple"),
      ("\"full\"", "\"some\"", "plans.jsonl:1: recompute: found \"some\", must be none, full or selective"),
      ("\"tp\": 2", "\"tp\": 1", "plans.jsonl:1: the stages' meshes hold 1 GPUs, the cluster has 2"),
    ])
  func degreeErrors(_ found: String, _ wrong: String, _ message: String) {
    do throws(InputError) {
      _ = try read(Self.degrees.replacing(found, with: wrong))
      Issue.record("no error: \(message)")
    } catch {
      #expect("\(error)".hasPrefix(message), "\(error)")
    }
  }

  @Test("a table without a plan is an error")
  func empty() {
    #expect(throws: InputError.self) { try self.read("\n \n") }
  }

  // MARK: Beside the search

  @Test("two plans are scored as sessions score them, and compared with what a search finds")
  func report() throws {
    let plans = try read(Self.staged() + "\n" + Self.staged(share: "0.125"))
    let report = try PublishedPlanReport(PublishedPlanTable(plans: plans))
    let session = TuningSession(workload: plans[0].workload, now: { 0 })
    let best = session.tune(TuneRequest(space: .mist, alternatives: 0))
    for (row, published) in zip(report.rows, plans) {
      #expect(try row.score == session.score(published.plan))
      #expect(row.score.fits && row.breach == nil && row.roomier == nil && row.excessBytes == 0)
      #expect(row.best.best == best.best && row.verdict == .beaten)
      let found = try #require(best.best).score.closedFormSeconds
      #expect(row.ratio == row.score.closedFormSeconds / found)
    }
    #expect(report.rows[0].score.closedFormSeconds != report.rows[1].score.closedFormSeconds)
  }

  @Test("a plan over its device by a little is found or beaten by the search on a device that holds it")
  func roomier() throws {
    var published = try #require(try read(Self.degrees).first)
    let fitting = try PublishedPlanReport(PublishedPlanTable(plans: [published]))
    let spare = try #require(fitting.rows.first?.score.stages.first?.memory.spare)
    #expect(spare > 0)
    published.workload.cluster.nodeType.gpu.memoryBytes.value -= spare + Units.gibibyte
    let row = try #require(try PublishedPlanReport(PublishedPlanTable(plans: [published])).rows.first)
    #expect(!row.score.fits && abs(row.excessBytes - Units.gibibyte) < 1)
    // On the smaller device itself nothing may fit at all.
    let own = row.best.best?.score.closedFormSeconds ?? .infinity
    let roomier = try #require(row.roomier?.best?.score.closedFormSeconds)
    #expect(roomier <= own && roomier <= row.score.closedFormSeconds * (1 + 1e-9))
    #expect(row.roomierVerdict == .beaten || row.roomierVerdict == .matched)
  }

  @Test("each verdict has its case: faster, as fast, slower; over the memory, outside the space, search stopped")
  func verdicts() throws {
    let published = try #require(try read(Self.staged()).first)
    var score = try TuningSession(workload: published.workload, now: { 0 }).score(published.plan)
    func verdict(_ factor: Double?, _ status: SearchStatus = .optimal, breach: String? = nil) -> String {
      var result = TuneResult(status: status)
      if let factor {
        var found = ScoredPlan(plan: published.plan, score: score)
        found.score.closedFormSeconds *= factor
        result.best = found
      }
      return PublishedPlanReport.Row(published: published, score: score, breach: breach, best: result).verdict.rawValue
    }
    #expect(verdict(1) == "matched" && verdict(1 + 1e-11) == "matched")
    #expect(verdict(0.99) == "beaten" && verdict(0.99, .feasible, breach: "tp") == "beaten")
    #expect(verdict(1.01) == "better: a fault" && verdict(nil, .infeasible) == "better: a fault")
    #expect(verdict(1.01, .feasible) == "better, search stopped")
    #expect(verdict(nil, .cancelled) == "better, search stopped")
    #expect(verdict(1.01, breach: "tp") == "better, outside the space")
    score.stages[0].memory.spare = -1
    #expect(verdict(1.01) == "better, does not fit" && verdict(1.01, breach: "tp") == "better, does not fit")
    #expect(verdict(nil, .infeasible) == "better, does not fit" && verdict(0.99) == "beaten")
  }

  @Test("what keeps a plan outside a space is the first knob that it lacks")
  func breaches() throws {
    let plan = try #require(try read(Self.staged(share: "0.125")).first).plan
    func breach(_ name: String, _ change: (inout Plan) -> Void = { _ in }) throws -> String? {
      var changed = plan
      change(&changed)
      return SpaceMembership(space: try #require(SearchSpace.named(name)), layers: 24).breach(changed)
    }
    #expect(try breach("mist") == nil)
    #expect(try breach("mist") { $0.stages[0].recompute = .selective } == nil)
    #expect(
      try breach("mist") { ($0.stages[0].recompute, $0.stages[0].checkpointedLayers) = (.selective, 1) }
        == "selective recomputation")
    #expect(try breach("fsdp") == "2 stages")
    #expect(try breach("3d") == "unequal layers")
    #expect(try breach("aceso") == "ZeRO 1")
    #expect(try breach("megatron-lm") == "1/8 of optimizer states offloaded")
    #expect(
      try breach("megatron-lm") { plan in
        for stage in plan.stages.indices { plan.stages[stage].offload = .none }
        plan.stages[0].checkpointedLayers = 13
      } == "checkpointed layers 13, 0")
  }

  @Test("speed-ups are of the first space over each, once a workload, on own runtimes and on one")
  func speedups() throws {
    let table = PublishedPlanTable(plans: try read(Self.staged() + "\n" + Self.degrees))
    let speedups = LauncherSpeedups(table)
    try #require(speedups.rows.count == 1)
    let row = speedups.rows[0]
    #expect(row.answers.map(\.space) == LauncherSpeedups.spaces)
    #expect(row.speedup(over: 0, \.ownSeconds) == 1 && row.answers[0].ownSeconds == row.answers[0].sharedSeconds)
    for (index, answer) in row.answers.enumerated() {
      let space = try #require(SearchSpace.named(answer.space))
      if SearchSpace.mist.contains(space) {
        let gain = try #require(row.speedup(over: index, \LauncherSpeedups.Answer.sharedSeconds))
        #expect(gain >= 1 - 1e-9, "\(answer.space)")
      }
    }
    var other = row
    other.answers[1].ownSeconds = (row.answers[0].ownSeconds ?? 0) * 3
    var same = row
    same.answers[1].ownSeconds = row.answers[0].ownSeconds
    var none = row
    none.answers[1].ownSeconds = nil
    let summary = LauncherSpeedups.summary([other, same, none], over: 1, \.ownSeconds)
    #expect(abs((summary?.mean ?? 0) - 2) < 1e-12 && abs((summary?.largest ?? 0) - 3) < 1e-12)
    #expect(LauncherSpeedups.summary([none], over: 1, \.ownSeconds) == nil)
  }
}
