/// What an operator reads, writes and keeps (docs/model.md, section 6, "Operators").
extension ModelOperator {
  /// Tensors that it takes from the operator before it.
  var reads: [OperatorTensor] {
    switch self {
    case .embedding: [.tokenIds]
    case .finalNorm(let layers): [.layer(.input, layers)]
    case .head: [.finalNormed]
    case .layer(let step, let layer): step.reads.map { .layer($0, layer) }
    }
  }

  /// Tensors that it hands to the operator after it.
  var writes: [OperatorTensor] {
    switch self {
    case .embedding: [.layer(.input, 0)]
    case .finalNorm: [.finalNormed]
    case .head: []
    case .layer(.feedForwardResidual, let layer): [.layer(.input, layer + 1)]
    case .layer(let step, let layer): step.writes.map { .layer($0, layer) }
    }
  }

  /// Tensors that its backward reads.
  var keeps: [OperatorTensor] {
    switch self {
    case .embedding: [.tokenIds, .embeddingMask]
    case .finalNorm(let layers): [.layer(.input, layers), .finalStatistics]
    case .head: [.finalNormed, .logits]
    case .layer(let step, let layer): step.keeps.map { .layer($0, layer) }
    }
  }

  /// Tensors that wait beside it for a later operator, before it runs: residuals and values.
  var sideBefore: [OperatorTensor] {
    guard case .layer(let step, let layer) = self else { return [] }
    return Self.side(before: step.rawValue).map { .layer($0, layer) }
  }

  /// Tensors that wait beside it after it has run.
  var sideAfter: [OperatorTensor] {
    guard case .layer(let step, let layer) = self else { return [] }
    return Self.side(before: step.rawValue + 1).map { .layer($0, layer) }
  }

  private static func side(before step: Int) -> [OperatorTensor.Kind] {
    let waits: [(OperatorTensor.Kind, from: LayerStep, to: LayerStep)] = [
      (.input, .attentionNorm, .attentionResidual), (.value, .queryKeyValue, .context),
      (.middle, .feedForwardNorm, .feedForwardResidual),
    ]
    return waits.filter { $0.from.rawValue < step && step <= $0.to.rawValue }.map(\.0)
  }
}

extension LayerStep {
  fileprivate var reads: [OperatorTensor.Kind] {
    switch self {
    case .attentionNorm: [.input]
    case .queryKeyValue: [.attentionNormed]
    case .scores: [.query, .key]
    case .softmax: [.scores]
    case .attentionDropout: [.probabilities]
    case .context: [.dropped]
    case .attentionOutput: [.context]
    case .attentionResidual: [.attentionOutput]
    case .feedForwardNorm: [.middle]
    case .feedForwardUp: [.feedForwardNormed]
    case .activation: [.up]
    case .feedForwardDown: [.activated]
    case .feedForwardResidual: [.feedForwardOutput]
    }
  }

  fileprivate var writes: [OperatorTensor.Kind] {
    switch self {
    case .feedForwardResidual: []
    case .queryKeyValue: [.query, .key]
    default: LayerStep(rawValue: rawValue + 1)?.reads ?? []
    }
  }

  fileprivate var keeps: [OperatorTensor.Kind] {
    switch self {
    case .attentionNorm: [.input, .attentionStatistics]
    case .softmax: [.probabilities]
    case .attentionDropout: [.probabilityMask]
    case .context: [.dropped, .value]
    case .attentionResidual: [.attentionMask]
    case .feedForwardNorm: [.middle, .feedForwardStatistics]
    case .feedForwardResidual: [.feedForwardMask]
    default: reads
    }
  }
}
