/// One of the 13 operators of a transformer layer, in the order in which they run.
///
/// Runtimes that cut stages and recompute at operators (Aceso) name them so; sequential blocks with unfused attention.
enum LayerStep: Int, CaseIterable {
  /// The norm before attention.
  case attentionNorm
  /// The product of q, k and v.
  case queryKeyValue
  /// The product of queries and keys.
  case scores
  /// The softmax over the scores.
  case softmax
  /// Dropout of the attention's probabilities.
  case attentionDropout
  /// The product of probabilities and values.
  case context
  /// The product of the attention's output.
  case attentionOutput
  /// Bias, dropout and residual add after attention.
  case attentionResidual
  /// The norm before the MLP.
  case feedForwardNorm
  /// The product of MLP up.
  case feedForwardUp
  /// The activation function.
  case activation
  /// The product of MLP down.
  case feedForwardDown
  /// Bias, dropout and residual add after the MLP.
  case feedForwardResidual
}

/// An operator of a model, with the layer that it belongs to.
enum ModelOperator: Hashable {
  /// The embedding.
  case embedding
  /// An operator of a layer, counted from 0.
  case layer(LayerStep, Int)
  /// The norm after the last of so many layers.
  case finalNorm(layers: Int)
  /// The LM head and the loss.
  case head
}

/// An operator of a stage.
struct StageOperator: Hashable {
  /// Which one.
  var kind: ModelOperator
  /// Its forward runs again in the backward pass.
  var isRecomputed: Bool
}

/// The operators of one stage, in the order in which they run.
struct OperatorStage: Equatable {
  /// The operators.
  var operators: [StageOperator]
  /// Tensor-parallel degree.
  var tensorParallel: Int
  /// Data-parallel degree.
  var dataParallel: Int
  /// Samples of a micro-batch on one rank.
  var microBatch: Int

  /// Runs of operators that are recomputed together, and each other operator by itself.
  ///
  /// A run ends before the norm at the start of a layer (Aceso's runtime breaks there).
  var segments: [(range: Range<Int>, isRecomputed: Bool)] {
    var found: [(range: Range<Int>, isRecomputed: Bool)] = []
    var start = 0
    while start < operators.count {
      var end = start + 1
      if operators[start].isRecomputed {
        while end < operators.count, operators[end].isRecomputed, !operators[end].startsLayer { end += 1 }
      }
      found.append((start..<end, operators[start].isRecomputed))
      start = end
    }
    return found
  }
}

extension StageOperator {
  /// The norm at the start of a layer.
  fileprivate var startsLayer: Bool {
    if case .layer(.attentionNorm, _) = kind { return true }
    return false
  }
}
