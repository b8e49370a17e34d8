/// The norm of a transformer block.
public enum Normalization: String, Sendable, Equatable, CaseIterable {
  /// LayerNorm: weight and bias, `2h` parameters.
  case layerNorm = "layernorm"
  /// RMSNorm: weight alone, `h` parameters.
  case rmsNorm = "rmsnorm"
}

/// How a model knows positions.
public enum PositionEncoding: String, Sendable, Equatable, CaseIterable {
  /// No encoding, or one that costs nothing measurable (ALiBi inside the attention kernel).
  case none
  /// A learned table of `sequence x hidden` on the first stage.
  case learned
  /// Rotary embeddings on q and k in every layer.
  case rotary
}

/// The shape of a dense decoder-only transformer: all that the cost model knows of a model.
///
/// Symbols of docs/model.md in brackets. It holds no cost: see `Cost/`.
public struct ModelShape: Sendable, Equatable {
  /// The name under which it ships or was read.
  public var name: String
  /// Width of the residual stream [h].
  public var hidden: Int
  /// Width of the MLP [f].
  public var feedForward: Int
  /// Number of transformer layers [N].
  public var layers: Int
  /// Query heads [a].
  public var heads: Int
  /// Key and value heads [k]; `heads` for multi-head attention.
  public var keyValueHeads: Int
  /// Width of one head [hd]; usually `hidden / heads`.
  public var headWidth: Int
  /// Rows of the embedding [V].
  public var vocabulary: Int
  /// Gated MLP (SwiGLU: three matrices) or plain (GELU, ReLU: two).
  public var gatedFeedForward: Bool
  /// Attention and MLP read the same input and are added together (Falcon, GPT-NeoX).
  public var parallelBlock: Bool
  /// Norms per layer: 2, or 1 where a parallel block shares it (Falcon 7B).
  public var normsPerLayer: Int
  /// Kind of norm.
  public var normalization: Normalization
  /// Bias on the q, k, v projection.
  public var queryKeyValueBias: Bool
  /// Biases on the attention output and both MLP projections.
  public var linearBias: Bool
  /// Position encoding.
  public var positions: PositionEncoding
  /// The LM head shares the embedding's matrix.
  public var tiedEmbeddings: Bool
  /// Where the shape stands.
  public var source: String

  /// A shape; every count must be positive and `heads` a multiple of `keyValueHeads` (readers check it).
  public init(
    name: String, hidden: Int, feedForward: Int, layers: Int, heads: Int, keyValueHeads: Int? = nil,
    headWidth: Int? = nil, vocabulary: Int, gatedFeedForward: Bool = false, parallelBlock: Bool = false,
    normsPerLayer: Int? = nil, normalization: Normalization = .layerNorm, queryKeyValueBias: Bool = false,
    linearBias: Bool = false, positions: PositionEncoding = .none, tiedEmbeddings: Bool = false, source: String
  ) {
    self.name = name
    self.hidden = hidden
    self.feedForward = feedForward
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads ?? heads
    self.headWidth = headWidth ?? hidden / max(heads, 1)
    self.vocabulary = vocabulary
    self.gatedFeedForward = gatedFeedForward
    self.parallelBlock = parallelBlock
    self.normsPerLayer = normsPerLayer ?? (parallelBlock ? 1 : 2)
    self.normalization = normalization
    self.queryKeyValueBias = queryKeyValueBias
    self.linearBias = linearBias
    self.positions = positions
    self.tiedEmbeddings = tiedEmbeddings
    self.source = source
  }
}
