import Testing

@testable import Engine

/// What plans cost under GPipe and ZB-H1.
@Suite struct ScheduleScoreTests {
  /// Four stages of one GPU each.
  private static let workload = Workload(
    name: "small", model: TestMachines.gpt(hidden: 2048, layers: 8, heads: 16),
    cluster: TestMachines.cluster(nodes: 1, gpusPerNode: 4),
    run: TrainingRun(sequenceLength: 2048, globalBatch: 16, precision: .fp16))

  private func plan(_ schedule: PipelineSchedule, checkpointed: Int = 0) -> Plan {
    let stage = StageChoice(
      layers: 2, nodes: 1, gpusPerNode: 1, microBatch: 1, dataParallel: 1, tensorParallel: 1, zero: 0,
      checkpointedLayers: checkpointed)
    return Plan(gradientAccumulation: 16, stages: [StageChoice](repeating: stage, count: 4), schedule: schedule)
  }

  private func score(_ schedule: PipelineSchedule, checkpointed: Int = 0) throws -> PlanScore {
    try Self.workload.score(plan(schedule, checkpointed: checkpointed))
  }

  @Test("weight gradients are half of the backward's products: less than a forward, and the same where all recompute")
  func weightGradients() throws {
    let kept = try score(.zeroBubble)
    for stage in kept.stages {
      #expect(stage.weightGradientSeconds > 0.25 * stage.backward.elapsed)
      #expect(stage.weightGradientSeconds < 0.5 * stage.backward.elapsed)
      #expect(stage.weightGradientSeconds < stage.forward.elapsed)
    }
    // The head is a product of the last stage.
    #expect(kept.stages[3].weightGradientSeconds > kept.stages[2].weightGradientSeconds * 1.2)
    let recomputed = try score(.zeroBubble, checkpointed: 2)
    #expect(recomputed.stages.map(\.weightGradientSeconds) == kept.stages.map(\.weightGradientSeconds))
    #expect(try score(.oneForwardOneBackward).stages.allSatisfy { $0.weightGradientSeconds == 0 })
    // One layer's four products and the head's, by the rates of the machine.
    let rates = KernelRates(gpu: Self.workload.cluster.nodeType.gpu, precision: .fp16)
    let graph = ExpressionGraph()
    func product(_ rows: Double, _ columns: Double) -> Double {
      rates.product(graph.constant(rows), graph.constant(columns), depth: graph.constant(2048)).constantValue ?? .nan
    }
    let layer = product(2048, 6144) + product(2048, 2048) + product(2048, 8192) + product(8192, 2048)
    #expect(abs(kept.stages[1].weightGradientSeconds - 2 * layer) < 1e-12)
    #expect(abs(kept.stages[3].weightGradientSeconds - 2 * layer - product(2048, 50304)) < 1e-12)
  }

  @Test("ZB-H1 is faster than 1F1B by its shorter bubble, and GPipe is not; both are near their closed form")
  func times() throws {
    let (plain, gpipe, apart) = try (score(.oneForwardOneBackward), score(.gpipe), score(.zeroBubble))
    #expect(gpipe.closedFormSeconds == plain.closedFormSeconds)
    #expect(gpipe.iterationSeconds >= plain.iterationSeconds * (1 - 1e-12))
    let hidden = apart.stages.dropLast().reduce(0) { $0 + 2 * $1.weightGradientSeconds }
    // The last stage, with the head, is the slowest: it keeps its weight gradients.
    #expect(abs(plain.closedFormSeconds - apart.closedFormSeconds - hidden) < 1e-9)
    // The head makes the last stage 1.7 times as long as the others, for which others wait less than the formula has it.
    for score in [plain, gpipe, apart] {
      #expect(abs(score.iterationSeconds / score.closedFormSeconds - 1) < 0.03)
    }
  }

  @Test("what weight gradients need is 32 T h of a GPT layer, as the paper has it, and the head's logits")
  func weightGradientBytes() throws {
    let model = StageModel(workload: Self.workload)
    let constants = model.constants(
      for: StageSetting(
        microBatch: 1, tensorParallel: 1, dataParallel: 1, microBatches: 16, nodes: 1, gpusPerNode: 1))
    #expect(constants.layerWeightGradientBytes == 32 * 2048 * 2048)
    #expect(constants.headWeightGradientBytes == 2 * 2048 * (2048 + 50304))
  }

