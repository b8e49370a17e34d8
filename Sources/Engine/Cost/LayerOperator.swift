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
}

extension LayerOperator.Kind {
  /// The attention's core, which selective recomputation repeats.
  var isAttentionCore: Bool { [.scores, .softmax, .context, .flash].contains(self) }
}
