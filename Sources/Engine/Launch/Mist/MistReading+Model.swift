/// The model block.
extension MistReading {
  /// The model: the block's, or the one that a person names where the file leaves it to Hydra.
  mutating func model(_ training: ConfigMapping) throws(InputError) -> ModelShape {
    guard let node = root["model"] else {
      guard let name = context.model else {
        throw .missing(
          at: root.place, key: "model",
          expected: "a mapping, or give --model: what `defaults` names is in another folder and is not read")
      }
      let given = ConfigNode(place: InputPlace(file: "--model"), content: .scalar(name, quoted: true))
      return try WorkloadSource.model(given, folder: nil)
    }
    let mapping = try node.anyMapping()
    let shape = try shape(mapping, training)
    guard let name = context.model else { return shape }
    let given = ConfigNode(place: InputPlace(file: "--model"), content: .scalar(name, quoted: true))
    guard try WorkloadSource.model(given, folder: nil).isUnlike(shape) else { return shape }
    throw .conflict(
      at: node.place, problem: "the file has \(shape.name), --model \(name) has another shape",
      remedy: "leave --model out, or name the same")
  }

  private func shape(_ mapping: ConfigMapping, _ training: ConfigMapping) throws(InputError) -> ModelShape {
    try refuse(mapping)
    let isGated = try word(mapping, "mlp_type", ["mlp", "gated_mlp"], or: "mlp") == "gated_mlp"
    let hidden = try mapping.int("hidden_size", 1...ModelReader.maximumHidden)
    let heads = try mapping.int("num_attention_heads", 1...100_000)
    guard hidden.isMultiple(of: heads) else {
      throw .conflict(
        at: mapping.place, problem: "hidden_size \(hidden) is no multiple of \(heads) heads",
        remedy: "change one of them")
    }
    let isParallel = try mapping.bool("parallel_block", or: false)
    let norm = try word(mapping, "normalization", ["layernorm", "rmsnorm"], or: "layernorm")
    let positions = try word(mapping, "position_embedding_type", ["absolute", "rotary"], or: "absolute")
    let vocabulary = mapping["vocab_size"] == nil ? training : mapping
    let shape = ModelShape(
      name: try mapping.string("name"), hidden: hidden,
      feedForward: try mapping.int("intermediate_size", 1...10_000_000, or: Self.width(hidden, isGated, mapping)),
      layers: try mapping.int("num_hidden_layers", 1...ModelReader.maximumLayers), heads: heads,
      keyValueHeads: try mapping.int("num_heads_kv", 1...100_000, or: heads),
      vocabulary: try vocabulary.int("vocab_size", 1...100_000_000), gatedFeedForward: isGated,
      parallelBlock: isParallel, normalization: norm == "rmsnorm" ? .rmsNorm : .layerNorm,
      queryKeyValueBias: try mapping.bool("qkv_proj_bias", or: false), linearBias: try linearBias(mapping),
      positions: positions == "rotary" ? .rotary : .learned,
      tiedEmbeddings: try mapping.bool("tie_word_embeddings", or: false),
      source: "given in \(PlainText.line(context.file, most: 400))")
    try ModelReader.checkHeads(shape, at: mapping["num_heads_kv"]?.place ?? mapping.place)
    return shape
  }

  /// Width of the MLP where it is not told, as Mist's ModelConfig makes it.
  private static func width(_ hidden: Int, _ isGated: Bool, _ mapping: ConfigMapping) throws(InputError) -> Int {
    guard isGated else { return 4 * hidden }
    let step = try mapping.int("multiple_of", 1...1_000_000, or: 256)
    return (hidden * 8 / 3 + step - 1) / step * step
  }

  private func word(
    _ mapping: ConfigMapping, _ key: String, _ allowed: [String], or fallback: String
  ) throws(InputError) -> String {
    guard let node = mapping[key] else { return fallback }
    let word = try node.string().lowercased()
    guard allowed.contains(word) else { throw node.wrong(allowed.joined(separator: " or ")) }
    return word
  }

  private func linearBias(_ mapping: ConfigMapping) throws(InputError) -> Bool {
    let keys = ["out_proj_bias", "mlp_fc1_bias", "mlp_fc2_bias"]
    let flags = try keys.map { key throws(InputError) in try mapping.bool(key, or: false) }
    guard flags.allSatisfy({ $0 == flags[0] }) else {
      throw .unsupported(
        at: mapping.place, what: "biases on some of the attention output and the MLP's products",
        remedy: "set \(keys.joined(separator: ", ")) alike: only such are modelled")
    }
    return flags[0]
  }

  /// What is no dense decoder.
  private func refuse(_ mapping: ConfigMapping) throws(InputError) {
    if let node = mapping["num_experts"], try node.string() != "None", try node.int(0...100_000) > 1 {
      throw .unsupported(
        at: node.place, what: "a mixture of experts, and only dense models are modelled", remedy: "take a dense model")
    }
    let name = try mapping.required("name", "a name that begins with gpt2, llama or falcon")
    guard MistFamily.of(name: try name.string()) != nil else {
      throw .unsupported(
        at: name.place, what: "'\(try name.string())' is no decoder of Mist's: gpt2, llama and falcon are modelled",
        remedy: "take one of them")
    }
  }
}