  @Test("GPipe holds every micro-batch on every stage; ZB-H1 no more than 1F1B's first stage if nothing recomputes")
  func memory() throws {
    let (plain, gpipe, apart) = try (score(.oneForwardOneBackward), score(.gpipe), score(.zeroBubble))
    let held = gpipe.stages.map(\.memory.activations)
    #expect(held[1] == held[2] && held[0] > 3.5 * plain.stages[0].memory.activations)
    for (stage, memory) in zip(0..., apart.stages.map(\.memory)) {
      let usual = plain.stages[stage].memory
      #expect(memory.weights == usual.weights && memory.optimizer == usual.optimizer)
      #expect(stage == 0 || memory.activations > usual.activations)
      // The head's logits come on top of what layers hold.
      if stage < 3 { #expect(memory.activations <= apart.stages[0].memory.activations * 1.02) }
    }
    // Recomputation saves little where weight gradients wait.
    let recomputed = try score(.zeroBubble, checkpointed: 2)
    let saved = try score(.oneForwardOneBackward, checkpointed: 2)
    #expect(recomputed.stages[2].memory.activations > 5 * saved.stages[2].memory.activations)
  }

  @Test(
    "the breakdown of a stage is its allocated memory, wherever the peak is",
    arguments: [
      PipelineSchedule.gpipe, .zeroBubble,
    ])
  func fullest(schedule: PipelineSchedule) {
    var noise = SyntheticPipelines.Sequence(seed: 63)
    for _ in 0..<500 {
      let values = (0..<MemoryParts<Double>.count).map { _ in noise.unit() * 1e9 }
      let parts = MemoryParts<Double>(values: { values[$0] }, start: 0)
      let constants = StageConstants(values: (0..<StageConstants.count).map { _ in noise.unit() * 3e8 })
      let stages = Int.random(in: 2...6, using: &noise)
      let stage = Int.random(in: 0..<stages, using: &noise)
      let formula = StageFormula(
        position: StagePosition(
          layers: 6, isFirst: stage == 0, isLast: stage == stages - 1,
          activations: ActivationsInFlight(
            stage: stage, stages: stages, microBatches: 2 * stages, chunks: 1, schedule: schedule)),
        constants: constants, tied: false)
      let checkpointed = [0, 6].randomElement(using: &noise) ?? 0
      let kind = CheckpointClass(checkpointed, of: 6)
      let allocated = formula.allocatedBytes(parts, class: kind, checkpointed: Double(checkpointed))
      let breakdown = formula.fullestMoment(parts, class: kind, checkpointed: Double(checkpointed))
      #expect(abs(breakdown.allocated - allocated) <= 1e-9 * abs(allocated))
      guard kind == .all else { continue }
      #expect(abs((formula.momentBytes(parts).max() ?? 0) - allocated) <= 1e-9 * abs(allocated))
    }
  }

  @Test("the rules of the two schedules: several stages of one chunk, and for ZB-H1 a micro-batch for each")
  func rules() throws {
    let rules = PlanRules(workload: Self.workload)
    try rules.check(plan(.gpipe))
    try rules.check(plan(.zeroBubble))
    var chunks = plan(.gpipe)
    chunks.interleave = 2
    #expect(
      throws: PlanError.planValue(field: "interleave", found: "2", allowed: "1 with the schedule gpipe")
    ) { try rules.check(chunks) }
    var few = plan(.zeroBubble)
    few.gradientAccumulation = 2
    for index in few.stages.indices { few.stages[index].microBatch = 8 }
    #expect(throws: PlanError.self) { try rules.check(few) }
    few.schedule = .gpipe
    try rules.check(few)
    var one = plan(.zeroBubble)
    one.stages = [one.stages[0]]
    (one.stages[0].layers, one.stages[0].gpusPerNode, one.stages[0].dataParallel) = (8, 4, 4)
    one.gradientAccumulation = 4
    #expect(
      throws: PlanError.planValue(field: "schedule", found: "zb-h1", allowed: "1f1b in a plan of one stage")
    ) { try rules.check(one) }
  }

  @Test("plan files have the schedule; interleaved is a name for what their chunks say")
  func files() throws {
    let text = PlanFile(workload: Self.workload, plan: plan(.zeroBubble)).text
    #expect(text.contains("schedule: zb-h1"))
    #expect(try PlanFile(ConfigNode.parse(text, file: "plan.yaml")).plan == plan(.zeroBubble))
    let named = text.replacing("schedule: zb-h1", with: "schedule: interleaved")
    #expect(throws: InputError.self) { try PlanFile(ConfigNode.parse(named, file: "plan.yaml")) }
    let chunks = named.replacing("interleave: 1", with: "interleave: 2")
    let read = try PlanFile(ConfigNode.parse(chunks, file: "plan.yaml")).plan
    #expect(read.schedule == .oneForwardOneBackward && read.scheduleName == .interleaved)
    #expect(throws: InputError.self) {
      try PlanFile(ConfigNode.parse(text.replacing("zb-h1", with: "zb-h9"), file: "plan.yaml"))
    }
  }
}
