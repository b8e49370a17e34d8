/// Kernel seconds and serial communication of a forward and a backward pass through one part of the model.
struct PassOperators {
  /// Kernels of the forward pass.
  var forward: Expression
  /// Kernels of the backward pass (without recomputation).
  var backward: Expression
  /// Tensor- and context-parallel communication of the forward pass that kernels do not hide, on the critical path.
  var tensorForward: Expression
  /// The same of the backward pass.
  var tensorBackward: Expression
  /// Kernels of the backward pass of a recomputed part, with what it repeats.
  var recomputedBackward: Expression
  /// Communication of the backward pass of a recomputed part, with what it repeats.
  var tensorRecomputedBackward: Expression

  /// A part whose recomputation, if any, repeats its whole forward pass.
  init(forward: Expression, backward: Expression, tensorForward: Expression, tensorBackward: Expression) {
    self.forward = forward
    self.backward = backward
    self.tensorForward = tensorForward
    self.tensorBackward = tensorBackward
    recomputedBackward = backward + forward
    tensorRecomputedBackward = tensorBackward + tensorForward
  }
}
