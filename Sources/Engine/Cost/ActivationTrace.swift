/// Activation bytes of one micro-batch on one rank (docs/model.md, section 6).
struct ActivationTrace {
  /// Saved by a layer that keeps its activations.
  let savedPlain: Expression
  /// Saved by a recomputed layer: its input, or what its kind of recomputation keeps.
  let savedCheckpointed: Expression
  /// Score matrix of one layer, which unfused attention keeps as one buffer per stage; 0 with flash.
  let scoreBuffer: Expression
  /// Bytes of a layer in work, forward.
  let layerForwardPeak: Expression
  /// Bytes of a layer in work, backward.
  let layerBackwardPeak: Expression
  /// Hidden state at a boundary [out = 2*T*h].
  let boundary: Expression
  /// Logits and what the loss keeps of them, labels, masks and loss at the head, beside the hidden states.
  let logits: Expression
  /// Token ids and labels of one micro-batch on the first stage.
  let tokenIds: Expression

  /// What a layer's weight gradients need: the inputs of its four products and the gradients of their outputs.
  let layerWeightGradients: Expression
  /// What the head's needs: its input and the gradients of the logits.
  let headWeightGradients: Expression

  /// Bytes per token of the norm statistics of one norm (mean and inverse deviation, fp32).
  private static let normStatistics = 8.0
  /// Bytes per token at the head beside the logits: labels, masks, per-token loss and their copies.
  private static let headTokenBytes = 19.0
  /// Bytes of an element of a dropout mask (Korthikanti, section 4).
  private static let maskBytes = 1.0
  /// What dropout keeps of a score beside the softmax's output, over its 2 B: the mask (1 B) and what is left (2 B).
  /// Flash attention draws the mask again.
  private static let droppedScores = 1.5
  /// Bytes of a token id (int64).
  private static let tokenIdBytes = 8.0

  /// Traces the sizes; without sequence parallelism the hidden state is whole on every tensor-parallel rank.
  init(
    model: ModelShape, run: TrainingRun, runtime: RuntimeProfile, shape: TracedShape, variables v: StrategyVariables
  ) {
    let element = KernelRates.elementBytes
    let t = shape.tokens
    let hidden = Double(model.hidden)
    let width = Double(model.headWidth)
    let norms = Double(model.normsPerLayer)
    // A sequential block keeps the input and output of each norm, a parallel one shares the input. With sequence
    // parallelism the outputs are kept as shards, or as they were gathered for the products.
    let inputs = shape.outsideTokens * (element * hidden * (model.parallelBlock ? 1 : norms))
    let outputs = (runtime.gathersInputsAgain ? shape.outsideTokens : t) * (element * hidden * norms)
    let normBytes = inputs + outputs + shape.outsideTokens * (Self.normStatistics * norms)
    let attentionBytes = (shape.heads * 2 + shape.keyValueHeads * 2) * (element * width)
    let mlpBytes = shape.feedForward * (element * (model.gatedFeedForward ? 3 : 2))
    let headRows = v.microBatch * shape.heads
    let sequence = Double(run.sequenceLength)
    let score = headRows * (element * sequence * sequence)
    let isFlash = run.attention == .flash
    let drops = run.dropout > 0
    // Flash keeps one fp32 log-sum per row of scores; unfused attention keeps the softmax's output.
    // Dropout keeps masks of the attention's and the MLP's output, which are as long as the hidden state there.
    let masks = shape.outsideTokens * (drops ? 2 * Self.maskBytes * hidden : 0)
    let kept = isFlash ? headRows * (4 * sequence) : score * (drops ? 1 + Self.droppedScores : 1)
    let outsideCore = t * (attentionBytes + mlpBytes) + normBytes + masks
    let saved = outsideCore + kept
    savedPlain = saved
    boundary = shape.boundaryBytes
    savedCheckpointed = v.recompute.value(
      full: boundary, core: outsideCore,
      operators: Self.savedByOperators(model: model, isFlash: isFlash, kept: kept, shape: shape, variables: v))
    scoreBuffer = isFlash ? t * 0 : score
    let exchange = ContextExchange.bufferBytes(model: model, runtime: runtime, shape: shape, variables: v)
    // Beside the layer's output there is a product's input or output of all tokens.
    let afterLayer = saved + (boundary + shape.hiddenBytes)
    let beforeMLP = saved - t * mlpBytes + boundary
    layerForwardPeak = exchange.peak(afterLayer, beforeMLP + exchange.forward)
    let gatedFactor = model.gatedFeedForward ? 2.0 : 1.0
    let atActivation = saved + t * shape.feedForward * (element * gatedFactor) + shape.hiddenBytes
    let insideSoftmax =
      score * (drops ? 3 + Self.maskBytes / element : 3)
      + (t * shape.heads * (3 * element * width)
        + shape.outsideTokens * (3 * element * hidden + Self.normStatistics))
    layerBackwardPeak = exchange.peak(
      isFlash ? atActivation : .maximum(atActivation, insideSoftmax),
      beforeMLP + t * shape.heads * (element * width) + exchange.backward)
    // With sequence parallelism the head's product reads a gathered copy of its input.
    let gathered = Expression.select(v.sequenceParallel, shape.hiddenBytes, t * 0)
    logits = t * shape.vocabularySlice * runtime.logitBytes.value + t * Self.headTokenBytes + gathered
    // Inputs of the products to q, k, v and up are norms' outputs, kept as those are; the gradients of the outputs of
    // attention and MLP are whole, as both products of the backward need them (Qi et al. 2024: 32*T*h for GPT).
    let normed = (runtime.gathersInputsAgain ? shape.outsideTokens : t) * (element * hidden)
    let upper = shape.feedForward * (element * ((model.gatedFeedForward ? 2 : 1) + 1))
    layerWeightGradients =
      normed * (model.parallelBlock ? 1 : 2) + shape.hiddenBytes * (model.parallelBlock ? 1 : 2)
      + t * attentionBytes + t * upper
    headWeightGradients = normed + t * shape.vocabularySlice * element
    // The embedding's output has a mask of its own.
    tokenIds = t * Self.tokenIdBytes + shape.outsideTokens * (drops ? Self.maskBytes * hidden : 0)
  }

  /// Kept by torchtitan's choice of operators: the layer's input, the outputs of flash attention and of every other
  /// matrix product (q, v, gate, down; without a gate q, v, up), and with sequence parallelism those of the reduce-scatters.
  private static func savedByOperators(
    model: ModelShape, isFlash: Bool, kept: Expression, shape: TracedShape, variables v: StrategyVariables
  ) -> Expression {
    let t = shape.tokens
    let element = KernelRates.elementBytes
    let width = element * Double(model.headWidth)
    let heads = shape.heads * (isFlash ? 2 : 1) + shape.keyValueHeads
    let products = t * (heads * width + shape.feedForward * element)
    let down = model.gatedFeedForward ? shape.hiddenBytes : t * 0
    let scattered = Expression.select(v.sequenceParallel, shape.boundaryBytes * 2, t * 0)
    return shape.boundaryBytes + products + down + scattered + (isFlash ? kept : t * 0)
  }
}
