/// Operators of GPT 1.3B (s 2048, no flash) measured on one L4 at the locked clock, and the original's rules for them
/// (docs/model.md, section 9): the input of the published predictions, not a mode of the product.
struct ArtifactOperators {
  /// Seconds of one operator.
  typealias Times = (forward: Double, backward: Double)

  /// One layer by the original's rules, without gradient accumulation.
  let layer: Times
  /// One layer as measured.
  let measuredLayer: Times
  /// Embedding, without accumulation.
  let embedding: Times
  /// Head product, without accumulation.
  let head: Times
  /// Cross entropy.
  let loss: Times
  /// Adding gradients of a layer's parameters (50,339,840) and of the embedding's (103,022,592).
  let layerAdd = 1.248870e-03
  let embeddingAdd = 2.607923e-03

  /// For micro-batches of 8 or 2.
  init?(microBatch: Int) {
    switch microBatch {
    case 8:
      let operators: [Times] = [
        (5.482496e-04, 9.298944e-04), (5.482496e-04, 9.298944e-04),  // layer norms
        (7.631053e-03, 1.506120e-02), (2.599936e-03, 5.140378e-03),  // qkv, out
        (1.019167e-02, 2.022461e-02), (9.935565e-03, 2.009610e-02),  // fc1, fc2
        (2.240717e-03, 3.448218e-03),  // gelu
        (8.183808e-04, 1.147904e-03), (8.183808e-04, 1.147904e-03),  // residual adds
        (5.001011e-03, 1.003602e-02), (6.750720e-03, 1.828792e-02), (5.266125e-03, 9.927987e-03),  // attention
      ]
      measuredLayer = Self.sum(operators)
      layer = Self.sum(operators.map(Self.rule))
      embedding = Self.rule((8.734720e-04, 4.848435e-03))
      head = Self.rule((6.235464e-02, 1.222483e-01))
      loss = Self.rule((5.386127e-02, 1.403802e-02))
    case 2:
      let operators: [Times] = [
        (5.321728e-04, 4.976640e-04), (5.321728e-04, 4.976640e-04),
        (1.959014e-03, 3.788390e-03), (6.427648e-04, 1.275494e-03),
        (2.519552e-03, 5.000090e-03), (2.530202e-03, 5.027328e-03),
        (5.029888e-04, 8.791040e-04),
        (5.273600e-05, 9.482240e-05), (5.273600e-05, 9.482240e-05),
        (1.110938e-03, 2.673971e-03), (1.678336e-03, 4.570214e-03), (1.381581e-03, 2.520166e-03),
      ]
      measuredLayer = Self.sum(operators)
      layer = Self.sum(operators.map(Self.rule))
      embedding = Self.rule((2.172928e-04, 3.884954e-03))
      head = Self.rule((1.517353e-02, 2.992026e-02))
      loss = Self.rule((1.362708e-02, 3.534541e-03))
    default: return nil
    }
  }

  /// The original drops small operators and clips backward to twice forward.
  private static func rule(_ times: Times) -> Times {
    guard times.forward >= 50e-6, times.backward >= 100e-6 else { return (0, 0) }
    return (times.forward, times.backward > 2.3 * times.forward ? 2 * times.forward : times.backward)
  }

  private static func sum(_ operators: [Times]) -> Times {
    operators.reduce((0, 0)) { ($0.forward + $1.forward, $0.backward + $1.backward) }
  }
}
