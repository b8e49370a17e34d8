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

  private typealias Pair = (forward: Expression, backward: Expression)

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

  /// q, k, v; attention output; MLP up (gate and up are one product) and down. Backward: two products of each.
  private var products: Pair {
    let hidden = zero + Double(model.hidden)
    let width = Double(model.headWidth)
    let tokens = shape.tokens
    let forward =
      rates.product(tokens, (shape.heads + shape.keyValueHeads * 2) * width, hidden)
      + rates.product(tokens, hidden, shape.heads * width)
      + rates.product(tokens, shape.feedForward * (model.gatedFeedForward ? 2 : 1), hidden)
      + rates.product(tokens, hidden, shape.feedForward)
    return (forward, forward * 2)
  }

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

  private var boundaryElements: Expression { shape.tokens * Double(model.hidden) }

  private var norms: Pair {
    let count = Double(model.normsPerLayer)
    return (
      rates.elementwise(boundaryElements * OperatorTraffic.normForward) * count,
      rates.elementwise(boundaryElements * OperatorTraffic.normBackward) * count
    )
  }

  private var residuals: Pair {
    let add = rates.elementwise(boundaryElements * OperatorTraffic.residual) * 2
    return (add, add)
  }

  /// Dropout of attention probabilities (a kernel over the scores; flash attention's own draws are free) and of the
  /// outputs of attention and MLP (the masks, in the kernels of the residual adds).
  private var dropout: Pair {
    guard run.dropout > 0 else { return (zero, zero) }
    let masks = boundaryElements * (2 * OperatorTraffic.mask * rates.secondsPerByte)
    guard run.attention == .unfused else { return (masks, masks) }
    let sequence = Double(run.sequenceLength)
    let scores = variables.microBatch * shape.heads * (sequence * sequence)
    let probabilities = rates.elementwise(scores * OperatorTraffic.scoreDropout)
    return (masks + probabilities, masks + probabilities)
  }

  private var activation: Pair {
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
