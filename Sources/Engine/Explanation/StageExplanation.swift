/// Time and memory of one stage of a plan, as trees.
struct StageExplanation {
  /// The model.
  let model: StageModel
  /// What the tape says of the stage.
  let reading: ScoreReading
  /// Its score.
  let score: StageScore
  /// For which shape it was compiled.
  let setting: StageSetting
  /// Number of the stage, from 1.
  let number: Int
  private let figures: FigureSources
  private let traced: SlotExplanation

  /// A stage; `inputs` are the values of the strategy variables.
  init(
    model: StageModel, reading: ScoreReading, setting: StageSetting, inputs: [Double], score: StageScore, number: Int
  ) {
    self.model = model
    self.reading = reading
    self.setting = setting
    self.score = score
    self.number = number
    figures = FigureSources(workload: model.workload, runtime: model.runtime)
    var values = setting.values(model.variables, on: model.workload.cluster)
    for (variable, value) in zip(model.variables.strategy, inputs) { values[variable] = value }
    let walk = ExpressionWalk(graph: model.variables.microBatch.graph, values: values)
    let workload = model.workload
    let layer = LayerTrace(
      model: workload.model, run: workload.run, runtime: model.runtime,
      rates: KernelRates(gpu: workload.cluster.nodeType.gpu, precision: workload.run.precision),
      shape: TracedShape(model: workload.model, run: workload.run, variables: model.variables),
      variables: model.variables)
    traced = SlotExplanation(
      model: model, walk: walk, kernels: KernelExplanation(walk: walk, operators: layer.operators, figures: figures),
      setting: setting)
  }

  // MARK: Time

  /// A stable micro-batch: forward, backward, point to point.
  var stable: ExplanationNode {
    let isSingle = setting.microBatches == 1
    let passes = isSingle ? [firstForward, lastBackward] : [forward, backward]
    return .remainder(
      "t of stage \(number)", score.stableSeconds, passes, rest: "point to point, both ways",
      formula: isSingle ? "first forward + last backward + 2*p2p" : "forward + backward + 2*p2p",
      restFormula: "2*(2*T*h / k + l)", restSources: figures.pointToPoint)
  }

  /// What the first and last micro-batch take more.
  var delta: ExplanationNode {
    let less = [forward, backward].map { ExplanationNode.times(-1, $0, "less \($0.name)") }
    let parts = setting.microBatches == 1 ? [] : [firstForward, lastBackward] + less
    return .sum(
      "d of stage \(number)", score.deltaSeconds, parts,
      formula: "first forward + last backward - forward - backward")
  }

  private var firstForward: ExplanationNode {
    pass("first forward", score.forwardFirst.elapsed, traced.slots.forwardFirst, isForward: true)
  }
  private var forward: ExplanationNode { pass("forward", score.forward.elapsed, traced.slots.forward, isForward: true) }
  private var backward: ExplanationNode {
    pass("backward", score.backward.elapsed, traced.slots.backward, isForward: false)
  }
  private var lastBackward: ExplanationNode {
    pass("last backward", score.backwardLast.elapsed, traced.slots.backwardLast, isForward: false)
  }

  private func pass(
    _ name: String, _ seconds: Double, _ slots: PassSlots<Expression>, isForward: Bool
  ) -> ExplanationNode {
    let walk = traced.walk
    let position = reading.formula.position
    let layers = reading.formula.layerSeconds(
      slots, class: CheckpointClass(reading.checkpointed, of: position.layers),
      checkpointed: walk.graph.constant(Double(reading.checkpointed)))
    let whole = walk.node(layers, "layers")
    var parts = whole.combination == .sum ? whole.children : [whole]
    if position.isFirst { parts += ends(model.operators.embedding, "the embedding", isForward) }
    if position.isLast { parts += ends(model.operators.head, "head and loss", isForward) }
    return .remainder(name, seconds, parts, rest: "chunks apart")
  }

  private func ends(_ part: PassOperators, _ name: String, _ isForward: Bool) -> [ExplanationNode] {
    let walk = traced.walk
    let tensor = figures.collective(setting.tensorGroup)
    return [
      .leaf(
        "kernels of \(name)", walk.value(isForward ? part.forward : part.backward),
        formula: "docs/model.md, section 2", sources: figures.products + figures.elementwise),
      .leaf(
        "tensor-parallel collectives of \(name)", walk.value(isForward ? part.tensorForward : part.tensorBackward),
        formula: "docs/model.md, section 3", sources: tensor),
    ]
  }

