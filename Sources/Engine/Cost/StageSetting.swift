/// The values of the shape variables for one (G, S, mesh, tp).
struct StageSetting: Hashable {
  /// Samples of one micro-batch on one rank [b].
  var microBatch: Int
  /// Tensor-parallel degree [tp].
  var tensorParallel: Int
  /// Data-parallel degree [dp].
  var dataParallel: Int
  /// Micro-batches per iteration [G].
  var microBatches: Int
  /// Nodes of the mesh [n].
  var nodes: Int
  /// GPUs on each of them [m].
  var gpusPerNode: Int
  /// Context-parallel degree [cp].
  var contextParallel = 1
  /// Tensor-parallel ranks split the sequence outside their products.
  var sequenceParallel = false
  /// What recomputed layers recompute.
  var recompute = RecomputeKind.full

  /// Ranks that hold the same slice of the weights [dp*cp]: they share states and reduce gradients together.
  var weightRanks: Int { dataParallel * contextParallel }

  // MARK: Groups, placed as Megatron-LM does: tp innermost, then cp, dp, and the stages outermost

  /// A tensor-parallel group: inside a node, or on whole nodes.
  var tensorGroup: GroupShape {
    let nodes = max(1, tensorParallel / gpusPerNode)
    return GroupShape(nodes: nodes, gpusPerNode: tensorParallel / nodes)
  }

  /// A context-parallel group: as many of its ranks on a node as tensor-parallel groups leave room for.
  var contextGroup: GroupShape {
    let slots = max(1, gpusPerNode / tensorParallel)
    let onNode = Self.greatestCommonDivisor(contextParallel, slots)
    return GroupShape(nodes: contextParallel / onNode, gpusPerNode: onNode)
  }

  /// The group over which gradients are reduced: it spans `min(dp*cp, n)` nodes.
  var dataGroup: GroupShape {
    let nodes = min(weightRanks, nodes)
    return GroupShape(nodes: nodes, gpusPerNode: max(1, weightRanks / nodes))
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }

  // MARK: Values

  /// The substitution of the shape variables on this cluster.
  func values(_ variables: StrategyVariables, on cluster: Cluster) -> [Expression: Double] {
    let data = CollectiveRate(cluster: cluster, group: dataGroup)
    let tensor = CollectiveRate(cluster: cluster, group: tensorGroup)
    let dataReduce = CollectiveRate(allReduceOf: cluster, group: dataGroup)
    let tensorReduce = CollectiveRate(allReduceOf: cluster, group: tensorGroup)
    let context = CollectiveRate(cluster: cluster, group: contextGroup)
    let step = CollectiveRate(ringStepOn: cluster, group: contextGroup, mesh: gpusPerNode)
    let samples = Double(microBatch) / Double(contextParallel)
    return [
      variables.microBatch: samples,
      variables.outsideMicroBatch: sequenceParallel ? samples / Double(tensorParallel) : samples,
      variables.sequenceParallel: sequenceParallel && tensorParallel > 1 ? 1 : 0,
      variables.contextParallel: Double(contextParallel),
      variables.context.gatherSecondsPerByte: context.secondsPerByte,
      variables.context.gatherLatency: context.latencySeconds,
      variables.context.stepSecondsPerByte: step.secondsPerByte,
      variables.context.stepLatency: step.latencySeconds,
      variables.recompute.core: recompute == .selective ? 1 : 0,
      variables.recompute.operators: recompute == .selectiveOperators ? 1 : 0,
      variables.tensorParallel: Double(tensorParallel),
      variables.dataParallel: Double(weightRanks),
      variables.accumulationShare: Double(microBatches - 1) / Double(microBatches),
      variables.dataSecondsPerByte: data.secondsPerByte,
      variables.dataLatency: data.latencySeconds,
      variables.tensorSecondsPerByte: tensor.secondsPerByte,
      variables.tensorLatency: tensor.latencySeconds,
      variables.dataReduceSecondsPerByte: dataReduce.secondsPerByte,
      variables.dataReduceLatency: dataReduce.latencySeconds,
      variables.tensorReduceSecondsPerByte: tensorReduce.secondsPerByte,
      variables.tensorReduceLatency: tensorReduce.latencySeconds,
    ]
  }
}

extension CollectiveRate {
  /// One step of a ring over the ranks of a group, all of which send to their neighbour at once (docs/model.md,
  /// section 3): inside a node the rate of the group's own ring; between nodes that of the slowest hop, one pair of
  /// neighbours on two nodes, of which every group on the node has one.
  init(ringStepOn cluster: Cluster, group: GroupShape, mesh gpusPerNode: Int) {
    guard group.ranks > 1 else {
      secondsPerByte = 0
      latencySeconds = 0
      return
    }
    let link =
      group.nodes == 1
      ? cluster.collectiveLink(group)
      : cluster.pointToPointLink(sameNode: false, senders: max(1, gpusPerNode / group.gpusPerNode))
    secondsPerByte = 1 / (link.gibibytesPerSecond * Units.gibibyte)
    latencySeconds = link.latencySeconds
  }
}
