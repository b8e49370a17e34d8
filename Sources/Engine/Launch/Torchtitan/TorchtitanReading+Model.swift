/// The model of a configuration.
extension TorchtitanReading {
  /// The model: a shipped flavour, a Llama of given widths, or the one that a person names.
  func model() throws(InputError) -> ModelShape {
    let stated = try stated()
    guard let name = context.model else {
      if let stated { return stated }
      throw .missing(
        at: options["model_spec"]?.place ?? options["model.name"]?.place ?? file, key: "--model",
        expected: "the name of a model or the path of a config.json: its shape does not stand here as numbers")
    }
    let node = ConfigNode(place: InputPlace(file: "--model"), content: .scalar(name, quoted: true))
    let named = try WorkloadSource.model(node, folder: nil)
    guard let stated, stated.isUnlike(named) else { return named }
    throw .conflict(
      at: file, problem: "the configuration is of \(stated.name), --model \(name) has another shape",
      remedy: "leave --model out, or name the same")
  }

  private func stated() throws(InputError) -> ModelShape? {
    if let node = options["model.name"] ?? options["model.flavor"] {
      return try flavor(try options["model.flavor"]?.string() ?? "debugmodel", family: try family(), at: node.place)
    }
    guard let node = options["model_spec"], case .scalar(let maker, _) = node.content else { return nil }
    let short = maker.split(separator: ".").last.map(String.init) ?? maker
    if short == "model_registry" {
      guard let named = options["model_spec.1"] ?? options["model_spec.flavor"] else { return nil }
      let known = TorchtitanFlavor.named(try named.string())
      // Other families have a function of that name, and flavours of these names.
      return source.isLlama ? known?.shape : nil
    }
    if let shape = try widths("model_spec.", at: node.place) { return shape }
    return try widths("model_spec.model.", at: node.place)
  }

  private func family() throws(InputError) -> String {
    try options["model.name"]?.string() ?? "llama3"
  }

  private func flavor(_ flavor: String, family: String, at place: InputPlace) throws(InputError) -> ModelShape? {
    let experts = ["llama4", "deepseek_v3", "gpt_oss", "kimi", "moe"]
    if experts.contains(where: { family.lowercased().contains($0) || flavor.lowercased().contains($0) }) {
      throw .unsupported(
        at: place, what: "'\(family)' is a mixture of experts, and only dense models are modelled",
        remedy: "take a dense model")
    }
    guard family == "llama3" || family == "llama3_ft" else {
      guard context.model == nil else { return nil }
      throw .missing(
        at: place, key: "--model",
        expected: "the shape of '\(family)': the name of a model or the path of a config.json")
    }
    guard let known = TorchtitanFlavor.named(flavor) else {
      guard context.model == nil else { return nil }
      throw .unknownName(
        at: place, kind: "flavour of torchtitan's llama3", name: flavor, suggestion: nil,
        known: TorchtitanFlavor.all.map(\.name))
    }
    return known.shape
  }

  /// A Llama of which all widths stand as numbers; nil where none stands.
  private func widths(_ prefix: String, at place: InputPlace) throws(InputError) -> ModelShape? {
    guard options[prefix + "dim"] != nil else { return nil }
    func count(_ name: String, _ maximum: Int) throws(InputError) -> Int {
      guard let node = options[prefix + name] else {
        throw .missing(at: place, key: name, expected: "a whole number, or give --model")
      }
      return try node.int(1...maximum)
    }
    let heads = try count("n_heads", 100_000)
    let hidden = try count("dim", ModelReader.maximumHidden)
    let groups = try options[prefix + "n_kv_heads"]?.int(1...100_000) ?? heads
    let width = try options[prefix + "head_dim"]?.int(1...100_000)
    guard width != nil || hidden.isMultiple(of: heads) else {
      throw .conflict(
        at: place, problem: "dim \(hidden) is no multiple of \(heads) heads", remedy: "change one, or give head_dim")
    }
    let shape = ModelShape(
      name: try options["model_spec.flavor"]?.string() ?? "llama", hidden: hidden,
      feedForward: try count("hidden_dim", 10_000_000), layers: try count("n_layers", ModelReader.maximumLayers),
      heads: heads, keyValueHeads: groups, headWidth: width ?? hidden / heads,
      vocabulary: try count("vocab_size", 100_000_000), gatedFeedForward: true, normalization: .rmsNorm,
      queryKeyValueBias: try options[prefix + "qkv_bias"]?.bool() ?? false, positions: .rotary,
      tiedEmbeddings: try options[prefix + "enable_weight_tying"]?.bool() ?? false,
      source: "given in \(PlainText.line(place.file, most: 400))")
    try ModelReader.checkHeads(shape, at: place)
    return shape
  }
}

extension ModelShape {
  /// Whether two shapes differ in more than what they are called.
  func isUnlike(_ other: ModelShape) -> Bool {
    var other = other
    (other.name, other.source) = (name, source)
    return self != other
  }
}