  // MARK: Memory

  /// What the allocator takes from the device.
  var reserved: ExplanationNode {
    let memory = score.memory
    let runtime = model.runtime
    let share = memory.allocated * runtime.fragmentation.value
    let last = memory.reserved - memory.allocated - share
    return .sum(
      "reserved by stage \(number)", memory.reserved,
      [
        allocated,
        .leaf(
          "fragmentation", share, .bytes, formula: "allocated * \(runtime.fragmentation.value)",
          sources: [.init("fragmentation", runtime.fragmentation)]),
        // What adding a share and taking it away again leaves of nothing is rounding.
        .leaf(
          "blocks of the last stage", abs(last) < 1e-9 * memory.reserved ? 0 : last, .bytes,
          sources: [.init("lastStageReserve", runtime.lastStageReserve)]),
      ], .bytes, formula: "allocated * (1 + fragmentation) + lastStage")
  }

  /// The parts of the fullest moment.
  var allocated: ExplanationNode {
    let memory = score.memory
    let parts = reading.memoryParts
    return .sum(
      "allocated", memory.allocated,
      [
        states("weights", memory.weights, \.weights, model.runtime.weightBytes, parts, "B/w*(1-WO) a parameter"),
        states(
          "gradients", memory.gradients, \.gradients, model.runtime.gradientBytes, parts, "B/g*(1-GO) a parameter"),
        states(
          "optimizer", memory.optimizer, \.optimizer,
          Figure(StateBytes.optimizer, .derived, source: "fp32 master weight and two moments"), parts,
          "12 B/o*(1-OO) a parameter"),
        activations(parts),
        .leaf(
          "transient", memory.transient, .bytes, formula: "of the layer or head in work", sources: figures.shape),
        .leaf(
          "buffers", memory.buffers, .bytes, formula: "prefetch, boundaries, scores", sources: figures.shape),
      ], .bytes, formula: "fullest moment, \(memory.peakInBackward ? "backward" : "forward")")
  }

  private func states(
    _ name: String, _ bytes: Double, _ part: KeyPath<StateParts<Double>, Double>, _ figure: Figure,
    _ parts: MemoryParts<Double>, _ formula: String
  ) -> ExplanationNode {
    let position = reading.formula.position
    let sources = [ExplanationNode.Source("bytes of \(name)", figure)]
    func leaf(_ whose: String, _ value: Double) -> ExplanationNode {
      .leaf("\(name) of \(whose)", value, .bytes, formula: formula, sources: sources)
    }
    let layer = leaf("a layer", parts.layer[keyPath: part])
    var found = [ExplanationNode.times(Double(position.layers), layer, "\(position.layers) x \(layer.name)")]
    if position.isFirst { found.append(leaf("the embedding", parts.embedding[keyPath: part])) }
    if position.isLast && !reading.formula.tied { found.append(leaf("the head", parts.head[keyPath: part])) }
    return .remainder(
      name, bytes, found, rest: "whole while their step runs", .bytes, restFormula: "not offloaded then",
      restSources: sources)
  }

  private func activations(_ parts: MemoryParts<Double>) -> ExplanationNode {
    let bytes = score.memory.activations
    let layers = reading.formula.position.layers
    let checkpointed = reading.checkpointed
    func held(_ count: Int, _ value: Double, _ name: String, _ formula: String) -> ExplanationNode {
      let leaf = ExplanationNode.leaf(name, value, .bytes, formula: formula, sources: figures.shape)
      return .times(Double(count), leaf, "\(count) x \(name)")
    }
    let one = [
      held(layers - checkpointed, parts.kept.plain, "saved by a kept layer", "docs/model.md, section 6"),
      held(checkpointed, parts.kept.checkpointed, "input of a recomputed layer", "2*T*h*(1-AO)"),
    ].filter { $0.value != 0 }
    let microBatch = ExplanationNode.sum("a micro-batch", one.reduce(0) { $0 + $1.value }, one, .bytes)
    let most = Double(reading.formula.position.inFlight) + 1
    // The fullest moment holds all in flight, or one alone (the first forward); the nearer one is meant.
    let count = abs(bytes - most * microBatch.value) <= abs(bytes - microBatch.value) ? most : 1
    let name = count == count.rounded() ? "\(Int(count)) micro-batches" : "\(count) micro-batches"
    return .remainder(
      "activations", bytes, [.times(count, microBatch, name)], rest: "the layer in work, counted apart", .bytes,
      restSources: figures.shape)
  }
}
