/// Kernels of one kind in a pass through a layer: what explanations name, and what a layer's time is the sum of.
struct LayerOperator {
  /// Which kernels.
  enum Kind: String, CaseIterable {
    /// Projection to queries, keys and values.
    case queryKeyValue
    /// Products of queries and keys (unfused).
    case scores
    /// Causal softmax (unfused).
    case softmax
    /// Products of probabilities and values (unfused).
    case context
    /// Fused attention.
    case flash
    /// Projection of the attention's output.
    case attentionOutput
    /// The MLP's first product (gate and up are one).
    case feedForwardUp
    /// The MLP's second product.
    case feedForwardDown
    /// Norms.
    case norms
    /// Residual adds.
    case residuals
    /// Dropout of attention probabilities (unfused).
    case attentionDropout
    /// Dropout masks of the attention's and the MLP's output, in the kernels of the residual adds.
    case masks
    /// Activation function.
    case activation
    /// Rotary positions on q and k.
    case rotary
    /// Biases that kernels of their own add, and the sums that are their gradients.
    case biases
    /// Copies of q, k and v between layouts.
    case layout
    /// Conversions to fp8.
    case casts
    /// Adding a micro-batch's gradients to earlier ones.
    case accumulation
  }

  /// Which kernels.
  let kind: Kind
  /// Seconds of a forward pass.
  let forward: Expression
  /// Seconds of a backward pass, nothing recomputed.
  let backward: Expression
  /// FLOPs of a forward pass in products that the power limit slows down; nil for kernels bound by memory.
  var forwardFlops: Expression?
  /// The same of a backward pass.
  var backwardFlops: Expression?

  /// Seconds of the product that makes the weight's gradient, part of `backward`; nil where there is no weight.
  var weightGradient: Expression?

  /// Seconds of both passes that the power limit of a GPU needs for this work alone (docs/model.md, section 2).
  func powerSeconds(_ limit: PowerLimit, peak: Double) -> (forward: Expression, backward: Expression) {
    func seconds(_ flops: Expression?, _ kernels: Expression) -> Expression {
      flops.map { $0 * (1 / (peak * limit.productShare.value)) } ?? kernels * limit.memoryPart.value
    }
    return (seconds(forwardFlops, forward), seconds(backwardFlops, backward))
  }
}

extension LayerOperator.Kind {
  /// The attention's core, which selective recomputation repeats.
  var isAttentionCore: Bool { [.scores, .softmax, .attentionDropout, .context, .flash].contains(self) }
}
