/// Bytes that the memory-bound kernels of a runtime move, per element of their tensor (docs/model.md, section 2): what a
/// runtime fuses, and in which precision it computes, shows here.
public struct KernelTraffic: Sendable, Equatable {
  /// A LayerNorm's forward, per element of the hidden state.
  public var normForwardBytes: Figure
  /// A LayerNorm's backward, with the gradients of its own parameters.
  public var normBackwardBytes: Figure
  /// An RMSNorm's forward.
  public var rmsNormForwardBytes: Figure
  /// An RMSNorm's backward, with the gradient of its weight.
  public var rmsNormBackwardBytes: Figure
  /// A residual add, forward.
  public var residualForwardBytes: Figure
  /// Two gradients that meet at a residual.
  public var residualBackwardBytes: Figure
  /// GELU or ReLU forward, per element of the MLP's width.
  public var activationForwardBytes: Figure
  /// GELU or ReLU backward.
  public var activationBackwardBytes: Figure
  /// SwiGLU forward.
  public var gatedForwardBytes: Figure
  /// SwiGLU backward.
  public var gatedBackwardBytes: Figure
  /// Rotary embedding, per element of q and k, in each direction.
  public var rotaryBytes: Figure
  /// Causal softmax of unfused attention, forward, per score.
  public var softmaxForwardBytes: Figure
  /// Its backward.
  public var softmaxBackwardBytes: Figure
  /// Adding a bias, per element of a biased product's output that no other kernel adds.
  public var biasForwardBytes: Figure
  /// The gradient of a bias: a sum over its product's output gradient, per element.
  public var biasBackwardBytes: Figure
  /// Copies of q, k and v between layouts, per element, forward.
  public var layoutForwardBytes: Figure
  /// The same in backward.
  public var layoutBackwardBytes: Figure

  /// Making an fp8 number of a 16-bit one, with its scale, per element of a product's inputs (forward) and of its output's
  /// gradient (backward).
  public var castBytes: Figure

  /// Least traffic of fp16 kernels that are fused as far as their inputs allow: what a runtime of no own figures has.
  static let least = KernelTraffic(
    normForwardBytes: least(4, "read x, write y"), normBackwardBytes: least(6, "read x and dy, write dx"),
    rmsNormForwardBytes: least(4, "read x, write y"), rmsNormBackwardBytes: least(6, "read x and dy, write dx"),
    residualForwardBytes: least(6, "read two, write one"), residualBackwardBytes: least(6, "read two, write one"),
    activationForwardBytes: least(4, "read x, write y"), activationBackwardBytes: least(6, "read x and dy, write dx"),
    gatedForwardBytes: least(6, "read gate and up, write the product"),
    gatedBackwardBytes: least(10, "read gate, up and the gradient, write two gradients"),
    rotaryBytes: least(4, "read and write"),
    softmaxForwardBytes: least(3, "read half of the scores, write all"),
    softmaxBackwardBytes: least(6, "read the output and its gradient, write the scores' gradient"),
    biasForwardBytes: least(0, "added by the product's kernel"),
    biasBackwardBytes: least(2, "read the gradient of the output"),
    layoutForwardBytes: least(0, "none"), layoutBackwardBytes: least(0, "none"),
    castBytes: least(6, "read for the scale (2 B), read again, write as rows and as columns (1 each)"))

  private static func least(_ bytes: Double, _ source: String) -> Figure {
    Figure(bytes, .derived, source: source)
  }
}

extension KernelTraffic {
  /// Bytes of the forward of a kind of norm.
  func normForward(_ kind: Normalization) -> Figure { kind == .layerNorm ? normForwardBytes : rmsNormForwardBytes }

  /// Bytes of its backward.
  func normBackward(_ kind: Normalization) -> Figure { kind == .layerNorm ? normBackwardBytes : rmsNormBackwardBytes }
}
