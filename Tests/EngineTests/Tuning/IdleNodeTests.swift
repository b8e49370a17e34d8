import Testing

@testable import Engine

/// Plans that leave whole nodes idle.
@Suite struct IdleNodeTests {
  /// A space of few strategies, so that all plans can be written down.
  private let small = SearchSpace(
    name: "small", summary: "for tests", microBatches: nil, zeroLevels: [0, 3], weightEighths: [0],
    gradientEighths: [0], optimizerEighths: [0, 8], activationEighths: [0], weightsNeedGradients: false,
    layerSlack: nil, powerOfTwoMeshes: false)

  private func workload(
    nodes: Int, gpusPerNode: Int, layers: Int, batch: Int, gibibytes: Double = 8, hidden: Int = 2048
  ) -> Workload {
    TestMachines.tightWorkload(
      nodes: nodes, gpusPerNode: gpusPerNode, layers: layers, batch: batch, gibibytes: gibibytes, hidden: hidden)
  }

  private func smaller(_ workload: Workload, nodes: Int) -> Workload {
    var workload = workload
    workload.cluster.nodes = nodes
    return workload
  }

  @Test(
    "the shapes with idle nodes are those of all smaller clusters, each once",
    arguments: [(3, 4), (6, 2), (7, 1), (1, 8)])
  func shapes(nodes: Int, gpusPerNode: Int) {
    let workload = workload(nodes: nodes, gpusPerNode: gpusPerNode, layers: 12, batch: 24)
    for space in [SearchSpace.everything, .mist, .mistPaper, .named("megatron-lm") ?? .mist] {
      let found = PlanShape.idle(workload: workload, space: space, limit: .infinity) { _ in 1 }
      let expected = (1..<nodes).flatMap { PlanShape.all(workload: smaller(workload, nodes: $0), space: space) }
      #expect(Set(found).count == found.count)
      #expect(Set(found) == Set(expected), "\(space.name)")
      for shape in found { #expect((1..<nodes).contains(shape.idleNodes(of: workload.cluster))) }
    }
  }

  @Test("a limit leaves out no shape whose kernels are as fast")
  func limit() {
    let workload = workload(nodes: 6, gpusPerNode: 4, layers: 12, batch: 48)
    let model = StageModel(workload: workload)
    func layer(_ setting: StageSetting) -> Double {
      let constants = model.constants(for: setting)
      return constants.layerForwardSeconds + constants.layerBackwardSeconds
    }
    let all = PlanShape.idle(workload: workload, space: .everything, limit: .infinity, layerSeconds: layer)
    let bounds = all.map { ShapeSolver(shape: $0, model: model, space: .everything).bounds.lowerBound }
    for share in [0.1, 0.3, 0.7] {
      let limit = bounds.sorted()[Int(share * Double(bounds.count))]
      let kept = Set(
        PlanShape.idle(workload: workload, space: .everything, limit: limit, layerSeconds: layer))
      #expect(kept.count < all.count)
      for (shape, bound) in zip(all, bounds) where bound <= limit { #expect(kept.contains(shape)) }
    }
  }

  /// The least closed form over all plans on the first nodes, and on how many of them.
  private func bestByEnumeration(_ workload: Workload) throws -> (seconds: Double, nodes: Int)? {
    let session = TuningSession(workload: workload, now: { 0 })
    var best: (seconds: Double, nodes: Int)?
    for nodes in stride(from: workload.cluster.nodes, through: 1, by: -1) {
      for shape in PlanShape.all(workload: smaller(workload, nodes: nodes), space: small) {
        for layers in Enumeration.splits(workload.model.layers, shape.stages) {
          let strategies = StrategyGrid(space: small, runtime: .mist, dataParallel: shape.dataParallel).strategies
          let options = layers.map { count in
            strategies.flatMap { strategy in
              [0, count].map { checkpointed in
                StageChoice(
                  layers: count, nodes: shape.nodes, gpusPerNode: shape.gpusPerNode, microBatch: shape.microBatch,
                  dataParallel: shape.dataParallel, tensorParallel: shape.tensorParallel, zero: strategy.zero,
                  checkpointedLayers: checkpointed, offload: strategy.offload)
              }
            }
          }
          try Enumeration.each(options) { stages in
            let score = try session.score(Plan(gradientAccumulation: shape.microBatches, stages: stages))
            guard score.fits, score.closedFormSeconds < best?.seconds ?? .infinity else { return }
            best = (score.closedFormSeconds, nodes)
          }
        }
      }
    }
    return best
  }

  @Test(
    "the optimum equals enumerating every plan on any number of nodes",
    arguments: [(3, 2, 2, 4), (3, 1, 3, 4), (5, 1, 2, 2)])
  func enumeration(nodes: Int, gpusPerNode: Int, layers: Int, batch: Int) throws {
    let workload = workload(
      nodes: nodes, gpusPerNode: gpusPerNode, layers: layers, batch: batch, gibibytes: 40, hidden: 1024)
    let expected = try #require(try bestByEnumeration(workload))
    let session = TuningSession(workload: workload, now: { 0 })
    let result = session.tune(TuneRequest(space: small, threads: 1))
    #expect(result.status == .optimal)
    let best = try #require(result.best)
    #expect(abs(best.score.closedFormSeconds / expected.seconds - 1) < 1e-12)
    #expect(best.score.idleNodes == nodes - expected.nodes)
    #expect(session.tune(TuneRequest(space: small, threads: 3)).best == best)
  }

  @Test("more nodes never make the best plan slower")
  func monotone() throws {
    var last = Double.infinity
    for nodes in 1...3 {
      let workload = workload(nodes: nodes, gpusPerNode: 2, layers: 4, batch: 8)
      let best = try #require(TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: small)).best)
      #expect(best.score.closedFormSeconds <= last * (1 + 1e-12), "\(nodes) nodes")
      last = best.score.closedFormSeconds
    }
  }

  @Test("idle nodes change no time, count in every figure per GPU, and are told by name")
  func score() throws {
    var paid = workload(nodes: 4, gpusPerNode: 2, layers: 4, batch: 8)
    paid.run.trainingTokens = 1e9
    paid.cluster.nodeType.dollarsPerGPUHour = Figure(2, .assumed, source: "test")
    let stage = StageChoice(
      layers: 2, nodes: 1, gpusPerNode: 2, microBatch: 1, dataParallel: 2, tensorParallel: 1, zero: 1,
      checkpointedLayers: 0)
    let plan = Plan(gradientAccumulation: 4, stages: [stage, stage])
    let whole = try TuningSession(workload: smaller(paid, nodes: 2), now: { 0 }).score(plan)
    let idle = try TuningSession(workload: paid, now: { 0 }).score(plan)
    #expect(idle.iterationSeconds == whole.iterationSeconds)
    #expect(idle.stages == whole.stages)
    #expect((whole.idleNodes, idle.idleNodes) == (0, 2))
    #expect(idle.mfu == whole.mfu / 2)
    #expect(idle.tokensPerSecondPerGPU == whole.tokensPerSecondPerGPU / 2)
    #expect(idle.trainingCost == whole.trainingCost.map { 2 * $0 })
    #expect(paid.cluster.idleLabel(2) == "nodes 3-4 idle")
    #expect(paid.cluster.idleLabel(1) == "node 4 idle")
    #expect(paid.cluster.idleLabel(0) == nil)
    let file = PlanFile(workload: paid, scored: ScoredPlan(plan: plan, score: idle))
    let read = try PlanFile(ConfigNode.parse(file.text, file: "saved"))
    #expect(read == file)
  }

  @Test("only whole nodes may stay idle")
  func rules() {
    let stage = StageChoice(
      layers: 4, nodes: 1, gpusPerNode: 2, microBatch: 1, dataParallel: 2, tensorParallel: 1, zero: 1,
      checkpointedLayers: 0)
    let plan = Plan(gradientAccumulation: 4, stages: [stage])
    let rules = { (nodes: Int, gpus: Int) in
      PlanRules(workload: self.workload(nodes: nodes, gpusPerNode: gpus, layers: 4, batch: 8))
    }
    #expect(throws: PlanError.tiling(gpus: 2, available: 12)) { try rules(3, 4).check(plan) }
    #expect(throws: PlanError.tiling(gpus: 2, available: 4)) { try rules(1, 4).check(plan) }
    #expect(throws: Never.self) { try rules(3, 2).check(plan) }
  }

  @Test("no shape of a plan that fits is called impossible, with host memory that binds")
  func possible() throws {
    var fitting = 0
    var space = small
    (space.weightEighths, space.gradientEighths, space.activationEighths) = ([0, 8], [0, 8], [0, 8])
    for gibibytes in [0.9, 1.5] {
      for host in [3e9, 1e13] {
        var workload = workload(nodes: 2, gpusPerNode: 2, layers: 4, batch: 8, gibibytes: gibibytes)
        workload.cluster.nodeType.hostMemoryBytes.value = host
        let model = StageModel(workload: workload)
        var worker = ShapeWorker(workload: workload, space: space)
        for shape in PlanShape.all(workload: workload, space: space) {
          let solver = ShapeSolver(shape: shape, model: model, space: space)
          let found = worker.solve(
            solver, grid: worker.grid(shape, quick: false), upperBound: .infinity, cancel: CancelToken())
          guard found.plan?.score.fits == true else { continue }
          fitting += 1
          #expect(!worker.isImpossible(solver), "\(shape.label), \(gibibytes) GiB, \(host) B")
        }
      }
    }
    #expect(fitting >= 5)
  }
}
