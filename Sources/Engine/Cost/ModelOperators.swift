/// Kernel seconds and serial tensor-parallel seconds of a forward and a backward pass through one part of the model.
struct PassOperators {
  /// Kernels of the forward pass.
  var forward: Expression
  /// Kernels of the backward pass (without recomputation).
  var backward: Expression
  /// Tensor-parallel collectives of the forward pass, on the critical path.
  var tensorForward: Expression
  /// Tensor-parallel collectives of the backward pass.
  var tensorBackward: Expression
}

/// The operators of a model on one GPU: layer, embedding, head with loss, and the optimizer step
/// (docs/model.md, section 2).
struct ModelOperators {
  /// One transformer layer.
  var layer: PassOperators
  /// The embedding, on the first stage.
  var embedding: PassOperators
  /// Final norm, LM head and cross entropy, on the last stage.
  var head: PassOperators
  /// Optimizer step over one layer's states of this rank.
  var layerStep: Expression
  /// Optimizer step over the embedding's states of this rank.
  var embeddingStep: Expression
  /// Optimizer step over the head's states of this rank.
  var headStep: Expression
}

/// Bytes that the ends of the model move beside what a runtime's `KernelTraffic` tells (docs/model.md, section 2).
enum OperatorTraffic {
  /// Looking up an element of the embedding: read it, write it.
  static let lookup = 4.0
  /// Backward of the embedding, per element of its table: clear the gradient. With the accumulation of 6 that follows it
  /// are 8, which is what 3.45 ms for 103 million elements at 240 GB/s come to (measured, operators of the paper's
  /// artifact on L4).
  static let embeddingBackward = 2.0
}

extension ModelOperators {
  /// Traces the operators of a model over the shape variables.
  init(model: ModelShape, run: TrainingRun, gpu: GPU, runtime: RuntimeProfile, variables v: StrategyVariables) {
    let rates = KernelRates(gpu: gpu, precision: run.precision)
    let shape = TracedShape(model: model, run: run, variables: v)
    let tensor = Transfers(secondsPerByte: v.tensorSecondsPerByte, latency: v.tensorLatency)
    let allReduce = tensor.collective(shape.boundaryBytes, factor: CollectiveFactor.allReduce)
    layer = LayerTrace(model: model, run: run, runtime: runtime, rates: rates, shape: shape, variables: v)
      .passes(allReduce: allReduce)

    let boundary = shape.tokens * Double(model.hidden)
    let embeddingElements = shape.vocabularySlice * Double(model.hidden)
    let accumulate = runtime.accumulationBytes * runtime.accumulationShare(v)
    let lookup = rates.elementwise(boundary * OperatorTraffic.lookup)
    embedding = PassOperators(
      forward: lookup,
      backward: lookup + rates.elementwise(embeddingElements * (accumulate + OperatorTraffic.embeddingBackward)),
      tensorForward: allReduce, tensorBackward: allReduce * 0)

    let logits = shape.tokens * shape.vocabularySlice
    let hidden = shape.tokens * 0 + Double(model.hidden)
    // The head multiplies 16-bit numbers whatever the precision of the layers.
    let headRates = KernelRates(gpu: gpu)
    let (tokens, vocabulary) = (shape.tokens, shape.vocabularySlice)
    let lossReduce = tensor.collective(shape.tokens * 4, factor: CollectiveFactor.allReduce) * 3
    head = PassOperators(
      forward: headRates.product(tokens, vocabulary, depth: hidden)
        + rates.elementwise(boundary * runtime.traffic.normForwardBytes.value)
        + rates.elementwise(logits * runtime.lossForwardBytes.value),
      backward: headRates.product(tokens, hidden, depth: vocabulary)
        + headRates.product(hidden, vocabulary, depth: tokens)
        + rates.elementwise(boundary * runtime.traffic.normBackwardBytes.value)
        + rates.elementwise(logits * runtime.lossBackwardBytes.value)
        + rates.elementwise(embeddingElements * accumulate),
      tensorForward: lossReduce, tensorBackward: allReduce)

    func step(_ parameters: Expression) -> Expression {
      parameters * ((runtime.stepBytes.value + runtime.gradientCheckBytes.value) * rates.secondsPerByte)
    }
    layerStep = step(shape.layerParameters / shape.optimizerShard)
    embeddingStep = step(shape.embeddingParameters / shape.optimizerShard)
    headStep = step(shape.headParameters / shape.optimizerShard)
  }
}
