/// What a recomputed layer repeats in backward (docs/model.md, section 2).
extension LayerTrace {
  /// Sums of partial results in one direction: two in a sequential block (attention output, MLP down), one in a parallel
  /// block, which adds both before it.
  var reductions: Int { model.parallelBlock ? 1 : 2 }

  /// Forward seconds of the products that read the hidden state, a term for each sum of their input's gradient.
  var gatheringProducts: [Expression] {
    model.parallelBlock ? [queryKeyValueProduct + upProduct] : [queryKeyValueProduct, upProduct]
  }

  /// The layer with what its stage's kind of recomputation repeats.
  func recomputing(
    _ layer: PassOperators, core: Pair, context: ContextExchange, tensor: TensorCollectives
  ) -> PassOperators {
    var result = layer
    let kind = variables.recompute
    let isEarly = runtime.stopsRecomputeEarly
    // Flash attention's output is kept by the choice of operators; context parallelism needs flash attention.
    result.recomputedBackward = kind.value(
      full: layer.backward + (isEarly ? layer.forward - lastOperators : layer.forward),
      core: layer.backward + core.forward + context.kernels.forward, operators: layer.backward + operatorRecompute(core))
    let whole =
      isEarly ? tensor.recomputeWithoutLast(reductions) + context.exposed.forward : layer.tensorForward
    result.tensorRecomputedBackward = kind.value(
      full: layer.tensorBackward + whole, core: layer.tensorBackward + context.exposed.forward,
      operators: layer.tensorBackward + tensor.recomputeKeepingScattered(reductions))
    return result
  }

  /// What comes after the last tensor that backward needs: MLP down (in a parallel block the attention output beside
  /// it) and the last residual add.
  private var lastOperators: Expression {
    downProduct + (model.parallelBlock ? outputProduct + residuals.forward : residuals.forward * 0.5)
  }

  /// torchtitan's choice: the outputs of flash attention and of every other matrix product are kept. In the order
  /// q, k, v, output, gate, up, down these are q, v, gate and down; so k, output and up are repeated, or without a gate k and
  /// output (down follows the last tensor that backward needs). All other operators are repeated.
  private func operatorRecompute(_ core: Pair) -> Expression {
    let key = projection(shape.keyValueHeads * Double(model.headWidth))
    // In a parallel block nothing in backward needs the attention output's product.
    let products = model.parallelBlock ? key : key + outputProduct
    let elementwise =
      norms.forward + activation.forward + rotary.forward
      + (model.parallelBlock ? zero : residuals.forward * 0.5)
    let up = model.gatedFeedForward ? projection(shape.feedForward) : zero
    return products + up + elementwise + (run.attention == .flash ? zero : core.forward)
  }
}
