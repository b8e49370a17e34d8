/// Parameter counts (docs/model.md section 2): the one place of these formulas.
///
/// Counts are `Double`: exact up to 2^53, and no shape that a reader lets through can overflow them.
extension ModelShape {
  /// Weights of the q, k, v projection: `h * (a + 2k) * hd`.
  public var queryKeyValueParameters: Double {
    Double(hidden) * Double(heads + 2 * keyValueHeads) * Double(headWidth)
  }

  /// Weights of the attention output projection: `a * hd * h`.
  public var attentionOutputParameters: Double { Double(heads) * Double(headWidth) * Double(hidden) }

  /// Weights of the MLP: `2hf`, or `3hf` when gated.
  public var feedForwardParameters: Double {
    (gatedFeedForward ? 3 : 2) * Double(hidden) * Double(feedForward)
  }

  /// Parameters of one norm: `2h` with bias (LayerNorm), `h` without (RMSNorm).
  public var normParameters: Double { (normalization == .layerNorm ? 2 : 1) * Double(hidden) }

  /// Biases of one layer: on q, k, v `(a + 2k) * hd`; on the attention output `h`, the MLP `f` (`2f` gated) and `h`.
  public var biasParameters: Double {
    let queryKeyValue = queryKeyValueBias ? Double(heads + 2 * keyValueHeads) * Double(headWidth) : 0
    let linear = linearBias ? 2 * Double(hidden) + (gatedFeedForward ? 2 : 1) * Double(feedForward) : 0
    return queryKeyValue + linear
  }

  /// Parameters of one transformer layer [P].
  public var layerParameters: Double {
    queryKeyValueParameters + attentionOutputParameters + feedForwardParameters + biasParameters
      + Double(normsPerLayer) * normParameters
  }

  /// The token embedding on the first stage: `V * h`.
  public var embeddingParameters: Double { Double(vocabulary) * Double(hidden) }

  /// The table of learned positions on the first stage: `s * h`, or none.
  public func positionParameters(sequenceLength: Int) -> Double {
    positions == .learned ? Double(sequenceLength) * Double(hidden) : 0
  }

  /// The matrix of the LM head on the last stage, `V * h`; tied or not, the last stage holds it.
  public var headParameters: Double { embeddingParameters }

  /// All parameters, with the final norm, a tied head counted once.
  public func parameterCount(sequenceLength: Int) -> Double {
    embeddingParameters + positionParameters(sequenceLength: sequenceLength) + Double(layers) * layerParameters
      + normParameters + (tiedEmbeddings ? 0 : headParameters)
  }
}
