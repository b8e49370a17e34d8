import Testing

@testable import Engine

@Suite struct PlanRulesTests {
  /// Two stages of one node each on 2x4 GPUs: 8 layers, batch 16 = 1 x 2 x 8.
  private let workload = PlanFixtures.workload(nodes: 2, gpusPerNode: 4, layers: 8, batch: 16)
  private let plan = Plan(
    gradientAccumulation: 8,
    stages: [PlanFixtures.stage(layers: 3, gpusPerNode: 4), PlanFixtures.stage(layers: 5, gpusPerNode: 4)])

  @Test("a plan that keeps all rules passes")
  func good() throws {
    try PlanRules(workload: workload).check(plan)
  }

  @Test("a broken rule names the stage, the field and what would be right")
  func broken() {
    #expect(error { $0.stages[1].layers = 6 } == .layers(sum: 9, expected: 8))
    #expect(error { $0.stages[1].microBatch = 2 } == .batch(stage: 1, product: 32, expected: 16))
    #expect(error { $0.stages[0].dataParallel = 1 } == .mesh(stage: 0, ranks: 2, gpus: 4))
    #expect(
      error { $0.gradientAccumulation = 5 }?.description
        == "gradientAccumulation is 5, must be a divisor of the global batch 16")
    #expect(error { $0.stages[0].zero = 4 } == .value(stage: 0, field: "zero", found: "4", allowed: "0, 1, 2 or 3"))
    #expect(
      error { $0.stages[0].checkpointedLayers = 4 }?.description
        == "stage 1: checkpointedLayers is 4, must be 0 to 3")
    #expect(
      error { $0.stages[1].offload.optimizer = 9 }?.description
        == "stage 2: offload.optimizer is 9, must be 0 to 8 eighths")
  }

  @Test("a node with idle GPUs, or a stage that straddles nodes, is refused")
  func tiling() {
    #expect(
      error {
        $0.stages = [PlanFixtures.stage(layers: 8, gpusPerNode: 2)]
        $0.stages[0].microBatch = 2
      } == .tiling(gpus: 2, available: 8))
    let straddling = [
      PlanFixtures.stage(layers: 2, gpusPerNode: 2), PlanFixtures.stage(layers: 3, gpusPerNode: 4),
      PlanFixtures.stage(layers: 3, gpusPerNode: 2),
    ]
    var plan = plan
    plan.stages = straddling
    plan.stages[0].microBatch = 2
    plan.stages[2].microBatch = 2
    #expect(
      throws: PlanError.value(
        stage: 1, field: "gpusPerNode", found: "4",
        allowed: "at most 2, the GPUs that the stages before it leave on its node")
    ) { try PlanRules(workload: workload).check(plan) }
  }

  @Test("interleaved stages are alike, of whole chunks, with whole groups of micro-batches")
  func interleaving() throws {
    let alike = [PlanFixtures.stage(layers: 4, gpusPerNode: 4), PlanFixtures.stage(layers: 4, gpusPerNode: 4)]
    func refusal(_ change: (inout Plan) -> Void) -> String? {
      error { plan in
        plan.stages = alike.map { stage in
          var stage = stage
          stage.checkpointedLayers = 2
          return stage
        }
        plan.interleave = 2
        change(&plan)
      }?.description
    }
    #expect(refusal { _ in } == nil)
    #expect(refusal { $0.stages[1].zero = 0 } == nil)
    #expect(refusal { $0.interleave = 0 } == "interleave is 0, must be at least 1")
    #expect(refusal { $0.interleave = 3 } == "stage 1: layers is 4, must be a multiple of the 3 interleaved chunks")
    #expect(
      refusal { $0.stages[1].checkpointedLayers = 1 }
        == "stage 2: checkpointedLayers is 1, must be a multiple of the 2 interleaved chunks")
    #expect(
      refusal { plan in
        (plan.stages[0].layers, plan.stages[1].layers) = (2, 6)
      } == "stage 2: layers is 6, must be 2 as in stage 1: they are interleaved")
    #expect(
      refusal { plan in
        plan.gradientAccumulation = 1
        for index in plan.stages.indices { plan.stages[index].microBatch = 8 }
      } == "gradientAccumulation is 1, must be a multiple of the 2 stages where they are interleaved")
    var single = Plan(
      gradientAccumulation: 4, stages: [PlanFixtures.stage(layers: 8, gpusPerNode: 4)], interleave: 2)
    single.stages[0].microBatch = 2
    let oneNode = PlanFixtures.workload(nodes: 1, gpusPerNode: 4, layers: 8, batch: 16)
    #expect(throws: PlanError.planValue(field: "interleave", found: "2", allowed: "1 in a plan of one stage")) {
      try PlanRules(workload: oneNode).check(single)
    }
  }

  @Test("more passes than can be simulated are refused with the most micro-batches that so many stages may have")
  func passes() throws {
    func check(_ batch: Int) throws {
      var plan = plan
      plan.gradientAccumulation = batch / 2
      try PlanRules(workload: PlanFixtures.workload(nodes: 2, gpusPerNode: 4, layers: 8, batch: batch)).check(plan)
    }
    try check(1_000_000)
    #expect(
      throws: PlanError.planValue(
        field: "gradientAccumulation", found: "500001", allowed: "at most 500000 where the layers are cut into 2 parts")
    ) { try check(1_000_002) }
  }

  @Test("huge degrees are refused, not multiplied")
  func overflow() {
    #expect(error { $0.stages[0].dataParallel = .max } != nil)
    #expect(error { $0.stages[0].microBatch = .max } != nil)
    #expect(error { $0.stages[0].nodes = .max } != nil)
    #expect(error { $0.gradientAccumulation = .max } != nil)
    #expect(error { $0.stages[0].layers = .max } != nil)
  }

  private func error(_ change: (inout Plan) -> Void) -> PlanError? {
    var changed = plan
    change(&changed)
    do {
      try PlanRules(workload: workload).check(changed)
      return nil
    } catch {
      return error
    }
  }
}
