/// Traces the operators of one transformer layer (docs/model.md, section 2).
struct LayerTrace {
  /// The model.
  let model: ModelShape
  /// Sequence length and attention kernel.
  let run: TrainingRun
  /// How gradients add up.
  let runtime: RuntimeProfile
  /// Kernel rates of the GPU.
  let rates: KernelRates
  /// Sizes of a slice.
  let shape: TracedShape
  /// Variables.
  let variables: StrategyVariables

  typealias Pair = (forward: Expression, backward: Expression)

  /// All operators of the layer, with its tensor- and context-parallel communication.
  func operators(tensor: TensorCollectives) -> PassOperators {
    let core = attention
    let context = ContextExchange(
      attention: core, model: model, runtime: runtime, rates: rates, shape: shape, variables: variables)
    let parts = [products, core, norms, residuals, activation, rotary, accumulation]
    let forward = parts.map(\.forward)
    let backward = parts.map(\.backward)
    let layer = PassOperators(
      forward: forward.dropFirst().reduce(forward[0], +) + context.kernels.forward,
      backward: backward.dropFirst().reduce(backward[0], +) + context.kernels.backward,
      tensorForward: tensor.layerForward(reductions) + context.exposed.forward,
      tensorBackward: tensor.layerBackward(beside: gatheringProducts) + context.exposed.backward)
    return recomputing(layer, core: core, context: context, tensor: tensor)
  }

  var zero: Expression { shape.tokens * 0 }

  /// q, k, v; attention output; MLP up (gate and up are one product) and down. Backward: two products of each.
  private var products: Pair {
    let forward = queryKeyValueProduct + outputProduct + upProduct + downProduct
    return (forward, forward * 2)
  }

  private var hidden: Expression { zero + Double(model.hidden) }

  /// q, k, v, forward.
  var queryKeyValueProduct: Expression {
    projection((shape.heads + shape.keyValueHeads * 2) * Double(model.headWidth))
  }

  /// Attention output, forward.
  var outputProduct: Expression {
    rates.product(shape.tokens, hidden, shape.heads * Double(model.headWidth))
  }

  /// MLP up (gate and up are one product), forward.
  var upProduct: Expression { projection(shape.feedForward * (model.gatedFeedForward ? 2 : 1)) }

  /// MLP down, forward.
  var downProduct: Expression { rates.product(shape.tokens, hidden, shape.feedForward) }

  /// A product from the hidden state to `width` columns, forward.
  func projection(_ width: Expression) -> Expression { rates.product(shape.tokens, width, hidden) }

  /// Flash: causal half, backward 2.5x the FLOPs (it recomputes the scores). Unfused: two full batched products and a
  /// softmax over `b*a*s^2` scores.
  private var attention: Pair {
    let sequence = Double(run.sequenceLength)
    let width = Double(model.headWidth)
    let headsInBatch = variables.microBatch * shape.heads
    switch run.attention {
    case .flash:
      let flops = headsInBatch * (2 * sequence * sequence * width)
      return (
        rates.flash(flops, share: rates.gpu.flashForwardShare),
        rates.flash(flops * 2.5, share: rates.gpu.flashBackwardShare)
      )
    case .unfused:
      let rows = zero + sequence
      let product = rates.product(rows, rows, zero + width, batch: headsInBatch)
      let scores = headsInBatch * (sequence * sequence)
      return (
        product * 2 + rates.elementwise(scores * OperatorTraffic.softmaxForward),
        product * 4 + rates.elementwise(scores * OperatorTraffic.softmaxBackward)
      )
    }
  }

  /// Elements of the hidden state outside the sliced products.
  private var boundaryElements: Expression { shape.outsideTokens * Double(model.hidden) }

  var norms: Pair {
    let count = Double(model.normsPerLayer)
    return (
      rates.elementwise(boundaryElements * OperatorTraffic.normForward) * count,
      rates.elementwise(boundaryElements * OperatorTraffic.normBackward) * count
    )
  }

  var residuals: Pair {
    let add = rates.elementwise(boundaryElements * OperatorTraffic.residual) * 2
    return (add, add)
  }

  var activation: Pair {
    let elements = shape.tokens * shape.feedForward
    let gated = model.gatedFeedForward
    let forward = gated ? OperatorTraffic.gatedForward : OperatorTraffic.activationForward
    let backward = gated ? OperatorTraffic.gatedBackward : OperatorTraffic.activationBackward
    return (rates.elementwise(elements * forward), rates.elementwise(elements * backward))
  }

  var rotary: Pair {
    guard model.positions == .rotary else { return (zero, zero) }
    let elements = shape.tokens * (shape.heads + shape.keyValueHeads) * Double(model.headWidth)
    let time = rates.elementwise(elements * OperatorTraffic.rotary)
    return (time, time)
  }

  private var accumulation: Pair {
    let bytes = shape.layerParameters * runtime.accumulationBytes
    return (zero, bytes * runtime.accumulationShare(variables) * rates.secondsPerByte)
  }
}
