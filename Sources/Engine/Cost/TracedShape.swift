/// Sizes of one tensor-parallel slice of the model, as expressions over b, tp, dp and the ZeRO level (docs/model.md,
/// sections 2 and 6); with tp = 1 they are those of `ModelShape`, which a test holds.
struct TracedShape {
  /// Tokens of one micro-batch on one rank [T = b*s/cp].
  let tokens: Expression
  /// Tokens outside the sliced products: T, with sequence parallelism T/tp.
  let outsideTokens: Expression
  /// Rows of the embedding per rank [V/tp].
  let vocabularySlice: Expression
  /// Parameters of a layer per rank [P]; norms and unsliced biases are replicated.
  let layerParameters: Expression
  /// Parameters of the embedding (and learned positions) per rank.
  let embeddingParameters: Expression
  /// Parameters of the head and the final norm per rank.
  let headParameters: Expression
  /// Key and value heads per rank; at least one (replicated where tp is larger).
  let keyValueHeads: Expression
  /// Query heads per rank.
  let heads: Expression
  /// MLP width per rank.
  let feedForward: Expression
  /// Bytes of the hidden state of all of the rank's tokens, as products read and write it [2*T*h].
  let hiddenBytes: Expression
  /// Bytes of the hidden state at a layer or stage boundary: the same, with sequence parallelism the rank's part.
  let boundaryBytes: Expression
  /// Ranks that share weights: dp*cp where sharded, else 1.
  let weightShard: Expression
  /// Ranks that share gradients.
  let gradientShard: Expression
  /// Ranks that share optimizer states.
  let optimizerShard: Expression

  /// Traces the sizes.
  init(model: ModelShape, run: TrainingRun, variables v: StrategyVariables) {
    let tp = v.tensorParallel
    tokens = v.microBatch * Double(run.sequenceLength)
    outsideTokens = v.outsideMicroBatch * Double(run.sequenceLength)
    vocabularySlice = Double(model.vocabulary) / tp
    heads = Double(model.heads) / tp
    keyValueHeads = .maximum(Double(model.keyValueHeads) / tp, tp * 0 + 1)
    feedForward = Double(model.feedForward) / tp
    hiddenBytes = tokens * (KernelRates.elementBytes * Double(model.hidden))
    boundaryBytes = outsideTokens * (KernelRates.elementBytes * Double(model.hidden))
    let hidden = Double(model.hidden)
    let width = Double(model.headWidth)
    let projections = (heads * 2 + keyValueHeads * 2) * (width * hidden)
    let mlp = feedForward * (hidden * (model.gatedFeedForward ? 3 : 2))
    let qkvBias = model.queryKeyValueBias ? (heads + keyValueHeads * 2) * width : tp * 0
    // The biases of row-parallel products (attention output, MLP down) are replicated, the others are sliced.
    let upperBiases = feedForward * (model.gatedFeedForward ? 2 : 1)
    let biases = model.linearBias ? upperBiases + 2 * hidden : tp * 0
    let norms = Double(model.normsPerLayer) * model.normParameters
    layerParameters = projections + mlp + qkvBias + biases + norms
    let positions = model.positions == .learned ? Double(run.sequenceLength) * hidden : 0
    embeddingParameters = vocabularySlice * hidden + positions
    headParameters = vocabularySlice * hidden + model.normParameters
    weightShard = 1 + v.weightsSharded * (v.dataParallel - 1)
    gradientShard = 1 + v.gradientsSharded * (v.dataParallel - 1)
    optimizerShard = 1 + v.optimizerSharded * (v.dataParallel - 1)
  }
}
