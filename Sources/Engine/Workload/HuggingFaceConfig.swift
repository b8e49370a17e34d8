/// Reads the shape of a model from the `config.json` of a Hugging Face model: dense decoders of the families below.
///
/// What such a file leaves out has the default that the family's configuration class in `transformers` gives it;
/// widths and counts have none here: a file without them is an error, not a guess.
enum HuggingFaceConfig {
  /// A shape, and what the file says that the cost model does not count.
  struct Imported: Sendable, Equatable {
    /// The shape.
    var shape: ModelShape
    /// Sentences for people.
    var notes: [String]
  }

  /// One family: its `model_type`, and how its keys are read.
  struct Family: Sendable {
    /// The value of `model_type`.
    var modelType: String
    /// Reads a configuration of this family.
    var read: @Sendable (Fields) throws(InputError) -> Imported
  }

  /// The families that are known, in the order in which messages list them.
  static let families: [Family] = [
    Family(modelType: "llama", read: llama), Family(modelType: "mistral", read: mistral),
    Family(modelType: "qwen2", read: qwen2), Family(modelType: "gpt2", read: gpt2),
    Family(modelType: "gpt_neox", read: gptNeoX), Family(modelType: "falcon", read: falcon),
    Family(modelType: "mpt", read: mpt), Family(modelType: "opt", read: opt),
  ]

  /// Names under which older files know a family.
  private static let olderNames = ["RefinedWeb": "falcon", "RefinedWebModel": "falcon"]

  /// Keys that only a mixture of experts has, when they say more than one expert.
  private static let expertKeys = [
    "num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts", "num_experts_per_tok",
    "num_moe_experts",
  ]

  /// The shape in a parsed `config.json`; `name` is what the model is called here.
  static func read(_ root: ConfigNode, name: String) throws(InputError) -> Imported {
    let mapping = try root.anyMapping()
    let known = families.map(\.modelType)
    let typeNode = try mapping.required("model_type", "one of \(known.joined(separator: ", "))")
    let written = try typeNode.string("the name of a model family", maximum: 100)
    try refuseExperts(mapping, family: written, at: typeNode.place)
    let modelType = olderNames[written] ?? written
    guard let family = families.first(where: { $0.modelType == modelType }) else {
      throw .unknownName(
        // No suggestion: `qwen3` is no slip of `qwen2`, but another family.
        at: typeNode.place, kind: "known model family", name: written, suggestion: nil, known: known)
    }
    var imported = try family.read(Fields(mapping: mapping, name: name, family: modelType))
    let head = mapping["num_key_value_heads"] ?? mapping["num_kv_heads"]
    try ModelReader.checkHeads(imported.shape, at: head?.place ?? root.place)
    let remarks = imported.notes.map { "; \($0)" }.joined()
    imported.shape.source = "config.json (\(modelType))\(remarks)"
    return imported
  }

  private static func refuseExperts(
    _ mapping: ConfigMapping, family: String, at place: InputPlace
  ) throws(InputError) {
    let lower = family.lowercased()
    let byName = ["moe", "mixtral", "deepseek", "dbrx", "grok", "jamba", "switch"].contains { lower.contains($0) }
    var byKey = false
    for source in [mapping, try? mapping["ffn_config"]?.anyMapping()] {
      for key in expertKeys {
        guard let node = source?[key], case .scalar(let text, _) = node.content else { continue }
        if let count = Quantity.number(text), count > 1 { byKey = true }
      }
    }
    guard byName || byKey else { return }
    throw .unsupported(
      at: place, what: "'\(family)' is a mixture of experts, and only dense models are modelled",
      remedy: "take a model of the families \(families.map(\.modelType).joined(separator: ", "))")
  }

  /// The keys of one file, read with the ranges that hold for all families.
  struct Fields {
    /// The whole file.
    let mapping: ConfigMapping
    /// What the model is called here.
    let name: String
    /// Its family.
    let family: String

    /// A count under the first of `keys` that is there; `fallback` where none is.
    func count(_ keys: [String], _ maximum: Int, or fallback: Int? = nil) throws(InputError) -> Int {
      for key in keys where mapping[key] != nil { return try mapping.int(key, 1...maximum) }
      return try mapping.int(keys.first ?? "", 1...maximum, or: fallback)
    }

    /// A width of the residual stream or of the MLP.
    func width(_ keys: String...) throws(InputError) -> Int { try count(keys, ModelReader.maximumHidden) }

    /// A number of layers.
    func layers(_ keys: String...) throws(InputError) -> Int { try count(keys, ModelReader.maximumLayers) }

    /// A number of heads.
    func heads(_ keys: String...) throws(InputError) -> Int { try count(keys, 100_000) }

    /// Rows of the embedding.
    func vocabulary() throws(InputError) -> Int { try count(["vocab_size"], 100_000_000) }

    /// A flag with the family's default.
    func flag(_ key: String, or fallback: Bool) throws(InputError) -> Bool { try mapping.bool(key, or: fallback) }

    /// `head_dim`, or hidden / heads, which must be whole.
    func headWidth(hidden: Int, heads: Int) throws(InputError) -> Int {
      if mapping["head_dim"] != nil { return try mapping.int("head_dim", 1...ModelReader.maximumHidden) }
      guard hidden % heads == 0 else {
        throw .conflict(
          at: mapping.place, problem: "the hidden width \(hidden) is not a multiple of \(heads) heads",
          remedy: "give head_dim, or check both")
      }
      return hidden / heads
    }

    /// Refuses a value that this family may have but the cost model cannot express.
    func refuse(_ key: String, _ what: String, _ remedy: String) -> InputError {
      .unsupported(at: mapping[key]?.place ?? mapping.place, what: what, remedy: remedy)
    }
  }
}
