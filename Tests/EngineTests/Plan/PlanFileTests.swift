import Testing

@testable import Engine

@Suite struct PlanFileTests {
  @Test("what is written reads back equal: random plans on shipped workloads, predictions and origins included")
  func roundTrip() throws {
    var random = SyntheticPipelines.Sequence(seed: 7)
    for name in ["gpt-22b-32xl4", "gpt-22b-32xa100-40", "llama-70b-512xh100"] {
      let workload = try WorkloadSource.load(name)
      for _ in 0..<20 {
        let plan = Self.randomPlan(workload, &random)
        var score = PlanScore()
        score.iterationSeconds = random.unit() * 100
        score.closedFormSeconds = 1 / 3 + random.unit()
        score.tokensPerSecond = random.unit() * 1e9
        let file = PlanFile(
          workload: workload, scored: ScoredPlan(plan: plan, score: score), space: "mist", status: .optimal)
        #expect(try PlanFile(ConfigNode.parse(file.text, file: "plan.yaml")) == file)
      }
    }
  }

  @Test("chunks of interleaved stages are written and read; a file without them has one")
  func interleaved() throws {
    let workload = try WorkloadSource.load("gpt-1.3b-2xl4")
    let stage = StageChoice(
      layers: 12, nodes: 1, gpusPerNode: 1, microBatch: 2, dataParallel: 1, tensorParallel: 1, zero: 0,
      checkpointedLayers: 6)
    let plan = Plan(gradientAccumulation: 16, stages: [stage, stage], interleave: 3)
    let text = PlanFile(workload: workload, plan: plan).text
    #expect(text.contains("interleave: 3"))
    #expect(try PlanFile(ConfigNode.parse(text, file: "plan.yaml")).plan == plan)
    let without = text.replacing("  interleave: 3\n", with: "")
    #expect(try PlanFile(ConfigNode.parse(without, file: "plan.yaml")).plan.interleave == 1)
    #expect(message(text.replacing("interleave: 3", with: "interleave: 4")).contains("checkpointedLayers is 6"))
  }

  @Test("a saved plan scores as it did before, to the last bit")
  func sameScore() throws {
    let workload = try WorkloadSource.load("gpt-1.3b-2xl4")
    let stage = StageChoice(
      layers: 24, nodes: 1, gpusPerNode: 2, microBatch: 8, dataParallel: 2, tensorParallel: 1, zero: 1,
      checkpointedLayers: 24, offload: Offload(optimizer: 3))
    let plan = Plan(gradientAccumulation: 2, stages: [stage])
    let score = try TuningSession(workload: workload) { 0 }.score(plan)
    #expect(score.iterationSeconds > 0)
    let file = PlanFile(workload: workload, scored: ScoredPlan(plan: plan, score: score))
    let read = try PlanFile(ConfigNode.parse(file.text, file: "plan.yaml"))
    #expect(try TuningSession(workload: read.workload) { 0 }.score(read.plan) == score)
    #expect(read.predicted == PredictedFigures(finite: score))
  }

