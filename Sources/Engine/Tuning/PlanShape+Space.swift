extension PlanShape {
  /// All shapes of a space on a workload, in a fixed order (docs/model.md, section 1).
  ///
  /// Equal meshes that tile the cluster: (1, m) with m a divisor of the GPUs per node, or (n, all) with n a divisor of
  /// the nodes; tp divides m, heads, MLP width and vocabulary, and either divides the KV heads or is a multiple of them;
  /// cp divides what tp leaves of the mesh. Stages are interleaved only where there are several, of equal layers.
  static func all(workload: Workload, space: SearchSpace) -> [PlanShape] {
    let cluster = workload.cluster
    var shapes: [PlanShape] = []
    for mesh in meshes(cluster: cluster, powerOfTwo: space.powerOfTwoMeshes) {
      let stages = cluster.gpuCount / mesh.ranks
      guard stages <= workload.model.layers else { continue }
      eachDegree(mesh, workload: workload, space: space) { shape in
        guard space.allows(stages: stages, tensorParallel: shape.tensorParallel, layers: workload.model.layers)
        else { return }
        var shape = shape
        shape.stages = stages
        shapes += shape.interleaved(layers: workload.model.layers, space: space)
      }
    }
    return shapes
  }

  /// Gives `body` each way to run stages of a mesh that space and rules allow, as a shape of one stage: tp, sequence
  /// split, G and with them b.
  static func eachDegree(_ mesh: GroupShape, workload: Workload, space: SearchSpace, _ body: (PlanShape) -> Void) {
    for tensor in divisors(of: mesh.gpusPerNode) where workload.model.allows(tensorParallel: tensor) {
      for split in sequenceSplits(workload: workload, space: space, tensorParallel: tensor) {
        guard (mesh.ranks / tensor).isMultiple(of: split.context) else { continue }
        let ranks = mesh.ranks / (tensor * split.context)
        guard workload.run.globalBatch.isMultiple(of: ranks) else { continue }
        for microBatches in divisors(of: workload.run.globalBatch) {
          let perRank = workload.run.globalBatch / microBatches
          guard perRank.isMultiple(of: ranks) else { continue }
          if let allowed = space.microBatches, !allowed.contains(perRank / ranks) { continue }
          body(
            PlanShape(
              microBatches: microBatches, stages: 1, nodes: mesh.nodes, gpusPerNode: mesh.gpusPerNode,
              tensorParallel: tensor, microBatch: perRank / ranks, sequenceParallel: split.isParallel,
              contextParallel: split.context))
        }
      }
    }
  }

  /// Ways to split the sequence among ranks beside `tensorParallel` slices: context-parallel degrees, each without and
  /// with sequence parallelism, as far as space and rules allow.
  private static func sequenceSplits(
    workload: Workload, space: SearchSpace, tensorParallel: Int
  ) -> [(context: Int, isParallel: Bool)] {
    // A group of one rank has nothing to split: on is the same as off.
    let choices = tensorParallel > 1 ? space.sequenceParallel : [false]
    return space.contextParallel.sorted().filter(workload.run.allows).flatMap { context in
      choices.filter { isParallel in
        !isParallel || workload.run.splitsEvenly(contextParallel: context, tensorParallel: tensorParallel)
      }.map { (context, $0) }
    }
  }

  /// The shape with each number of chunks that space and rules allow, or with the space's schedule where it is another
  /// one than 1F1B.
  func interleaved(layers: Int, space: SearchSpace) -> [PlanShape] {
    guard space.schedule == .oneForwardOneBackward else {
      // The rules of `PlanRules`: several stages, and for ZB-H1 a micro-batch for each.
      guard stages > 1, space.schedule != .zeroBubble || microBatches >= stages, canBeSimulated(chunks: 1) else {
        return []
      }
      var shape = self
      shape.schedule = space.schedule
      return [shape]
    }
    return space.interleave.sorted().filter { chunks in
      (chunks == 1
        || chunks > 1 && stages > 1 && microBatches.isMultiple(of: stages) && layers.isMultiple(of: stages * chunks))
        && canBeSimulated(chunks: chunks)
    }.map { chunks in
      var shape = self
      shape.interleave = chunks
      return shape
    }
  }

  private func canBeSimulated(chunks: Int) -> Bool { microBatches <= Plan.mostPasses / (stages * chunks) }

  private static func meshes(cluster: Cluster, powerOfTwo: Bool) -> [GroupShape] {
    let inside = divisors(of: cluster.gpusPerNode).map { GroupShape(nodes: 1, gpusPerNode: $0) }
    let across = divisors(of: cluster.nodes).filter { $0 > 1 }.map {
      GroupShape(nodes: $0, gpusPerNode: cluster.gpusPerNode)
    }
    guard powerOfTwo else { return inside + across }
    func isPower(_ value: Int) -> Bool { value & (value - 1) == 0 }
    return inside.filter { isPower($0.gpusPerNode) || $0.gpusPerNode == cluster.gpusPerNode }
      + across.filter { isPower($0.nodes) }
  }

  /// Divisors in rising order; complexity O(sqrt(value)).
  static func divisors(of value: Int) -> [Int] {
    var small: [Int] = []
    var large: [Int] = []
    var candidate = 1
    while candidate * candidate <= value {
      if value % candidate == 0 {
        small.append(candidate)
        if candidate != value / candidate { large.append(value / candidate) }
      }
      candidate += 1
    }
    return small + large.reversed()
  }
}
