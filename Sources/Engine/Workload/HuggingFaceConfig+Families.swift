/// The families: which key means what, and the defaults of each one's configuration class in `transformers`.
extension HuggingFaceConfig {
  /// Llama 1, 2, 3 and what copies them.
  @Sendable static func llama(_ fields: Fields) throws(InputError) -> Imported {
    var imported = try gated(fields, queryKeyValueBias: try fields.flag("attention_bias", or: false))
    if imported.shape.queryKeyValueBias, !imported.shape.linearBias {
      imported.notes.append("the bias of the attention output is not counted")
    }
    return imported
  }

  /// Mistral; the sliding window is noted, not counted.
  @Sendable static func mistral(_ fields: Fields) throws(InputError) -> Imported {
    try gated(fields, queryKeyValueBias: false)
  }

  /// Qwen 1.5, 2 and 2.5: always a bias on q, k and v.
  @Sendable static func qwen2(_ fields: Fields) throws(InputError) -> Imported {
    try gated(fields, queryKeyValueBias: true)
  }

  private static func gated(_ fields: Fields, queryKeyValueBias: Bool) throws(InputError) -> Imported {
    let hidden = try fields.width("hidden_size")
    let heads = try fields.heads("num_attention_heads")
    var notes: [String] = []
    let usesWindow = try fields.flag("use_sliding_window", or: fields.family != "qwen2")
    if usesWindow, let window = fields.mapping["sliding_window"], window.isScalar, fields.family != "llama" {
      notes.append("its sliding window of \(try window.int(1...1_000_000_000)) tokens is not counted")
    }
    let shape = ModelShape(
      name: fields.name, hidden: hidden, feedForward: try fields.width("intermediate_size"),
      layers: try fields.layers("num_hidden_layers"), heads: heads,
      keyValueHeads: try fields.count(["num_key_value_heads"], 100_000, or: heads),
      headWidth: try fields.headWidth(hidden: hidden, heads: heads), vocabulary: try fields.vocabulary(),
      gatedFeedForward: true, normalization: .rmsNorm, queryKeyValueBias: queryKeyValueBias,
      linearBias: try fields.flag("mlp_bias", or: false), positions: .rotary,
      tiedEmbeddings: try fields.flag("tie_word_embeddings", or: false), source: "")
    return Imported(shape: shape, notes: notes)
  }

  /// GPT-2: short keys, MLP of 4h unless told, everything biased, tied.
  @Sendable static func gpt2(_ fields: Fields) throws(InputError) -> Imported {
    let hidden = try fields.width("n_embd", "hidden_size")
    let heads = try fields.heads("n_head", "num_attention_heads")
    let shape = ModelShape(
      name: fields.name, hidden: hidden,
      feedForward: try fields.count(["n_inner"], 10_000_000, or: 4 * hidden),
      layers: try fields.layers("n_layer", "num_hidden_layers"), heads: heads,
      headWidth: try fields.headWidth(hidden: hidden, heads: heads), vocabulary: try fields.vocabulary(),
      normalization: .layerNorm, queryKeyValueBias: true, linearBias: true, positions: .learned,
      tiedEmbeddings: try fields.flag("tie_word_embeddings", or: true), source: "")
    return Imported(shape: shape, notes: [])
  }

  /// GPT-NeoX and Pythia: attention and MLP side by side unless told, each with its norm.
  @Sendable static func gptNeoX(_ fields: Fields) throws(InputError) -> Imported {
    let hidden = try fields.width("hidden_size")
    let heads = try fields.heads("num_attention_heads")
    let shape = ModelShape(
      name: fields.name, hidden: hidden, feedForward: try fields.width("intermediate_size"),
      layers: try fields.layers("num_hidden_layers"), heads: heads,
      headWidth: try fields.headWidth(hidden: hidden, heads: heads), vocabulary: try fields.vocabulary(),
      parallelBlock: try fields.flag("use_parallel_residual", or: true), normsPerLayer: 2,
      normalization: .layerNorm, queryKeyValueBias: try fields.flag("attention_bias", or: true), linearBias: true,
      positions: .rotary, tiedEmbeddings: try fields.flag("tie_word_embeddings", or: false), source: "")
    return Imported(shape: shape, notes: [])
  }

  /// Falcon: multi-query before the new decoder architecture, grouped-query since; one or two norms.
  @Sendable static func falcon(_ fields: Fields) throws(InputError) -> Imported {
    let hidden = try fields.width("hidden_size", "n_embed")
    let heads = try fields.heads("num_attention_heads", "n_head")
    // The first Falcon 40B said so by its number of key and value heads alone.
    let grouped = fields.mapping["n_head_kv"] != nil
    let newDecoder = try fields.flag("new_decoder_architecture", or: grouped)
    let multiQuery = try fields.flag("multi_query", or: true)
    let parallelAttention = try fields.flag("parallel_attn", or: true)
    let parallel = newDecoder || parallelAttention
    let bias = try fields.flag("bias", or: false)
    var norms = parallel ? 1 : 2
    if newDecoder { norms = try fields.count(["num_ln_in_parallel_attn"], 2, or: 2) }
    let keyValueHeads: Int
    if newDecoder || !multiQuery {
      keyValueHeads = try fields.count(["num_kv_heads", "n_head_kv"], 100_000, or: heads)
    } else {
      keyValueHeads = 1
    }
    let shape = ModelShape(
      name: fields.name, hidden: hidden,
      feedForward: try fields.count(["ffn_hidden_size"], 10_000_000, or: 4 * hidden),
      layers: try fields.layers("num_hidden_layers", "n_layer"), heads: heads, keyValueHeads: keyValueHeads,
      headWidth: try fields.headWidth(hidden: hidden, heads: heads), vocabulary: try fields.vocabulary(),
      parallelBlock: parallel, normsPerLayer: norms, normalization: .layerNorm, queryKeyValueBias: bias,
      linearBias: bias, positions: try fields.flag("alibi", or: false) ? .none : .rotary,
      tiedEmbeddings: try fields.flag("tie_word_embeddings", or: true), source: "")
    return Imported(shape: shape, notes: [])
  }

  /// OPT: learned positions, everything biased, tied; the variant with a narrower embedding is refused.
  @Sendable static func opt(_ fields: Fields) throws(InputError) -> Imported {
    let hidden = try fields.width("hidden_size")
    let heads = try fields.heads("num_attention_heads")
    let embedding = try fields.count(["word_embed_proj_dim"], ModelReader.maximumHidden, or: hidden)
    guard embedding == hidden else {
      throw fields.refuse(
        "word_embed_proj_dim", "an embedding of width \(embedding) under a hidden width of \(hidden) is not modelled",
        "take an OPT without a projected embedding (all but 350m)")
    }
    let bias = try fields.flag("enable_bias", or: true)
    let shape = ModelShape(
      name: fields.name, hidden: hidden, feedForward: try fields.width("ffn_dim"),
      layers: try fields.layers("num_hidden_layers"), heads: heads,
      headWidth: try fields.headWidth(hidden: hidden, heads: heads), vocabulary: try fields.vocabulary(),
      normalization: .layerNorm, queryKeyValueBias: bias, linearBias: bias, positions: .learned,
      tiedEmbeddings: try fields.flag("tie_word_embeddings", or: true), source: "")
    return Imported(shape: shape, notes: [])
  }
}