  @Test("a plan that does not belong to its workload is refused at the line of its stage")
  func mismatch() throws {
    let text = try validText()
    let line = try #require(text.split(separator: "\n").firstIndex { $0.hasSuffix("microBatch: 8") }) + 1
    #expect(
      message(text.replacing("microBatch: 8", with: "microBatch: 4"))
        == "plan.yaml:\(line - 3): plan.stages[1]: stage 1: microBatch x dataParallel x gradientAccumulation is 16, "
        + "the global batch is 32; the plan does not belong to its workload as it stands")
    #expect(message(text.replacing("\n      layers: 24", with: "\n      layers: 23")).contains("model has 24"))
  }

  @Test("unknown keys, newer formats, other kinds and unknown pins are refused, each with what to do")
  func refused() throws {
    let text = try validText()
    #expect(message(text.replacing("computedWith:", with: "computedwith:")).contains("did you mean 'computedWith'?"))
    #expect(message(text.replacing("brume: 1", with: "brume: 2")).contains("use a newer brume"))
    #expect(message(text.replacing("kind: plan", with: "kind: workload")).contains("must be plan"))
    #expect(message(text.replacing("pins: []", with: "pins: [2.zer=2]")).contains("pins[1]: no knob is called 'zer'"))
    #expect(message(text.replacing("  sequence: 2048", with: "  sequnce: 2048")).contains("did you mean 'sequence'?"))
  }

  @Test("figures that are not finite are left out, so that the file can be read")
  func nonFinite() throws {
    let workload = try WorkloadSource.load("gpt-1.3b-2xl4")
    var score = PlanScore()
    score.mfu = .nan
    var random = SyntheticPipelines.Sequence(seed: 1)
    let scored = ScoredPlan(plan: Self.randomPlan(workload, &random), score: score)
    let file = PlanFile(workload: workload, scored: scored)
    #expect(file.predicted == nil)
    #expect(try PlanFile(ConfigNode.parse(file.text, file: "plan.yaml")) == file)
  }

  @Test("the plans that ship fit, and carry the figures of this engine (.ci/record records them again)")
  func shipped() throws {
    #expect(Catalogue.plans.count == 2)
    for sample in Catalogue.plans {
      let file = try #require(try InputDocument.load(sample.name).plan)
      let score = try TuningSession(workload: file.workload) { 0 }.score(file.plan)
      #expect(score.fits)
      #expect(file.predicted == PredictedFigures(finite: score))
      #expect(file.computedWith?.engine == EngineVersion.current)
    }
  }

  @Test("a document says whether it is a workload or a plan, and assignments reach into both")
  func documents() throws {
    #expect(try InputDocument.load("gpt-1.3b-2xl4", set: ["run.batch=64"]).workload.run.globalBatch == 64)
    let plan = try InputDocument.load(
      "-",
      set: [
        "plan.gradientAccumulation=4",
        "plan.stages=[{layers: 24, nodes: 1, gpusPerNode: 2, microBatch: 4, "
          + "dataParallel: 2, tensorParallel: 1, zero: 0}]",
      ], standardInput: validText()
    ).plan
    #expect(plan?.plan.gradientAccumulation == 4)
    #expect(plan?.plan.stages.first?.zero == 0)
  }

  private func validText() throws -> String {
    let workload = try WorkloadSource.load("gpt-1.3b-2xl4")
    let stage = StageChoice(
      layers: 24, nodes: 1, gpusPerNode: 2, microBatch: 8, dataParallel: 2, tensorParallel: 1, zero: 1,
      checkpointedLayers: 20)
    return PlanFile(
      workload: workload, scored: ScoredPlan(plan: Plan(gradientAccumulation: 2, stages: [stage]), score: PlanScore())
    ).text
  }

  private func message(_ text: String) -> String {
    do {
      _ = try PlanFile(ConfigNode.parse(text, file: "plan.yaml"))
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// A plan that keeps the rules: equal meshes, one tp, everything else at random.
  static func randomPlan(_ workload: Workload, _ random: inout SyntheticPipelines.Sequence) -> Plan {
    let cluster = workload.cluster
    let nodes = [1, 2, 4].filter { cluster.nodes % $0 == 0 }.randomElement(using: &random) ?? 1
    let gpus = nodes * cluster.gpusPerNode
    var stageCount = cluster.nodes / nodes
    if stageCount > workload.model.layers { stageCount = 1 }
    let mesh = (nodes: cluster.nodes / stageCount, gpus: gpus * (cluster.nodes / nodes) / stageCount)
    let tensorParallel = [1, 2].randomElement(using: &random) ?? 1
    let dataParallel = mesh.gpus / tensorParallel
    let rest = workload.run.globalBatch / dataParallel
    let microBatch = (1...max(1, rest)).filter { rest % $0 == 0 }.randomElement(using: &random) ?? 1
    var layers = [Int](repeating: 1, count: stageCount)
    for _ in stageCount..<max(stageCount, workload.model.layers) {
      layers[Int.random(in: 0..<stageCount, using: &random)] += 1
    }
    let kind = RecomputeKind.allCases.randomElement(using: &random) ?? .full
    return Plan(
      gradientAccumulation: rest / microBatch,
      stages: layers.map { count in
        StageChoice(
          layers: count, nodes: mesh.nodes, gpusPerNode: cluster.gpusPerNode, microBatch: microBatch,
          dataParallel: dataParallel, tensorParallel: tensorParallel, zero: Int.random(in: 0...3, using: &random),
          checkpointedLayers: Int.random(in: 0...count, using: &random), recompute: kind,
          offload: Offload(
            weights: Int.random(in: 0...8, using: &random), gradients: Int.random(in: 0...8, using: &random),
            optimizer: Int.random(in: 0...8, using: &random), activations: Int.random(in: 0...8, using: &random)))
      }, sequenceParallel: Bool.random(using: &random))
  }
}
