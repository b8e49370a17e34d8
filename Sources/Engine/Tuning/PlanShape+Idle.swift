extension PlanShape {
  /// Nodes of a cluster that hold no stage; stages stand on the first ones.
  func idleNodes(of cluster: Cluster) -> Int {
    cluster.nodes - (stages * gpusPerStage + cluster.gpusPerNode - 1) / cluster.gpusPerNode
  }

  /// Shapes that leave whole nodes idle and whose kernels alone are not slower than `limit` seconds, in a fixed order.
  ///
  /// They have the meshes and degrees of `all`, with any number of stages that fills whole nodes, but not all of them.
  /// Fewer stages only make kernels slower, so for each mesh the most stages come first and the first that is too slow
  /// ends the row. Complexity: O(meshes * degrees * G) and what is returned.
  /// - Parameter layerSeconds: seconds that a layer takes at least in a setting, forward and backward.
  static func idle(
    workload: Workload, space: SearchSpace, limit: Double, layerSeconds: (StageSetting) -> Double
  ) -> [PlanShape] {
    let cluster = workload.cluster
    guard cluster.nodes > 1 else { return [] }
    var shapes: [PlanShape] = []
    for mesh in idleMeshes(cluster: cluster, powerOfTwo: space.powerOfTwoMeshes) {
      let gpus = mesh.ranks
      // Stages that fill one node, or one stage on several.
      let step = max(1, cluster.gpusPerNode / gpus)
      let used = max(mesh.nodes, 1)
      var most = (cluster.nodes / used) * step
      // All nodes: these are the shapes of `all`.
      if cluster.nodes.isMultiple(of: used) { most -= step }
      most = min(most, workload.model.layers)
      guard most >= step else { continue }
      let counts = stride(from: most - most % step, through: step, by: -step)
      eachDegree(mesh, workload: workload, space: space) { shape in
        let layer = layerSeconds(shape.setting())
        for stages in counts
        where space.allows(
          stages: stages, tensorParallel: shape.tensorParallel, layers: workload.model.layers)
        {
          var shape = shape
          shape.stages = stages
          let work = Double(workload.model.layers) * layer
          // However finely stages are interleaved, each works through all micro-batches.
          guard Double(shape.microBatches) * work / Double(stages) <= limit else { break }
          shapes += shape.interleaved(layers: workload.model.layers, space: space).filter {
            $0.leastSeconds(layers: workload.model.layers, layerSeconds: layer) <= limit
          }
        }
      }
    }
    return shapes
  }

  /// Seconds of the closed form that layers alone take at least: `ShapeBounds` without embedding, head and transfers.
  func leastSeconds(layers: Int, layerSeconds: Double) -> Double {
    let chunks = Double(interleave)
    let slowest =
      interleave > 1 ? Double(layers) / Double(stages) : Double((layers + stages - 1) / stages)
    // Of the other stages weight gradients that are apart may leave nothing.
    if schedule == .zeroBubble { return Double(microBatches) * slowest * layerSeconds }
    return (Double(microBatches) - 1 / chunks) * slowest * layerSeconds + Double(layers) * layerSeconds / chunks
  }

  /// Meshes of some nodes of a cluster, or inside one: `meshes` of `all`, and those that do not divide the cluster.
  private static func idleMeshes(cluster: Cluster, powerOfTwo: Bool) -> [GroupShape] {
    func isPower(_ value: Int) -> Bool { value & (value - 1) == 0 }
    let inside = divisors(of: cluster.gpusPerNode).filter {
      !powerOfTwo || isPower($0) || $0 == cluster.gpusPerNode
    }.map { GroupShape(nodes: 1, gpusPerNode: $0) }
    let across = (2..<max(2, cluster.nodes)).filter { !powerOfTwo || isPower($0) }.map {
      GroupShape(nodes: $0, gpusPerNode: cluster.gpusPerNode)
    }
    return inside + across
  }
}
