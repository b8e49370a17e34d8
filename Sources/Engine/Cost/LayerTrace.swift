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

  /// Kernel seconds of an operator.
  typealias Pair = (forward: Expression, backward: Expression)

  /// All operators of the layer; `allReduce` is one tensor-parallel all-reduce of the hidden state.
  ///
  /// A sequential block has two in each direction (attention output, MLP down), a parallel block adds both before one.
  func operators(allReduce: Expression) -> PassOperators {
    let parts = [products, attention, norms, residuals, dropout, activation, rotary, accumulation]
    let forward = parts.map(\.forward)
    let backward = parts.map(\.backward)
    let reductions = model.parallelBlock ? 1.0 : 2.0
    return PassOperators(
      forward: forward.dropFirst().reduce(forward[0], +), backward: backward.dropFirst().reduce(backward[0], +),
      tensorForward: allReduce * reductions, tensorBackward: allReduce * reductions)
  }

  private var zero: Expression { shape.tokens * 0 }
  private var hidden: Expression { zero + Double(model.hidden) }
  private var width: Double { Double(model.headWidth) }

  /// The four products of the layer.
  private var products: Pair { sum([queryKeyValue, attentionOutput, feedForwardUp, feedForwardDown]) }

  /// The product of q, k and v.
  var queryKeyValue: Pair {
    linear(rates.product(shape.tokens, (shape.heads + shape.keyValueHeads * 2) * width, hidden))
  }

  /// The product of the attention's output.
  var attentionOutput: Pair { linear(rates.product(shape.tokens, hidden, shape.heads * width)) }

  /// The product of MLP up (gate and up are one).
  var feedForwardUp: Pair {
    linear(rates.product(shape.tokens, shape.feedForward * (model.gatedFeedForward ? 2 : 1), hidden))
  }

  /// The product of MLP down.
  var feedForwardDown: Pair { linear(rates.product(shape.tokens, hidden, shape.feedForward)) }

  /// A linear layer: backward has two products.
  private func linear(_ product: Expression) -> Pair { (product, product * 2) }

  private func sum(_ parts: [Pair]) -> Pair {
    parts.dropFirst().reduce(parts[0]) { ($0.forward + $1.forward, $0.backward + $1.backward) }
  }

  /// Flash: causal half, backward 2.5x the FLOPs (it recomputes the scores). Unfused: two full batched products and a
  /// softmax over `b*a*s^2` scores.
  private var attention: Pair {
    let sequence = Double(run.sequenceLength)
    switch run.attention {
    case .flash:
      let flops = headsInBatch * (2 * sequence * sequence * width)
      return (
        rates.flash(flops, share: rates.gpu.flashForwardShare),
        rates.flash(flops * 2.5, share: rates.gpu.flashBackwardShare)
      )
    case .unfused: return sum([scoreProduct, contextProduct, softmax])
    }
  }

  private var headsInBatch: Expression { variables.microBatch * shape.heads }

  private var scores: Expression {
    headsInBatch * (Double(run.sequenceLength) * Double(run.sequenceLength))
  }

  /// The batched product of queries and keys, unfused.
  var scoreProduct: Pair {
    let rows = zero + Double(run.sequenceLength)
    return linear(rates.product(rows, rows, zero + width, batch: headsInBatch))
  }

  /// The batched product of probabilities and values, unfused.
  var contextProduct: Pair { scoreProduct }

  /// The fused causal softmax, unfused from its products.
  var softmax: Pair {
    (
      rates.elementwise(scores * OperatorTraffic.softmaxForward),
      rates.elementwise(scores * OperatorTraffic.softmaxBackward)
    )
  }

  private var boundaryElements: Expression { shape.tokens * Double(model.hidden) }

  private var norms: Pair {
    let count = Double(model.normsPerLayer)
    return (norm.forward * count, norm.backward * count)
  }

  /// One norm.
  var norm: Pair {
    (
      rates.elementwise(boundaryElements * OperatorTraffic.normForward),
      rates.elementwise(boundaryElements * OperatorTraffic.normBackward)
    )
  }

  private var residuals: Pair { (residual.forward * 2, residual.backward * 2) }

  /// One residual add.
  var residual: Pair {
    let add = rates.elementwise(boundaryElements * OperatorTraffic.residual)
    return (add, add)
  }

  /// Dropout of attention probabilities (a kernel over the scores; flash attention's own draws are free) and of the
  /// outputs of attention and MLP (the masks, in the kernels of the residual adds).
  private var dropout: Pair {
    guard run.dropout > 0 else { return (zero, zero) }
    return sum([attentionDropout, residualMask, residualMask])
  }

  /// Dropout of attention probabilities.
  var attentionDropout: Pair {
    guard run.dropout > 0, run.attention == .unfused else { return (zero, zero) }
    let seconds = rates.elementwise(scores * OperatorTraffic.scoreDropout)
    return (seconds, seconds)
  }

  /// The mask of the dropout in one residual add.
  var residualMask: Pair {
    guard run.dropout > 0 else { return (zero, zero) }
    let seconds = boundaryElements * (OperatorTraffic.mask * rates.secondsPerByte)
    return (seconds, seconds)
  }

  /// The activation function.
  var activation: Pair {
    let elements = shape.tokens * shape.feedForward
    let gated = model.gatedFeedForward
    let forward = gated ? OperatorTraffic.gatedForward : OperatorTraffic.activationForward
    let backward = gated ? OperatorTraffic.gatedBackward : OperatorTraffic.activationBackward
    return (rates.elementwise(elements * forward), rates.elementwise(elements * backward))
  }

  private var rotary: Pair {
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
