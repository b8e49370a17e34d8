extension Plan {
  /// Checks the rules that hold for every plan of a workload, whatever the space (docs/model.md, section 1).
  ///
  /// Layers add up, `b * dp * G` is the global batch in every stage, `dp * tp` fills each mesh, the meshes tile the
  /// cluster without leaving a GPU idle, tp divides what it slices, and every value lies in its range. Whether the
  /// plan fits its memory is not a rule: that is its score.
  ///
  /// - Throws: the first rule that is broken, plan first, then stage by stage.
  public func check(against workload: Workload) throws(PlanError) {
    let batch = workload.run.globalBatch
    guard gradientAccumulation >= 1, batch % gradientAccumulation == 0 else {
      throw .planValue(
        field: "gradientAccumulation", found: "\(gradientAccumulation)",
        allowed: "a divisor of the global batch \(batch)")
    }
    guard !stages.isEmpty, stages.count <= workload.model.layers else {
      throw .planValue(
        field: "stages", found: "\(stages.count) of them",
        allowed: "1 to \(workload.model.layers), one layer each at least")
    }
    for (index, stage) in stages.enumerated() { try stage.check(index, plan: self, workload: workload) }
    let layers = stages.reduce(0) { $0 + $1.layers }
    guard layers == workload.model.layers else { throw .layers(sum: layers, expected: workload.model.layers) }
    let gpus = stages.reduce(0) { $0 + $1.nodes * $1.gpusPerNode }
    guard gpus == workload.cluster.gpuCount else { throw .tiling(gpus: gpus, available: workload.cluster.gpuCount) }
    try checkPlaces(workload.cluster)
  }

  /// Stages stand one after the other on the GPUs: each fills whole nodes or lies inside one.
  private func checkPlaces(_ cluster: Cluster) throws(PlanError) {
    var device = 0
    for (index, stage) in stages.enumerated() {
      let offset = device % cluster.gpusPerNode
      guard offset + stage.gpusPerNode <= cluster.gpusPerNode else {
        throw .value(
          stage: index, field: "gpusPerNode", found: "\(stage.gpusPerNode)",
          allowed: "at most \(cluster.gpusPerNode - offset), the GPUs that the stages before it leave on its node")
      }
      device += stage.nodes * stage.gpusPerNode
    }
  }
}

extension StageChoice {
  /// Checks one stage; `index` counts from 0.
  fileprivate func check(_ index: Int, plan: Plan, workload: Workload) throws(PlanError) {
    try checkMesh(index, cluster: workload.cluster)
    try checkTensorParallel(index, model: workload.model)
    let batch = workload.run.globalBatch
    guard (1...batch).contains(microBatch) else {
      throw .value(
        stage: index, field: "microBatch", found: "\(microBatch)", allowed: "1 to the global batch, \(batch)")
    }
    let product = microBatch * dataParallel * plan.gradientAccumulation
    guard product == batch else { throw .batch(stage: index, product: product, expected: batch) }
    guard (1...workload.model.layers).contains(layers) else {
      throw .value(
        stage: index, field: "layers", found: "\(layers)", allowed: "1 to the model's \(workload.model.layers)")
    }
    guard (0...3).contains(zero) else {
      throw .value(stage: index, field: "zero", found: "\(zero)", allowed: "0, 1, 2 or 3")
    }
    guard (0...layers).contains(checkpointedLayers) else {
      throw .value(
        stage: index, field: "checkpointedLayers", found: "\(checkpointedLayers)", allowed: "0 to its layers, \(layers)"
      )
    }
    let shares = [
      ("weights", offload.weights), ("gradients", offload.gradients), ("optimizer", offload.optimizer),
      ("activations", offload.activations),
    ]
    for (name, eighths) in shares where !(0...8).contains(eighths) {
      throw .value(stage: index, field: "offload.\(name)", found: "\(eighths) eighths", allowed: "0 to 8 eighths")
    }
  }

  private func checkMesh(_ index: Int, cluster: Cluster) throws(PlanError) {
    guard (1...cluster.nodes).contains(nodes) else {
      throw .value(stage: index, field: "nodes", found: "\(nodes)", allowed: "1 to \(cluster.nodes)")
    }
    guard (1...cluster.gpusPerNode).contains(gpusPerNode), nodes == 1 || gpusPerNode == cluster.gpusPerNode else {
      let allowed = nodes == 1 ? "1 to \(cluster.gpusPerNode)" : "all \(cluster.gpusPerNode) where a mesh spans nodes"
      throw .value(stage: index, field: "gpusPerNode", found: "\(gpusPerNode)", allowed: allowed)
    }
    let gpus = nodes * gpusPerNode
    for (field, degree) in [("dataParallel", dataParallel), ("tensorParallel", tensorParallel)] {
      guard (1...gpus).contains(degree) else {
        throw .value(stage: index, field: field, found: "\(degree)", allowed: "1 to the \(gpus) GPUs of its mesh")
      }
    }
    guard dataParallel * tensorParallel == gpus else {
      throw .mesh(stage: index, ranks: dataParallel * tensorParallel, gpus: gpus)
    }
  }

  private func checkTensorParallel(_ index: Int, model: ModelShape) throws(PlanError) {
    guard tensorParallel <= gpusPerNode else {
      throw .value(
        stage: index, field: "tensorParallel", found: "\(tensorParallel)",
        allowed: "at most the \(gpusPerNode) GPUs per node of its mesh")
    }
    let sliced = [("heads", model.heads), ("feedForward", model.feedForward), ("vocabulary", model.vocabulary)]
    for (name, size) in sliced where size % tensorParallel != 0 {
      throw .value(
        stage: index, field: "tensorParallel", found: "\(tensorParallel)",
        allowed: "a divisor of the model's \(name), \(size)")
    }
    // Key and value heads are sliced, or each is replicated on the same number of ranks.
    guard model.keyValueHeads % tensorParallel == 0 || tensorParallel % model.keyValueHeads == 0 else {
      throw .value(
        stage: index, field: "tensorParallel", found: "\(tensorParallel)",
        allowed: "a divisor or a multiple of the model's \(model.keyValueHeads) key and value heads")
    }
  }
}
