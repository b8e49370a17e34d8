/// Kernels of a layer by operator, and of embedding and head.
struct KernelExplanation {
  /// Values and variables.
  let walk: ExpressionWalk
  /// Operators of a layer.
  let operators: [LayerOperator]
  /// Figures.
  let figures: FigureSources

  /// The kernels of a layer's pass: operators, and what the host needs beyond them to launch them.
  func layer(forward: Bool, total: Expression) -> ExplanationNode {
    let parts = operators.map { part in
      ExplanationNode.leaf(
        part.kind.title, walk.value(forward ? part.forward : part.backward), formula: formula(part.kind, forward),
        sources: sources(part.kind))
    }
    return .remainder(
      forward ? "kernels, forward" : "kernels, backward", walk.value(total),
      parts.filter { $0.value != 0 } + slowDown(forward: forward, total: total),
      rest: "beyond its kernels", restFormula: "host's launches and exchanges",
      restSources: [
        .init("hostForwardSeconds", figures.runtime.hostForwardSeconds),
        .init("hostBackwardSeconds", figures.runtime.hostBackwardSeconds),
      ])
  }

  /// What the board's power limit adds to the kernels; nothing where it does not bind.
  private func slowDown(forward: Bool, total: Expression) -> [ExplanationNode] {
    guard let limit = figures.gpu.power else { return [] }
    let kernels = operators.reduce(0) { $0 + walk.value(forward ? $1.forward : $1.backward) }
    let needed = operators.reduce(0) { sum, part in
      let power = part.powerSeconds(limit, peak: figures.gpu.peakFlops.value)
      return sum + walk.value(forward ? power.forward : power.backward)
    }
    guard needed > kernels else { return [] }
    return [
      .leaf(
        "slowed by the power limit", min(needed, walk.value(total)) - kernels, formula: "FLOPs / sustained - kernels",
        sources: [.init("power productShare", limit.productShare), .init("power memoryPart", limit.memoryPart)])
    ]
  }

  /// The backward of a recomputed layer: its kernels, and what its kind of recomputation repeats.
  func recomputed(_ layer: PassOperators) -> ExplanationNode {
    .remainder(
      "kernels, backward and recomputation", walk.value(layer.recomputedBackward),
      [self.layer(forward: false, total: layer.backward)], rest: "recomputation",
      restFormula: "forward, or part of it", restSources: figures.products + figures.elementwise)
  }

  private func formula(_ kind: LayerOperator.Kind, _ forward: Bool) -> String {
    switch kind {
    case .queryKeyValue, .attentionOutput, .feedForwardUp, .feedForwardDown:
      forward ? "product of T rows" : "two products"
    case .scores, .context: forward ? "product, batch b*a/tp" : "two products, batch b*a/tp"
    case .flash: forward ? "2*b*(a/tp)*s^2*hd FLOPs" : "2.5 times forward's FLOPs"
    default: "bytes / bandwidth"
    }
  }

  private func sources(_ kind: LayerOperator.Kind) -> [ExplanationNode.Source] {
    switch kind {
    case .queryKeyValue, .attentionOutput, .feedForwardUp, .feedForwardDown, .scores, .context: figures.products
    case .flash: figures.flash
    default: figures.elementwise
    }
  }
}

extension LayerOperator.Kind {
  /// Name for people.
  var title: String {
    switch self {
    case .queryKeyValue: "q, k, v"
    case .scores: "scores"
    case .softmax: "softmax"
    case .context: "context"
    case .flash: "flash attention"
    case .attentionOutput: "attention output"
    case .feedForwardUp: "MLP up"
    case .feedForwardDown: "MLP down"
    case .attentionDropout: "dropout of probabilities"
    case .masks: "dropout masks"
    case .norms: "norms"
    case .residuals: "residual adds"
    case .activation: "activation"
    case .rotary: "rotary positions"
    case .biases: "biases"
    case .layout: "layout of q, k, v"
    case .casts: "casts to and from fp8"
    case .accumulation: "gradient accumulation"
    }
  }
}
