/// What holds for a whole plan of unlike stages: one problem between the stages each (docs/spaces.md).
struct MeshGroup: Hashable {
  /// Micro-batches per iteration [G].
  var microBatches: Int
  /// Tensor-parallel ranks split the sequence outside their products.
  var sequenceParallel: Bool
  /// Context-parallel degree [cp].
  var contextParallel: Int
  /// The tensor-parallel degree of all stages; nil where each has its own.
  var tensorParallel: Int?
  /// The mesh of all stages; nil where each has its own.
  var mesh: GroupShape?
  /// The number of stages, where pins name stages by their number; nil for any that pins allow.
  var stages: Int?

  /// The groups of a space on a workload that keep what pins say of the whole plan, in a fixed order; none where the
  /// space has no unlike stages.
  static func all(workload: Workload, space: SearchSpace, pins: PlanPins = PlanPins()) -> [MeshGroup] {
    let groups = all(workload: workload, space: space).filter { $0.keeps(pins) }
    guard pins.lastNamedStage > 0, groups.count > 0 else { return groups }
    // Which stage of a place has a number depends on how many there are.
    let most = min(space.maximumStages ?? .max, workload.model.layers, workload.cluster.gpuCount)
    let counts = (2...max(2, most)).filter(pins.allows(stages:))
    return groups.flatMap { group in
      counts.map { count in
        var group = group
        group.stages = count
        return group
      }
    }
  }

  /// Whether its plans keep the pins on the whole plan, their number of stages aside.
  private func keeps(_ pins: PlanPins) -> Bool {
    let plan = PlanShape(
      microBatches: microBatches, stages: 2, nodes: 1, gpusPerNode: 1, tensorParallel: 1, microBatch: 1,
      sequenceParallel: sequenceParallel, contextParallel: contextParallel)
    return pins.pins.allSatisfy { pin in
      guard pin.knob.isOfPlan, pin.knob != .stages else { return true }
      return plan.value(of: pin.knob).map(pin.values.allows) ?? true
    }
  }

  private static func all(workload: Workload, space: SearchSpace) -> [MeshGroup] {
    guard space.hasUnlikeStages, !space.couplesStages, (space.maximumStages ?? 2) > 1,
      workload.cluster.gpuCount > 1, workload.model.layers > 1
    else { return [] }
    let contexts = space.contextParallel.sorted().filter(workload.run.allows)
    let degrees: [Int?] =
      space.unlikeTensorParallel ? [nil] : PlanShape.divisors(of: workload.cluster.gpusPerNode).map { $0 }
    let meshes: [GroupShape?] =
      space.unlikeMeshes
      ? [nil] : PlanShape.unlikeMeshes(cluster: workload.cluster, powerOfTwo: space.powerOfTwoMeshes).map { $0 }
    var groups: [MeshGroup] = []
    for count in PlanShape.divisors(of: workload.run.globalBatch) where count <= Plan.mostPasses / 2 {
      for (context, degree) in contexts.flatMap({ context in degrees.map { (context, $0) } }) {
        for (isParallel, mesh) in space.sequenceParallel.flatMap({ choice in meshes.map { (choice, $0) } }) {
          groups.append(
            MeshGroup(
              microBatches: count, sequenceParallel: isParallel, contextParallel: context, tensorParallel: degree,
              mesh: mesh))
        }
      }
    }
    return groups
  }

  /// The meshes that a stage may have, with their degrees, in a fixed order; as shapes of two stages.
  ///
  /// Any GPUs of one node, or any whole nodes; tp divides the GPUs of a node that the mesh has, b comes out whole.
  func meshes(workload: Workload, space: SearchSpace, pins: PlanPins = PlanPins()) -> [PlanShape] {
    var found: [PlanShape] = []
    let perRound = workload.run.globalBatch / microBatches
    for mesh in PlanShape.unlikeMeshes(cluster: workload.cluster, powerOfTwo: space.powerOfTwoMeshes)
    where self.mesh == nil || self.mesh == mesh {
      let gpus = mesh.nodes * mesh.gpusPerNode
      for tensor in PlanShape.divisors(of: mesh.gpusPerNode)
      where allows(tensor, workload, space) && (gpus / tensor).isMultiple(of: contextParallel) {
        let ranks = gpus / (tensor * contextParallel)
        guard perRound.isMultiple(of: ranks) else { continue }
        let microBatch = perRound / ranks
        if let allowed = space.microBatches, !allowed.contains(microBatch) { continue }
        found.append(
          PlanShape(
            microBatches: microBatches, stages: 2, nodes: mesh.nodes, gpusPerNode: mesh.gpusPerNode,
            tensorParallel: tensor, microBatch: microBatch, sequenceParallel: sequenceParallel,
            contextParallel: contextParallel))
      }
    }
    // Without tensor parallelism there is nothing to split: the group without has these plans.
    if sequenceParallel, space.sequenceParallel.contains(false), found.allSatisfy({ $0.tensorParallel == 1 }) {
      return []
    }
    let held = pins.pins.filter { $0.place == .everywhere && !$0.knob.isOfPlan }
    return found.filter { mesh in held.allSatisfy { mesh.value(of: $0.knob).map($0.values.allows) ?? true } }
  }

  private func allows(_ tensor: Int, _ workload: Workload, _ space: SearchSpace) -> Bool {
    workload.model.allows(tensorParallel: tensor) && space.tensorParallel?.contains(tensor) != false
      && tensorParallel ?? tensor == tensor
      && (!sequenceParallel
        || workload.run.splitsEvenly(contextParallel: contextParallel, tensorParallel: tensor))
  }

  /// How it is written in progress lines.
  var label: String {
    "G \(microBatches), unlike stages" + (sequenceParallel ? ", sp" : "")
      + (contextParallel > 1 ? ", cp \(contextParallel)" : "")
  }
}

extension PlanShape {
  /// Meshes of any size: some GPUs of one node, or whole nodes.
  fileprivate static func unlikeMeshes(cluster: Cluster, powerOfTwo: Bool) -> [GroupShape] {
    let inside = (1...cluster.gpusPerNode).map { GroupShape(nodes: 1, gpusPerNode: $0) }
    let across = (1...cluster.nodes).dropFirst().map { GroupShape(nodes: $0, gpusPerNode: cluster.gpusPerNode) }
    guard powerOfTwo else { return inside + across }
    func isPower(_ value: Int) -> Bool { value & (value - 1) == 0 }
    return inside.filter { isPower($0.gpusPerNode) || $0.gpusPerNode == cluster.gpusPerNode }
      + across.filter { isPower($0.nodes) }
  }
}
