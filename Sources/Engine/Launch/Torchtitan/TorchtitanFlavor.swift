/// A Llama 3 that torchtitan ships by name: `model_registry("8B")`, or `flavor = "8B"` before release 0.3.
struct TorchtitanFlavor: Sendable {
  /// Its name there.
  let name: String
  /// Width of the residual stream (`dim`).
  let hidden: Int
  /// Width of the MLP, as `dim`, `multiple_of` and `ffn_dim_multiplier` make it.
  let feedForward: Int
  /// Layers (`n_layers`).
  let layers: Int
  /// Query heads (`n_heads`).
  let heads: Int
  /// Key and value heads (`n_kv_heads`).
  let keyValueHeads: Int
  /// Rows of the embedding (`vocab_size`).
  let vocabulary: Int
  /// The head shares the embedding's matrix (`enable_weight_tying`).
  let tied: Bool

  /// A flavour.
  init(
    _ name: String, hidden: Int, feedForward: Int, layers: Int, heads: Int, keyValueHeads: Int,
    vocabulary: Int = 128_256, tied: Bool = false
  ) {
    self.name = name
    self.hidden = hidden
    self.feedForward = feedForward
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.vocabulary = vocabulary
    self.tied = tied
  }

  /// Tokens up to which the shipped ones are built (`max_seq_len` of their rotary positions).
  static let maximumSequence = 131_072

  /// The flavours of torchtitan/models/llama3/__init__.py, releases 0.2 and 0.3.
  static let all = [
    TorchtitanFlavor(
      "debugmodel", hidden: 256, feedForward: 768, layers: 6, heads: 16, keyValueHeads: 16, vocabulary: 2048),
    TorchtitanFlavor("1B", hidden: 2048, feedForward: 8192, layers: 16, heads: 32, keyValueHeads: 8, tied: true),
    TorchtitanFlavor("3B", hidden: 3072, feedForward: 8192, layers: 28, heads: 24, keyValueHeads: 8, tied: true),
    TorchtitanFlavor("8B", hidden: 4096, feedForward: 14_336, layers: 32, heads: 32, keyValueHeads: 8),
    TorchtitanFlavor("70B", hidden: 8192, feedForward: 28_672, layers: 80, heads: 64, keyValueHeads: 8),
    TorchtitanFlavor("405B", hidden: 16_384, feedForward: 53_248, layers: 126, heads: 128, keyValueHeads: 8),
  ]

  /// The flavour of that name; nil for others. `8B_flex` and `8B_varlen` of release 0.2 are `8B`.
  static func named(_ name: String) -> TorchtitanFlavor? {
    var plain = Substring(name)
    for ending in ["_flex_attn", "_varlen_attn", "_flex", "_varlen"] where plain.hasSuffix(ending) {
      plain = plain.dropLast(ending.count)
      break
    }
    return all.first { $0.name == plain }
  }

  /// The flavour of a shape; nil where none is the same.
  static func of(_ model: ModelShape) -> TorchtitanFlavor? {
    all.first { !$0.shape.isUnlike(model) }
  }

  /// Its shape.
  var shape: ModelShape {
    ModelShape(
      name: "llama3-\(name)", hidden: hidden, feedForward: feedForward, layers: layers, heads: heads,
      keyValueHeads: keyValueHeads, vocabulary: vocabulary, gatedFeedForward: true, normalization: .rmsNorm,
      positions: .rotary, tiedEmbeddings: tied, source: "torchtitan's llama3 \(name)")
  }
}
