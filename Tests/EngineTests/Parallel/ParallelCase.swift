@testable import Engine

/// Stages and plans of small models for tests of sequence and context parallelism and of recomputation.
struct ParallelCase {
  /// The question.
  var workload: Workload

  /// A GPT of 8 layers on some nodes of L4-like GPUs.
  init(
    hidden: Int = 1024, heads: Int = 16, nodes: Int = 1, gpusPerNode: Int = 4, sequence: Int = 1024, batch: Int = 16,
    attention: AttentionKernel = .flash, runtime: String = "megatron-lm"
  ) {
    workload = Workload(
      name: "test", model: TestMachines.gpt(hidden: hidden, layers: 8, heads: heads),
      cluster: TestMachines.cluster(nodes: nodes, gpusPerNode: gpusPerNode),
      run: TrainingRun(sequenceLength: sequence, globalBatch: batch, attention: attention, runtime: runtime))
  }

  /// A plan of one stage on all GPUs.
  func plan(
    tensor: Int = 1, context: Int = 1, microBatch: Int = 1, sequenceParallel: Bool = false, checkpointed: Int = 0,
    recompute: RecomputeKind = .full
  ) -> Plan {
    let cluster = workload.cluster
    let data = cluster.gpuCount / tensor / context
    return Plan(
      gradientAccumulation: workload.run.globalBatch / data / microBatch,
      stages: [
        StageChoice(
          layers: 8, nodes: cluster.nodes, gpusPerNode: cluster.gpusPerNode, microBatch: microBatch, dataParallel: data,
          tensorParallel: tensor, zero: RuntimeProfile.of(workload.run).zeroLevels.first ?? 0,
          checkpointedLayers: checkpointed, recompute: recompute)
      ], sequenceParallel: sequenceParallel, contextParallel: context)
  }

  /// The score of a plan.
  func score(_ plan: Plan) throws -> PlanScore { try TuningSession(workload: workload, now: { 0 }).score(plan) }

  /// The traced cost and the values of the shape variables.
  func trace(_ setting: StageSetting) -> ParallelTrace { ParallelTrace(workload, setting) }
}

/// The expressions of a stage with the values of its setting.
struct ParallelTrace {
  let variables: StrategyVariables
  let operators: ModelOperators
  let activations: ActivationTrace
  let rates: KernelRates
  /// The layer's kernels by kind.
  let parts: [LayerOperator]
  let runtime: RuntimeProfile
  private let values: [Expression: Double]
  private let graph = ExpressionGraph()

  init(_ workload: Workload, _ setting: StageSetting) {
    variables = StrategyVariables(graph)
    let (model, run) = (workload.model, workload.run)
    runtime = RuntimeProfile.of(run)
    let gpu = workload.cluster.nodeType.gpu
    operators = ModelOperators(model: model, run: run, gpu: gpu, runtime: runtime, variables: variables)
    let shape = TracedShape(model: model, run: run, variables: variables)
    activations = ActivationTrace(model: model, run: run, runtime: runtime, shape: shape, variables: variables)
    rates = KernelRates(gpu: gpu)
    parts =
      LayerTrace(model: model, run: run, runtime: runtime, rates: rates, shape: shape, variables: variables).operators
    values = setting.values(variables, on: workload.cluster)
  }

  /// The value of an expression.
  func callAsFunction(_ expression: Expression) -> Double { expression.evaluate(values) }

  /// Forward seconds of the kernels that `isCounted`.
  func forward(where isCounted: (LayerOperator.Kind) -> Bool = { _ in true }) -> Double {
    parts.filter { isCounted($0.kind) }.reduce(0) { $0 + self($1.forward) }
  }

  /// Seconds of a product.
  func product(_ rows: Double, _ columns: Double, depth: Double) -> Double {
    self(rates.product(graph.constant(rows), graph.constant(columns), depth: graph.constant(depth)))
  }
}
