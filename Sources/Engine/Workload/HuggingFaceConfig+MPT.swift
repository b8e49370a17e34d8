/// MosaicML's MPT: nested attention settings, no biases unless told, tied.
extension HuggingFaceConfig {
  /// A configuration of the `mpt` family.
  @Sendable static func mpt(_ fields: Fields) throws(InputError) -> Imported {
    let hidden = try fields.width("d_model", "hidden_size")
    let heads = try fields.heads("n_heads", "num_attention_heads")
    let attention = try fields.mapping["attn_config"]?.anyMapping()
    try checkFeedForward(fields)
    let biased = try !fields.flag("no_bias", or: true)
    let norm = try fields.mapping["norm_type"]?.string() ?? "low_precision_layernorm"
    let shape = ModelShape(
      name: fields.name, hidden: hidden, feedForward: try expansion(fields, hidden: hidden),
      layers: try fields.layers("n_layers", "num_hidden_layers"), heads: heads,
      keyValueHeads: try keyValueHeads(attention, heads: heads),
      headWidth: try fields.headWidth(hidden: hidden, heads: heads), vocabulary: try fields.vocabulary(),
      // LayerNorm without bias has its weight alone, which is all that `rmsNorm` says.
      normalization: norm.contains("rms") || !biased ? .rmsNorm : .layerNorm, queryKeyValueBias: biased,
      linearBias: biased, positions: try positions(fields, attention),
      tiedEmbeddings: try fields.flag("tie_word_embeddings", or: true), source: "")
    return Imported(shape: shape, notes: [])
  }

  private static func checkFeedForward(_ fields: Fields) throws(InputError) {
    guard let node = try fields.mapping["ffn_config"]?.anyMapping()["ffn_type"] else { return }
    let kind = try node.string()
    guard kind == "mptmlp" else {
      throw .unsupported(at: node.place, what: "the MLP '\(kind)' is not modelled", remedy: "only mptmlp is")
    }
  }

  private static func expansion(_ fields: Fields, hidden: Int) throws(InputError) -> Int {
    let ratio = try fields.mapping.double("expansion_ratio", 0.01...100, or: 4)
    return max(1, Int((Double(hidden) * ratio).rounded()))
  }

  private static func keyValueHeads(_ attention: ConfigMapping?, heads: Int) throws(InputError) -> Int {
    guard let attention else { return heads }
    let kind = try attention.string("attn_type", or: "multihead_attention")
    switch kind {
    case "multihead_attention": return heads
    case "multiquery_attention": return 1
    case "grouped_query_attention": return try attention.int("kv_n_heads", 1...100_000)
    default:
      throw .value(
        at: attention["attn_type"]?.place ?? attention.place, found: "'\(kind)'",
        expected: "one of multihead_attention, multiquery_attention, grouped_query_attention")
    }
  }

  private static func positions(_ fields: Fields, _ attention: ConfigMapping?) throws(InputError) -> PositionEncoding {
    // `transformers` knows ALiBi models alone and defaults to it; llm-foundry's files say which they have.
    if try attention?.bool("rope", or: false) == true { return .rotary }
    if try attention?.bool("alibi", or: true) ?? true { return .none }
    return try fields.flag("learned_pos_emb", or: true) ? .learned : .none
  }
}
