/// The model classes of Mist's code, which it chooses by the first letters of a model's name.
enum MistFamily: String, Sendable, CaseIterable {
  /// Any block with attention before the MLP: its norms, positions, MLP and biases are options.
  case gpt = "gpt2"
  /// RMSNorm, a gated MLP, rotary positions, no biases.
  case llama
  /// Attention and MLP side by side behind one norm, rotary positions, no biases.
  case falcon

  /// The class of a name; nil for others (`bert`, `t5`).
  static func of(name: String) -> MistFamily? { allCases.first { name.lowercased().hasPrefix($0.rawValue) } }

  /// The class for a shape.
  static func of(_ model: ModelShape) -> MistFamily {
    if model.parallelBlock { return .falcon }
    return llama.holds(model) ? .llama : .gpt
  }

  /// Whether its class takes a shape (mist/model: `_verify_config` of each).
  func holds(_ model: ModelShape) -> Bool {
    let hasNoBias = !model.queryKeyValueBias && !model.linearBias
    switch self {
    case .gpt: return !model.parallelBlock
    case .llama:
      return !model.parallelBlock && model.normalization == .rmsNorm && model.gatedFeedForward
        && model.positions == .rotary && hasNoBias
    case .falcon: return model.parallelBlock && !model.gatedFeedForward && model.positions == .rotary && hasNoBias
    }
  }
}
