/// The operators of a measured stage, in the words of Aceso's tables: first and last one (`enc-attention-qkv@L2`), and
/// how many of each name are recomputed (docs/validation.md).
public struct MeasuredOperators: Sendable, Equatable {
  /// First operator of the stage.
  public var first: String
  /// Last operator of the stage.
  public var last: String
  /// Number of operators, where told.
  public var count: Int?
  /// Recomputed operators by name.
  public var recomputed: [String: Int]
}

extension MeasuredOperators {
  /// The names of a layer's operators, in the order of `LayerStep`.
  static let names = [
    "enc-1st-layernorm", "enc-attention-qkv", "enc-attention-score", "enc-attention-softmax", "enc-attention-dropout",
    "enc-attention-context", "enc-attention-dense", "enc-post-attention-dropout", "enc-2nd-layernorm", "enc-MLP-GEMM-1",
    "enc-MLP-gelu", "enc-MLP-GEMM-2", "enc-post-MLP-dropout",
  ]

  /// The operators of a model of so many layers: 13 a layer between the embedding and the final norm with the head.
  static func all(layers: Int) -> [ModelOperator] {
    [.embedding] + (0..<layers).flatMap { layer in LayerStep.allCases.map { .layer($0, layer) } }
      + [.finalNorm(layers: layers), .head]
  }

  /// The stage's operators; nil where the names or counts fit no model of so many layers.
  func operators(layers: Int) -> [StageOperator]? {
    let all = Self.all(layers: layers)
    guard let start = Self.index(of: first, layers: layers), let end = Self.index(of: last, layers: layers),
      start <= end, all.indices.contains(end), count == nil || count == end - start + 1
    else { return nil }
    var found = all[start...end].map { StageOperator(kind: $0, isRecomputed: false) }
    let counts = LayerStep.allCases.map { recomputed[Self.names[$0.rawValue]] ?? 0 }
    // The residual adds first: a norm is recomputed with the add before it.
    let norms: [LayerStep] = [.feedForwardNorm, .attentionNorm]
    for step in LayerStep.allCases.filter({ !norms.contains($0) }) + norms {
      guard Self.mark(step, counts[step.rawValue], afterRecomputed: norms.contains(step), in: &found) else {
        return nil
      }
    }
    return found
  }

  /// Where an operator stands in `all`.
  private static func index(of name: String, layers: Int) -> Int? {
    switch name {
    case "encoder-embedding": return 0
    case "final-layernorm": return names.count * layers + 1
    case "gpt-post-process": return names.count * layers + 2
    default:
      let parts = name.components(separatedBy: "@L")
      guard parts.count == 2, let step = names.firstIndex(of: parts[0]), let layer = Int(parts[1]),
        (0..<layers).contains(layer)
      else { return nil }
      return 1 + names.count * layer + step
    }
  }

  /// Marks the first `count` operators of a kind; with `afterRecomputed` those first that follow a recomputed one.
  ///
  /// False where there are not so many.
  private static func mark(
    _ step: LayerStep, _ count: Int, afterRecomputed: Bool, in operators: inout [StageOperator]
  ) -> Bool {
    let places = operators.indices.filter { index in
      if case .layer(step, _) = operators[index].kind { return true }
      return false
    }
    var order = places
    if afterRecomputed {
      func follows(_ index: Int) -> Bool { index > 0 && operators[index - 1].isRecomputed }
      order = places.filter(follows) + places.filter { !follows($0) }
    }
    guard count <= order.count else { return false }
    for index in order.prefix(count) { operators[index].isRecomputed = true }
    return true
  }
}
