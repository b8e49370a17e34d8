/// The choices that hold for the whole plan in spaces with equal meshes: one problem between the stages each.
struct PlanShape: Hashable {
  /// Micro-batches per iteration [G].
  var microBatches: Int
  /// Stages [S].
  var stages: Int
  /// Nodes of a stage's mesh.
  var nodes: Int
  /// GPUs on each of them.
  var gpusPerNode: Int
  /// Tensor-parallel degree [tp].
  var tensorParallel: Int
  /// Samples of one micro-batch on one rank [b].
  var microBatch: Int

  /// Data-parallel degree [dp].
  var dataParallel: Int { nodes * gpusPerNode / tensorParallel }

  /// GPUs of one stage.
  var gpusPerStage: Int { nodes * gpusPerNode }

  /// The setting that a stage's cost is compiled for.
  var setting: StageSetting {
    StageSetting(
      microBatch: microBatch, tensorParallel: tensorParallel, dataParallel: dataParallel, microBatches: microBatches,
      nodes: nodes, gpusPerNode: gpusPerNode)
  }

  /// How it is written in progress lines.
  var label: String { "G \(microBatches), S \(stages), tp \(tensorParallel), b \(microBatch)" }

  /// Stage `index` is followed by a stage whose first GPU is on the node of its last GPU.
  func nextIsOnSameNode(stage index: Int, clusterGPUsPerNode: Int) -> Bool {
    let lastGPU = (index + 1) * gpusPerStage - 1
    return lastGPU / clusterGPUsPerNode == (lastGPU + 1) / clusterGPUsPerNode
  }

  /// Position of stage `index` with `layers` layers.
  func position(stage index: Int, layers: Int) -> StagePosition {
    StagePosition(
      layers: layers, isFirst: index == 0, isLast: index == stages - 1,
      inFlight: min(stages - 1 - index, microBatches - 1))
  }
}

extension PlanShape {
  /// All shapes of a space on a workload, in a fixed order (docs/model.md, section 1).
  ///
  /// Equal meshes that tile the cluster: (1, m) with m a divisor of the GPUs per node, or (n, all) with n a divisor of
  /// the nodes; tp divides m, heads, MLP width and vocabulary, and either divides the KV heads or is a multiple of them.
  static func all(workload: Workload, space: SearchSpace) -> [PlanShape] {
    let cluster = workload.cluster
    var shapes: [PlanShape] = []
    for mesh in meshes(cluster: cluster, powerOfTwo: space.powerOfTwoMeshes) {
      let gpus = mesh.nodes * mesh.gpusPerNode
      let stages = cluster.gpuCount / gpus
      guard stages <= workload.model.layers else { continue }
      for tensor in divisors(of: mesh.gpusPerNode)
      where workload.model.allows(tensorParallel: tensor)
        && space.allows(stages: stages, tensorParallel: tensor, layers: workload.model.layers)
      {
        for microBatches in divisors(of: workload.run.globalBatch) {
          let perRank = workload.run.globalBatch / microBatches
          let ranks = gpus / tensor
          guard perRank % ranks == 0 else { continue }
          let microBatch = perRank / ranks
          if let allowed = space.microBatches, !allowed.contains(microBatch) { continue }
          shapes.append(
            PlanShape(
              microBatches: microBatches, stages: stages, nodes: mesh.nodes, gpusPerNode: mesh.gpusPerNode,
              tensorParallel: tensor, microBatch: microBatch))
        }
      }
    }
    return shapes
  }

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

extension ModelShape {
  /// Whether heads, MLP and vocabulary can be sliced by `tensorParallel` (KV heads are replicated where tp is larger).
  func allows(tensorParallel: Int) -> Bool {
    heads % tensorParallel == 0 && feedForward % tensorParallel == 0 && vocabulary % tensorParallel == 0
      && (keyValueHeads % tensorParallel == 0 || tensorParallel % keyValueHeads == 0)
  }
}
