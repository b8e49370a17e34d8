/// The variables that the symbolic cost of a stage is traced over (docs/model.md, sections 1 and 4).
///
/// *Shape* variables are fixed for one (G, S, mesh, tp) and substituted before compiling; *strategy* variables stay
/// free on the tape: one row of a batch is one strategy.
struct StrategyVariables {
  // MARK: Shape

  /// Samples of one micro-batch on one rank [b].
  let microBatch: Expression
  /// Tensor-parallel degree [tp].
  let tensorParallel: Expression
  /// Data-parallel degree [dp].
  let dataParallel: Expression
  /// Share of micro-batches after which gradients are added to earlier ones, (G-1)/G.
  let accumulationShare: Expression
  /// Data-parallel group: seconds per byte, (n-1)/n included (0 for one rank).
  let dataSecondsPerByte: Expression
  /// Data-parallel group: latency, seconds (0 for one rank).
  let dataLatency: Expression
  /// Tensor-parallel group: seconds per byte, (n-1)/n included (0 for one rank).
  let tensorSecondsPerByte: Expression
  /// Tensor-parallel group: latency, seconds (0 for one rank).
  let tensorLatency: Expression

  // MARK: Strategy

  /// 1 where weights are sharded (ZeRO 3), else 0.
  let weightsSharded: Expression
  /// 1 where gradients are sharded (ZeRO 2, 3), else 0.
  let gradientsSharded: Expression
  /// 1 where optimizer states are sharded (ZeRO 1, 2, 3), else 0.
  let optimizerSharded: Expression
  /// Share of the weights in host memory [WO].
  let weightOffload: Expression
  /// Share of the gradients in host memory [GO].
  let gradientOffload: Expression
  /// Share of the optimizer states in host memory [OO].
  let optimizerOffload: Expression
  /// Share of the saved activations in host memory [AO].
  let activationOffload: Expression

  /// New variables on a graph.
  init(_ graph: ExpressionGraph) {
    microBatch = graph.variable("b")
    tensorParallel = graph.variable("tp")
    dataParallel = graph.variable("dp")
    accumulationShare = graph.variable("(G-1)/G")
    dataSecondsPerByte = graph.variable("dp s/B")
    dataLatency = graph.variable("dp latency")
    tensorSecondsPerByte = graph.variable("tp s/B")
    tensorLatency = graph.variable("tp latency")
    weightsSharded = graph.variable("weights sharded")
    gradientsSharded = graph.variable("gradients sharded")
    optimizerSharded = graph.variable("optimizer sharded")
    weightOffload = graph.variable("WO")
    gradientOffload = graph.variable("GO")
    optimizerOffload = graph.variable("OO")
    activationOffload = graph.variable("AO")
  }

  /// The strategy variables in the order of a tape's input columns.
  var strategy: [Expression] {
    [
      weightsSharded, gradientsSharded, optimizerSharded, weightOffload, gradientOffload, optimizerOffload,
      activationOffload,
    ]
  }
}

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

  /// The substitution of the shape variables on this cluster.
  ///
  /// A data-parallel group spans `min(dp, n)` nodes (docs/model.md, section 3); a tensor-parallel group lies in a node.
  func values(_ variables: StrategyVariables, on cluster: Cluster) -> [Expression: Double] {
    let dataNodes = min(dataParallel, nodes)
    let dataGroup = GroupShape(nodes: dataNodes, gpusPerNode: max(1, dataParallel / dataNodes))
    let data = CollectiveRate(cluster: cluster, group: dataGroup)
    let tensor = CollectiveRate(cluster: cluster, group: GroupShape(nodes: 1, gpusPerNode: tensorParallel))
    return [
      variables.microBatch: Double(microBatch),
      variables.tensorParallel: Double(tensorParallel),
      variables.dataParallel: Double(dataParallel),
      variables.accumulationShare: Double(microBatches - 1) / Double(microBatches),
      variables.dataSecondsPerByte: data.secondsPerByte,
      variables.dataLatency: data.latencySeconds,
      variables.tensorSecondsPerByte: tensor.secondsPerByte,
      variables.tensorLatency: tensor.latencySeconds,
    ]
  }
}
