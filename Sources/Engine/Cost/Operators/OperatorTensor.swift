/// A tensor between the operators of a model: what they read, write and keep for the backward pass.
enum OperatorTensor: Hashable {
  /// Token ids.
  case tokenIds
  /// The mask of the attention's scores, which a run of recomputed operators holds as one of its inputs.
  case attentionMask
  /// Mask of the embedding's dropout.
  case embeddingMask
  /// A tensor of a layer.
  case layer(Kind, Int)
  /// Statistics of the final norm.
  case finalStatistics
  /// Output of the final norm.
  case finalNormed
  /// Logits in fp32, which the loss turns into probabilities in place.
  case logits

  /// Tensors of a layer.
  enum Kind: Hashable {
    /// The layer's input; that of the layer after the last one is the stage's or model's output.
    case input
    /// Statistics of the norm before attention.
    case attentionStatistics
    /// Output of the norm before attention.
    case attentionNormed
    /// Queries.
    case query
    /// Keys.
    case key
    /// Values: a side tensor from q, k, v to the context.
    case value
    /// Scores.
    case scores
    /// Probabilities.
    case probabilities
    /// Mask of the probabilities' dropout.
    case probabilityMask
    /// Probabilities after dropout.
    case dropped
    /// Context.
    case context
    /// Attention's output before the residual.
    case attentionOutput
    /// Mask of its dropout.
    case attentionMask
    /// Hidden state between attention and MLP.
    case middle
    /// Statistics of the norm before the MLP.
    case feedForwardStatistics
    /// Output of the norm before the MLP.
    case feedForwardNormed
    /// Input of the activation function.
    case up
    /// Output of the activation function.
    case activated
    /// MLP's output before the residual.
    case feedForwardOutput
    /// Mask of its dropout.
    case feedForwardMask
  }
}

/// Bytes of the tensors and parameters of a model on one tensor-parallel rank, with unfused attention and dropout.
struct OperatorSizes {
  /// The model: a sequential block with a plain MLP.
  let model: ModelShape
  /// Sequence length.
  let sequenceLength: Int
  /// Samples of a micro-batch on one rank.
  let microBatch: Int
  /// Tensor-parallel degree.
  let tensorParallel: Int
  /// Bytes kept of a logit.
  let logitBytes: Double

  private var tokens: Double { Double(microBatch) * Double(sequenceLength) }
  private var slice: Double { 1 / Double(tensorParallel) }

  /// Hidden state.
  var hidden: Double { KernelRates.elementBytes * tokens * Double(model.hidden) }
  /// Score matrix.
  var scores: Double {
    KernelRates.elementBytes * tokens * Double(sequenceLength) * Double(model.heads) * slice
  }
  /// Logits of 16 bits.
  var logits: Double { KernelRates.elementBytes * tokens * Double(model.vocabulary) * slice }

  /// Bytes of a tensor.
  func bytes(_ tensor: OperatorTensor) -> Double {
    switch tensor {
    case .tokenIds: 8 * tokens
    case .attentionMask: tokens * Double(sequenceLength)
    case .embeddingMask: tokens * Double(model.hidden)
    case .finalStatistics: 8 * tokens
    case .finalNormed: hidden
    case .logits: logitBytes * logits / KernelRates.elementBytes
    case .layer(let kind, _): bytes(kind)
    }
  }

  private func bytes(_ kind: OperatorTensor.Kind) -> Double {
    let heads = KernelRates.elementBytes * tokens * Double(model.headWidth) * slice
    return switch kind {
    case .input, .attentionNormed, .attentionOutput, .middle, .feedForwardNormed, .feedForwardOutput: hidden
    case .attentionStatistics, .feedForwardStatistics: 8 * tokens
    case .query, .context: heads * Double(model.heads)
    case .key, .value: heads * Double(model.keyValueHeads)
    case .scores, .probabilities, .dropped: scores
    case .probabilityMask: scores / KernelRates.elementBytes
    case .attentionMask, .feedForwardMask: hidden / KernelRates.elementBytes
    case .up, .activated: KernelRates.elementBytes * tokens * Double(model.feedForward) * slice
    }
  }

  /// Bytes of several tensors.
  func bytes(_ tensors: some Sequence<OperatorTensor>) -> Double { tensors.reduce(0) { $0 + bytes($1) } }

  /// Parameters of an operator on the rank (docs/model.md, section 2).
  func parameters(_ kind: ModelOperator) -> Double {
    let (h, width) = (Double(model.hidden), Double(model.headWidth))
    let queryKeyValue = Double(model.heads + 2 * model.keyValueHeads) * width * slice
    let output = Double(model.heads) * width * slice
    let feedForward = Double(model.feedForward) * slice
    switch kind {
    case .embedding:
      return Double(model.vocabulary) * h * slice + model.positionParameters(sequenceLength: sequenceLength)
    case .finalNorm: return model.normParameters
    case .head: return Double(model.vocabulary) * h * slice
    case .layer(.attentionNorm, _), .layer(.feedForwardNorm, _): return model.normParameters
    case .layer(.queryKeyValue, _): return queryKeyValue * (h + (model.queryKeyValueBias ? 1 : 0))
    case .layer(.attentionOutput, _): return output * h + (model.linearBias ? h : 0)
    case .layer(.feedForwardUp, _): return feedForward * (h + (model.linearBias ? 1 : 0))
    case .layer(.feedForwardDown, _): return feedForward * h + (model.linearBias ? h : 0)
    case .layer: return 0
    }
  }
}
