/// Resident bytes of weights, gradients and optimizer states of one part of the model, on one rank.
struct StateParts<Value> {
  /// Weights on the device [Wp].
  var weights: Value
  /// Gradients on the device [Gp].
  var gradients: Value
  /// Optimizer states on the device [Op].
  var optimizer: Value
}

/// Everything that the memory of a stage is made of, for one strategy (docs/model.md, section 6); bytes per rank.
///
/// `Value` is an `Expression` while tracing, a `Double` for one plan, a vector for a batch.
struct MemoryParts<Value> {
  /// States of a layer.
  var layer: StateParts<Value>
  /// States of the embedding.
  var embedding: StateParts<Value>
  /// States of the head.
  var head: StateParts<Value>
  /// A layer's optimizer states while it is in work: not offloaded [O/o].
  var optimizerInWork: Value
  /// The embedding's optimizer states while its step runs.
  var embeddingInWork: Value
  /// The head's optimizer states while its step runs beside the last layer.
  var headInWork: Value
  /// 1 where weights need full-size prefetch buffers (sharded or offloaded).
  var weightsBuffered: Value
  /// 1 where gradients do.
  var gradientsBuffered: Value
  /// Activations that stay on the device per layer: saved * (1 - AO).
  var kept: Checkpointed<Value>
  /// What a layer in work adds to the kept ones: saved * (2 AO - 1).
  var inWork: Checkpointed<Value>
  /// Activations fetched ahead for the backward of a kept layer: saved * AO.
  var fetchedAhead: Value
  /// Host bytes of a layer's states.
  var layerHost: Value
  /// Host bytes of the embedding's states.
  var embeddingHost: Value
  /// Host bytes of the head's states.
  var headHost: Value
  /// Host bytes of a layer's activations in one micro-batch.
  var activationHost: Checkpointed<Value>
}

extension MemoryParts {
  /// All values in a fixed order: the columns of a tape.
  var values: [Value] {
    [layer, embedding, head].flatMap { [$0.weights, $0.gradients, $0.optimizer] } + [
      optimizerInWork, embeddingInWork, headInWork, weightsBuffered, gradientsBuffered, kept.plain, kept.checkpointed,
      inWork.plain,
      inWork.checkpointed, fetchedAhead, layerHost, embeddingHost, headHost, activationHost.plain,
      activationHost.checkpointed,
    ]
  }

  /// Number of `values`.
  static var count: Int { 24 }

  /// From `values` in their order, starting at `start`.
  init(values: (Int) -> Value, start: Int) {
    func states(_ index: Int) -> StateParts<Value> {
      StateParts(
        weights: values(start + 3 * index), gradients: values(start + 3 * index + 1),
        optimizer: values(start + 3 * index + 2))
    }
    func pair(_ index: Int) -> Checkpointed<Value> {
      Checkpointed(plain: values(start + index), checkpointed: values(start + index + 1))
    }
    self.init(
      layer: states(0), embedding: states(1), head: states(2), optimizerInWork: values(start + 9),
      embeddingInWork: values(start + 10), headInWork: values(start + 11), weightsBuffered: values(start + 12),
      gradientsBuffered: values(start + 13), kept: pair(14), inWork: pair(16), fetchedAhead: values(start + 18),
      layerHost: values(start + 19), embeddingHost: values(start + 20), headHost: values(start + 21),
      activationHost: pair(22))
  }
}

extension MemoryParts where Value == Expression {
  /// Traces the parts: each state `/ shard * (1 - offload)` (docs/model.md, section 6).
  init(
    shape: TracedShape, activations: ActivationTrace, runtime: RuntimeProfile, variables v: StrategyVariables
  ) {
    func states(_ parameters: Expression) -> StateParts<Expression> {
      Self.states(parameters, shape: shape, runtime: runtime, variables: v)
    }
    func host(_ parameters: Expression) -> Expression {
      parameters * runtime.weightBytes.value / shape.weightShard * v.weightOffload
        + parameters * runtime.hostGradientBytes / shape.gradientShard * runtime.gradientOffload(v)
        + parameters * runtime.hostStateBytes / shape.optimizerShard * v.optimizerOffload
    }
    func whole(_ parameters: Expression) -> Expression {
      parameters * StateBytes.optimizer / shape.optimizerShard * runtime.deviceStepShare(v)
    }
    func each(_ factor: Expression) -> Checkpointed<Expression> {
      Checkpointed(
        plain: activations.savedPlain * factor, checkpointed: activations.savedCheckpointed * factor)
    }
    let one = v.microBatch * 0 + 1
    let zero = v.microBatch * 0
    self.init(
      layer: states(shape.layerParameters), embedding: states(shape.embeddingParameters),
      head: states(shape.headParameters),
      optimizerInWork: whole(shape.layerParameters), embeddingInWork: whole(shape.embeddingParameters),
      headInWork: whole(shape.headParameters),
      weightsBuffered: .select(v.weightsSharded + v.weightOffload, one, zero),
      gradientsBuffered: .select(v.gradientsSharded + runtime.gradientOffload(v), one, zero),
      kept: each(1 - v.activationOffload), inWork: each(2 * v.activationOffload - 1),
      fetchedAhead: activations.savedPlain * v.activationOffload,
      layerHost: host(shape.layerParameters),
      embeddingHost: host(shape.embeddingParameters), headHost: host(shape.headParameters),
      activationHost: each(v.activationOffload))
  }

  /// Device bytes of the states of `parameters` parameters.
  static func states(
    _ parameters: Expression, shape: TracedShape, runtime: RuntimeProfile, variables v: StrategyVariables
  ) -> StateParts<Expression> {
    StateParts(
      weights: parameters * runtime.weightBytes.value / shape.weightShard * (1 - v.weightOffload)
        + parameters * runtime.gatheredBytes(v),
      gradients: parameters * runtime.gradientBytes.value / shape.gradientShard * (1 - runtime.gradientOffload(v))
        + parameters * (runtime.passGradientBytes.value + runtime.gradientCopyBytes.value),
      optimizer: parameters * StateBytes.optimizer / shape.optimizerShard * (1 - v.optimizerOffload))
  }
}
