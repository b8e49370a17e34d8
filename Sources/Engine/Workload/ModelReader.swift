/// Reads model shapes from YAML mappings whose keys are the properties of `ModelShape`.
enum ModelReader {
  /// Keys of a model, in the order of the documentation.
  static let keys = [
    "from", "name", "hidden", "layers", "heads", "keyValueHeads", "headWidth", "feedForward", "vocabulary",
    "gatedFeedForward", "parallelBlock", "normsPerLayer", "normalization", "queryKeyValueBias", "linearBias",
    "positions", "tiedEmbeddings", "source",
  ]
  /// Largest hidden width.
  static let maximumHidden = 1_000_000
  /// Most transformer layers.
  static let maximumLayers = 10_000

  /// A shape from a mapping; what the mapping leaves out comes from `base` where there is one.
  ///
  /// Throws on unknown keys, on counts out of range, and on widths that do not go together.
  static func shape(
    _ mapping: ConfigMapping, name: String, base: ModelShape? = nil, defaultSource: String
  ) throws(InputError) -> ModelShape {
    let hidden = try mapping.int("hidden", 1...maximumHidden, or: base?.hidden)
    let heads = try mapping.int("heads", 1...100_000, or: base?.heads)
    let groups = base.flatMap { $0.keyValueHeads == $0.heads ? nil : $0.keyValueHeads }
    let parallel = try mapping.bool("parallelBlock", or: base?.parallelBlock ?? false)
    let shape = ModelShape(
      name: try mapping.string("name", or: name), hidden: hidden,
      feedForward: try mapping.int("feedForward", 1...10_000_000, or: base?.feedForward),
      layers: try mapping.int("layers", 1...maximumLayers, or: base?.layers), heads: heads,
      keyValueHeads: try mapping.int("keyValueHeads", 1...100_000, or: groups ?? heads),
      headWidth: try headWidth(mapping, hidden: hidden, heads: heads, base: base),
      vocabulary: try mapping.int("vocabulary", 1...100_000_000, or: base?.vocabulary),
      gatedFeedForward: try mapping.bool("gatedFeedForward", or: base?.gatedFeedForward ?? false),
      parallelBlock: parallel,
      normsPerLayer: try mapping.int("normsPerLayer", 0...8, or: base?.normsPerLayer ?? (parallel ? 1 : 2)),
      normalization: try mapping.choice("normalization", or: base?.normalization ?? .layerNorm),
      queryKeyValueBias: try mapping.bool("queryKeyValueBias", or: base?.queryKeyValueBias ?? false),
      linearBias: try mapping.bool("linearBias", or: base?.linearBias ?? false),
      positions: try mapping.choice("positions", or: base?.positions ?? .none),
      tiedEmbeddings: try mapping.bool("tiedEmbeddings", or: base?.tiedEmbeddings ?? false),
      source: try mapping.string("source", or: base?.source ?? defaultSource))
    try checkHeads(shape, at: mapping["keyValueHeads"]?.place ?? mapping["heads"]?.place ?? mapping.place)
    return shape
  }

  /// Checks that the query heads split evenly over the key and value heads.
  static func checkHeads(_ shape: ModelShape, at place: InputPlace) throws(InputError) {
    guard shape.keyValueHeads <= shape.heads, shape.heads % shape.keyValueHeads == 0 else {
      throw .conflict(
        at: place, problem: "\(shape.heads) query heads do not share \(shape.keyValueHeads) key and value heads evenly",
        remedy: "take a divisor of \(shape.heads)")
    }
  }

  private static func headWidth(
    _ mapping: ConfigMapping, hidden: Int, heads: Int, base: ModelShape?
  ) throws(InputError) -> Int {
    if mapping["headWidth"] != nil { return try mapping.int("headWidth", 1...maximumHidden) }
    if let base, base.headWidth * base.heads != base.hidden { return base.headWidth }
    guard hidden % heads == 0 else {
      throw .conflict(
        at: mapping["heads"]?.place ?? mapping.place, problem: "hidden \(hidden) is not a multiple of \(heads) heads",
        remedy: "change one of them, or give headWidth")
    }
    return hidden / heads
  }
}
