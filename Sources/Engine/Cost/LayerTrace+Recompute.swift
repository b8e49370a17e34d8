/// What a recomputed layer repeats in backward (docs/model.md, section 2).
extension LayerTrace {
  /// Sums of partial results in one direction: two in a sequential block (attention output, MLP down), one in a parallel
  /// block, which adds both before it.
  var reductions: Int { model.parallelBlock ? 1 : 2 }

  /// Seconds of the products for the gradient of their input that a second gather runs beside, a term for each gather.
  var gatheringProducts: [Expression] {
    let hidden = zero + Double(model.hidden)
    let queries = rates.product(shape.tokens, hidden, depth: queryKeyValueWidth)
    let up = rates.product(
      shape.tokens, hidden, depth: shape.feedForward * (model.gatedFeedForward ? 2 : 1))
    return model.parallelBlock ? [queries + up] : [queries, up]
  }

  /// The layer with what its stage's kind of recomputation repeats.
  func recomputing(
    _ layer: PassOperators, parts: [LayerOperator], context: ContextExchange, tensor: TensorCollectives
  ) -> PassOperators {
    var result = layer
    let kind = variables.recompute
    let core = parts.filter(\.kind.isAttentionCore).reduce(zero) { $0 + $1.forward }
    result.recomputedBackward = kind.value(
      full: layer.backward + fullRecompute(layer, parts, context, tensor),
      core: layer.backward + core + context.kernels.forward, operators: layer.backward + operatorRecompute(parts))
    let whole =
      runtime.stopsRecomputeEarly
      ? tensor.recomputeWithoutLast(reductions) + context.exposed.forward : layer.tensorForward
    result.tensorRecomputedBackward = kind.value(
      full: layer.tensorBackward + whole, core: layer.tensorBackward + context.exposed.forward,
      operators: layer.tensorBackward + tensor.recomputeKeepingScattered(reductions))
    return result
  }

  /// The forward pass, or of it what comes before the last tensor that backward needs: without MLP down (in a parallel
  /// block without the attention output beside it) and the last residual add.
  private func fullRecompute(
    _ layer: PassOperators, _ parts: [LayerOperator], _ context: ContextExchange, _ tensor: TensorCollectives
  ) -> Expression {
    guard runtime.stopsRecomputeEarly else { return layer.forward }
    let kernels = parts.map { part in
      switch part.kind {
      case .feedForwardDown: zero
      case .attentionOutput: model.parallelBlock ? zero : part.forward
      case .residuals: model.parallelBlock ? zero : part.forward * 0.5
      default: part.forward
      }
    }
    return launched(
      kernels.reduce(zero, +), runtime.hostForwardSeconds, beside: tensor.recomputeWithoutLast(reductions))
      + context.kernels.forward
  }

  /// torchtitan's choice: the outputs of flash attention and of every other matrix product are kept. In the order
  /// q, k, v, output, gate, up, down these are q, v, gate and down; so k, output and up are repeated, or without a gate
  /// k and output (down follows the last tensor that backward needs). All other operators are repeated.
  private func operatorRecompute(_ parts: [LayerOperator]) -> Expression {
    let hidden = zero + Double(model.hidden)
    return parts.reduce(zero) { sum, part in
      switch part.kind {
      case .queryKeyValue:
        sum + rates.product(shape.tokens, shape.keyValueHeads * Double(model.headWidth), depth: hidden)
      case .feedForwardUp:
        sum + (model.gatedFeedForward ? rates.product(shape.tokens, shape.feedForward, depth: hidden) : zero)
      // In a parallel block nothing in backward needs the attention output's product.
      case .attentionOutput: sum + (model.parallelBlock ? zero : part.forward)
      case .residuals: sum + (model.parallelBlock ? zero : part.forward * 0.5)
      case .flash, .feedForwardDown: sum
      default: sum + part.forward
      }
    }
  }
}
