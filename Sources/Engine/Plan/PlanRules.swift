/// The rules that every plan of a workload keeps (docs/model.md, section 1).
struct PlanRules {
  /// The workload.
  let workload: Workload

  /// Throws the first rule that the plan breaks.
  func check(_ plan: Plan) throws(PlanError) {
    guard plan.gradientAccumulation >= 1, workload.run.globalBatch % plan.gradientAccumulation == 0 else {
      throw .planValue(
        field: "gradientAccumulation", found: "\(plan.gradientAccumulation)",
        allowed: "a divisor of the global batch \(workload.run.globalBatch)")
    }
    guard !plan.stages.isEmpty else { throw .planValue(field: "stages", found: "0", allowed: "at least 1") }
    try checkSequence(plan)
    for (index, stage) in plan.stages.enumerated() { try check(stage, index, plan) }
    let layers = plan.stages.reduce(0) { $0 + $1.layers }
    guard layers == workload.model.layers else { throw .layers(sum: layers, expected: workload.model.layers) }
    let gpus = plan.stages.reduce(0) { $0 + $1.nodes * $1.gpusPerNode }
    guard tiles(gpus) else { throw .tiling(gpus: gpus, available: workload.cluster.gpuCount) }
    try checkPlaces(plan.stages)
    try checkSchedule(plan)
    try checkInterleaving(plan)
    try checkPasses(plan)
  }

  /// A micro-batch passes each chunk of layers once; all of them together are no more than can be simulated.
  private func checkPasses(_ plan: Plan) throws(PlanError) {
    let chunks = plan.stages.count * plan.interleave
    let most = Plan.mostPasses / chunks
    guard plan.gradientAccumulation > most else { return }
    throw .planValue(
      field: "gradientAccumulation", found: "\(plan.gradientAccumulation)",
      allowed: chunks == 1 ? "at most \(most)" : "at most \(most) where the layers are cut into \(chunks) parts")
  }

  /// Whether stages of so many GPUs together are all of the cluster, or all of its first nodes: the others stay idle.
  private func tiles(_ gpus: Int) -> Bool {
    gpus == workload.cluster.gpuCount
      || gpus < workload.cluster.gpuCount && gpus.isMultiple(of: workload.cluster.gpusPerNode)
  }

  /// Stages stand one after the other on the GPUs: each fills whole nodes or lies inside one.
  private func checkPlaces(_ stages: [StageChoice]) throws(PlanError) {
    let width = workload.cluster.gpusPerNode
    var device = 0
    for (index, stage) in stages.enumerated() {
      let offset = device % width
      guard offset + stage.gpusPerNode <= width else {
        throw .value(
          stage: index, field: "gpusPerNode", found: "\(stage.gpusPerNode)",
          allowed: "at most \(width - offset), the GPUs that the stages before it leave on its node")
      }
      device += stage.nodes * stage.gpusPerNode
    }
  }

  private func check(_ stage: StageChoice, _ index: Int, _ plan: Plan) throws(PlanError) {
    func require(_ holds: Bool, _ field: String, _ found: Int, _ allowed: String) throws(PlanError) {
      guard holds else { throw .value(stage: index, field: field, found: "\(found)", allowed: allowed) }
    }
    let cluster = workload.cluster
    let layers = workload.model.layers
    try require((1...layers).contains(stage.layers), "layers", stage.layers, "1 to the model's \(layers)")
    try require((1...cluster.nodes).contains(stage.nodes), "nodes", stage.nodes, "1 to \(cluster.nodes)")
    try require(
      (1...cluster.gpusPerNode).contains(stage.gpusPerNode), "gpusPerNode", stage.gpusPerNode,
      "1 to \(cluster.gpusPerNode)")
    try require(
      stage.nodes == 1 || stage.gpusPerNode == cluster.gpusPerNode, "gpusPerNode", stage.gpusPerNode,
      "\(cluster.gpusPerNode) on a mesh of several nodes")
    try require(stage.microBatch >= 1, "microBatch", stage.microBatch, "at least 1")
    try require(stage.dataParallel >= 1, "dataParallel", stage.dataParallel, "at least 1")
    try require(
      stage.tensorParallel >= 1 && liesOnWholeNodes(stage)
        && workload.model.allows(tensorParallel: stage.tensorParallel), "tensorParallel", stage.tensorParallel,
      "a divisor of heads, MLP width and vocabulary, at most the GPUs per node of the mesh, or whole nodes of it")
    let runtime = RuntimeProfile.of(workload.run)
    // One rank has nothing to shard: the levels are alike.
    let levels = stage.dataParallel > 1 || plan.contextParallel > 1 ? runtime.zeroLevels : [0, 1, 2, 3]
    try require(
      levels.contains(stage.zero), "zero", stage.zero,
      levels.count == 4 ? "0, 1, 2 or 3" : Self.choice(levels) + " on the runtime \(runtime.name)")
    try require(
      (0...stage.layers).contains(stage.checkpointedLayers), "checkpointedLayers", stage.checkpointedLayers,
      "0 to \(stage.layers)")
    let shares = [
      ("weights", stage.offload.weights), ("gradients", stage.offload.gradients),
      ("optimizer", stage.offload.optimizer), ("activations", stage.offload.activations),
    ]
    for (name, eighths) in shares {
      try require((0...8).contains(eighths), "offload.\(name)", eighths, "0 to 8 eighths")
      try require(
        eighths == 0 || runtime.offloads, "offload.\(name)", eighths,
        "0 on the runtime \(runtime.name): it has no offload")
    }
    if let limit = runtime.offloadLimit(
      stage.offload, zero: stage.zero, dataParallel: max(stage.dataParallel, plan.contextParallel))
    {
      throw .value(
        stage: index, field: "offload.\(limit.state)", found: "\(limit.eighths)",
        allowed: "0 on the runtime \(runtime.name): \(limit.reason)")
    }
    let gpus = stage.nodes * stage.gpusPerNode
    let slices = stage.dataParallel.multipliedReportingOverflow(by: stage.tensorParallel)
    let ranks = slices.partialValue.multipliedReportingOverflow(by: plan.contextParallel)
    guard !slices.overflow, !ranks.overflow, ranks.partialValue == gpus else {
      throw .mesh(stage: index, ranks: ranks.partialValue, gpus: gpus)
    }
    let perStep = stage.microBatch.multipliedReportingOverflow(by: stage.dataParallel)
    let product = perStep.partialValue.multipliedReportingOverflow(by: plan.gradientAccumulation)
    guard !perStep.overflow, !product.overflow, product.partialValue == workload.run.globalBatch else {
      throw .batch(stage: index, product: product.partialValue, expected: workload.run.globalBatch)
    }
  }

  /// `0 or 1`.
  private static func choice(_ levels: [Int]) -> String { levels.map(String.init).joined(separator: " or ") }
}
