/// The operators of a model on one GPU: layer, embedding, head with loss, and the optimizer step
/// (docs/model.md, section 2).
struct ModelOperators {
  /// One transformer layer.
  var layer: PassOperators
  /// The embedding, on the first stage.
  var embedding: PassOperators
  /// Final norm, LM head and cross entropy, on the last stage.
  var head: PassOperators
  /// Products that make a layer's weight gradients: part of its backward.
  var layerWeightGradient: Expression
  /// The product that makes the head's: part of its backward.
  var headWeightGradient: Expression
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
  /// Mask of a dropout that is part of another kernel, per element: written forward, read backward.
  static let mask = 1.0
  /// Dropout of attention probabilities, per score: read and write 2 B, and the mask, in both directions.
  static let scoreDropout = 5.0
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
    let tensor = TensorCollectives(shape: shape, runtime: runtime, variables: v)
    let layerTrace = LayerTrace(model: model, run: run, runtime: runtime, rates: rates, shape: shape, variables: v)
    layer = layerTrace.passes(tensor: tensor)
    layerWeightGradient = layerTrace.weightGradient

    let boundary = shape.tokens * Double(model.hidden)
    let normed = shape.outsideTokens * Double(model.hidden)
    let embeddingElements = shape.vocabularySlice * Double(model.hidden)
    let accumulate = runtime.accumulationBytes * runtime.accumulationShare(v)
    let lookup = rates.elementwise(boundary * OperatorTraffic.lookup)
    embedding = PassOperators(
      forward: lookup,
      backward: lookup + rates.elementwise(embeddingElements * (accumulate + OperatorTraffic.embeddingBackward)),
      tensorForward: tensor.embeddingForward, tensorBackward: tensor.embeddingBackward)

    let logits = shape.tokens * shape.vocabularySlice
    let hidden = shape.tokens * 0 + Double(model.hidden)
    // The head multiplies 16-bit numbers whatever the precision of the layers.
    let headRates = KernelRates(gpu: gpu)
    let (tokens, vocabulary) = (shape.tokens, shape.vocabularySlice)
    let gradientProduct = headRates.product(tokens, hidden, depth: vocabulary)
    headWeightGradient = headRates.product(hidden, vocabulary, depth: tokens)
    head = PassOperators(
      forward: headRates.product(tokens, vocabulary, depth: hidden)
        + rates.elementwise(normed * runtime.traffic.normForward(model.normalization).value)
        + rates.elementwise(logits * runtime.lossForwardBytes.value),
      backward: gradientProduct
        + headWeightGradient
        + rates.elementwise(normed * runtime.traffic.normBackward(model.normalization).value)
        + rates.elementwise(logits * runtime.lossBackwardBytes.value)
        + rates.elementwise(embeddingElements * accumulate),
      tensorForward: tensor.lossReduce + tensor.headForward,
      tensorBackward: tensor.headBackward(beside: gradientProduct))

    func step(_ parameters: Expression) -> Expression {
      parameters * ((runtime.stepBytes.value + runtime.gradientCheckBytes.value) * rates.secondsPerByte)
    }
    layerStep = step(shape.layerParameters / shape.optimizerShard)
    embeddingStep = step(shape.embeddingParameters / shape.optimizerShard)
    headStep = step(shape.headParameters / shape.optimizerShard)
  }
}
