/// The cost of a stage (docs/model.md, sections 2 to 6), traced once for a workload and compiled for each setting.
///
/// Not thread-safe while compiling: every worker has one of its own. Compiled stages are values.
struct StageModel {
  /// The workload.
  let workload: Workload
  /// Its runtime.
  let runtime: RuntimeProfile
  /// Variables of all expressions.
  let variables: StrategyVariables
  /// What the slots are made of.
  let trace: SlotTrace
  /// Kernels and serial collectives.
  let operators: ModelOperators
  private let slots: StageSlots<Expression>
  /// The same if channels did not slow each other down.
  private let undisturbed: StageSlots<Expression>
  private let memory: MemoryParts<Expression>
  private let constants: [Expression]
  private let busy: [Expression]
  private let end: [Expression]

  /// Traces the model; complexity: some thousand nodes, once a workload.
  init(workload: Workload) {
    self.workload = workload
    let runtime = RuntimeProfile.of(workload.run)
    self.runtime = runtime
    let graph = ExpressionGraph()
    let v = StrategyVariables(graph)
    variables = v
    let shape = TracedShape(model: workload.model, run: workload.run, variables: v)
    let operators = ModelOperators(
      model: workload.model, run: workload.run, gpu: workload.cluster.nodeType.gpu, runtime: runtime, variables: v)
    let activations = ActivationTrace(
      model: workload.model, run: workload.run, runtime: runtime, shape: shape, variables: v)
    let links = workload.cluster.nodeType.links
    let rows = RowTrace(
      variables: v, runtime: runtime, shape: shape,
      data: Transfers(
        secondsPerByte: v.dataSecondsPerByte, latency: v.dataLatency,
        reduceSecondsPerByte: v.dataReduceSecondsPerByte, reduceLatency: v.dataReduceLatency),
      hostToDevice: Transfers(graph, link: links.hostToDevice),
      deviceToHost: Transfers(graph, link: links.deviceToHost),
      gpusPerNode: Double(workload.cluster.gpusPerNode))
    let zero = graph.constant(0)
    let slotTrace = { (interference: Interference) in
      SlotTrace(
        interference: interference, layer: operators.layer,
        rows: Checkpointed(
          plain: rows.rows(parameters: shape.layerParameters, savedBytes: activations.savedPlain),
          checkpointed: rows.rows(parameters: shape.layerParameters, savedBytes: activations.savedCheckpointed)),
        embedding: rows.rows(parameters: shape.embeddingParameters, savedBytes: zero),
        head: rows.rows(parameters: shape.headParameters, savedBytes: zero),
        step: .init(layer: operators.layerStep, embedding: operators.embeddingStep, head: operators.headStep),
        overlapsCollectives: runtime.overlapsCollectives,
        end: runtime.endWork(operators: operators, rows: rows, shape: shape),
        serialReduction: runtime.serialReduction(rows: rows, shape: shape))
    }
    let trace = slotTrace(workload.cluster.nodeType.interference)
    self.trace = trace
    self.operators = operators
    slots = trace.slots()
    undisturbed = slotTrace(.none).slots()
    memory = MemoryParts(shape: shape, activations: activations, runtime: runtime, variables: v)
    constants = [
      activations.boundary, activations.scoreBuffer, activations.layerForwardPeak, activations.layerBackwardPeak,
      activations.logits, activations.tokenIds, shape.layerParameters * StateBytes.weight,
      shape.embeddingParameters * StateBytes.weight, shape.headParameters * StateBytes.weight,
      operators.embedding.forward + operators.embedding.tensorForward,
      operators.embedding.backward + operators.embedding.tensorBackward,
      operators.head.forward + operators.head.tensorForward, operators.head.backward + operators.head.tensorBackward,
      operators.layer.forward + operators.layer.tensorForward,
      operators.layer.backward + operators.layer.tensorBackward,
      .select(v.dataParallel - 1, zero + runtime.endBucketBytes.value, zero),
      operators.layerWeightGradient, operators.headWeightGradient, activations.layerWeightGradients,
      activations.headWeightGradients,
    ]
    busy = BusyTrace(trace: trace, operators: operators).values
    end = trace.endValues
  }

  /// Sizes and times that do not depend on the strategy.
  func constants(for setting: StageSetting) -> StageConstants {
    let values = setting.values(variables, on: workload.cluster)
    var found = StageConstants(
      values: Expression.substituting(values, in: constants).map { $0.constantValue ?? .nan })
    found.buffers = runtime.buffers
    return found
  }

  /// Compiles what the search needs of a strategy: slots of a stable and of the first and last micro-batch, and memory.
  func searchTape(for setting: StageSetting) -> Tape { searchTape(for: [setting]) }

  /// The same for several settings at once, the columns of each after those of the one before: what they have in common
  /// is computed once, as the slots of layers that keep their activations whatever others recompute.
  func searchTape(for settings: [StageSetting]) -> Tape { searchTape(slots, for: settings) }

  /// The same columns with slots that take as long as their longest channel alone: no more than the true ones, and rising
  /// with every share of offload.
  func boundTape(for settings: [StageSetting]) -> Tape { searchTape(undisturbed, for: settings) }

  private func searchTape(_ slots: StageSlots<Expression>, for settings: [StageSetting]) -> Tape {
    let stable = PassSlots.combine(slots.forward, slots.backward, with: +)
    let firstLast = PassSlots.combine(slots.forwardFirst, slots.backwardLast, with: +)
    let columns = stable.values + firstLast.values + memory.values
    let outputs = settings.flatMap { setting in
      Expression.substituting(setting.values(variables, on: workload.cluster), in: columns)
    }
    return Tape(outputs: outputs, inputs: variables.strategy)
  }

  /// Compiles what a score shows of a strategy: the four passes apart, memory, their channels, and the work at the end.
  func scoreTape(for setting: StageSetting) -> Tape {
    let values = setting.values(variables, on: workload.cluster)
    let passes = [slots.forwardFirst, slots.forward, slots.backward, slots.backwardLast]
    let outputs = (passes.flatMap(\.values) + memory.values + busy + end).map { $0.substituting(values) }
    return Tape(outputs: outputs, inputs: variables.strategy)
  }
}

extension Transfers {
  /// Copies over a link of known speed.
  init(_ graph: ExpressionGraph, link: Link) {
    secondsPerByte = graph.constant(1 / (link.gibibytesPerSecond * Units.gibibyte))
    latency = graph.constant(link.latencySeconds)
  }
}
