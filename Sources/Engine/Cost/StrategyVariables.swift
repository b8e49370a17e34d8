/// The variables that the symbolic cost of a stage is traced over (docs/model.md, sections 1 and 4).
///
/// *Shape* variables are fixed for one (G, S, mesh, tp) and substituted before compiling; *strategy* variables stay
/// free on the tape: one row of a batch is one strategy.
struct StrategyVariables {
  // MARK: Shape

  /// Samples of one micro-batch on one rank [b], of each the part of one context-parallel rank: b/cp.
  let microBatch: Expression
  /// The same outside the sliced products: with sequence parallelism the part of one tensor-parallel rank, b/(cp*tp).
  let outsideMicroBatch: Expression
  /// 1 with sequence parallelism, else 0.
  let sequenceParallel: Expression
  /// Context-parallel degree [cp].
  let contextParallel: Expression
  /// Context-parallel exchange.
  let context: ContextVariables
  /// What recomputed layers recompute.
  let recompute: RecomputeVariables
  /// Tensor-parallel degree [tp].
  let tensorParallel: Expression
  /// Ranks that hold the same slice of the weights: data-parallel times context-parallel degree [dp*cp].
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
  /// All-reduces of the data-parallel group: seconds per byte.
  let dataReduceSecondsPerByte: Expression
  /// All-reduces of the data-parallel group: latency, seconds.
  let dataReduceLatency: Expression
  /// All-reduces of the tensor-parallel group: seconds per byte.
  let tensorReduceSecondsPerByte: Expression
  /// All-reduces of the tensor-parallel group: latency, seconds.
  let tensorReduceLatency: Expression

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
    outsideMicroBatch = graph.variable("b outside")
    sequenceParallel = graph.variable("sequence parallel")
    contextParallel = graph.variable("cp")
    context = ContextVariables(graph)
    recompute = RecomputeVariables(graph)
    tensorParallel = graph.variable("tp")
    dataParallel = graph.variable("dp")
    accumulationShare = graph.variable("(G-1)/G")
    dataSecondsPerByte = graph.variable("dp s/B")
    dataLatency = graph.variable("dp latency")
    tensorSecondsPerByte = graph.variable("tp s/B")
    tensorLatency = graph.variable("tp latency")
    dataReduceSecondsPerByte = graph.variable("dp all-reduce s/B")
    dataReduceLatency = graph.variable("dp all-reduce latency")
    tensorReduceSecondsPerByte = graph.variable("tp all-reduce s/B")
    tensorReduceLatency = graph.variable("tp all-reduce latency")
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

/// Rates of the context-parallel exchange of keys and values (docs/model.md, section 3).
struct ContextVariables {
  /// All-gather over the group: seconds per byte of the full tensor, (n-1)/n included (0 for one rank).
  let gatherSecondsPerByte: Expression
  /// All-gather over the group: latency, seconds.
  let gatherLatency: Expression
  /// One step of the ring, each rank to its neighbour: seconds per byte that a rank sends.
  let stepSecondsPerByte: Expression
  /// One step of the ring: latency, seconds.
  let stepLatency: Expression

  /// New variables on a graph.
  init(_ graph: ExpressionGraph) {
    gatherSecondsPerByte = graph.variable("cp s/B")
    gatherLatency = graph.variable("cp latency")
    stepSecondsPerByte = graph.variable("ring s/B")
    stepLatency = graph.variable("ring latency")
  }
}

/// Which kind of recomputation a stage uses: flags, at most one of them 1 (docs/model.md, section 6).
struct RecomputeVariables {
  /// 1 for the attention core alone.
  let core: Expression
  /// 1 for single operators.
  let operators: Expression

  /// New variables on a graph.
  init(_ graph: ExpressionGraph) {
    core = graph.variable("recomputes core")
    operators = graph.variable("recomputes operators")
  }

  /// The value of the stage's kind.
  func value(full: Expression, core coreValue: Expression, operators operatorValue: Expression) -> Expression {
    .select(core, coreValue, .select(operators, operatorValue, full))
  }
}
