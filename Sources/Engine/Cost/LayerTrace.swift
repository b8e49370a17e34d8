/// Traces the operators of one transformer layer (docs/model.md, section 2).
struct LayerTrace {
  /// The model.
  let model: ModelShape
  /// Sequence length and attention kernel.
  let run: TrainingRun
  /// What its kernels move and how gradients add up.
  let runtime: RuntimeProfile
  /// Kernel rates of the GPU.
  let rates: KernelRates
  /// Sizes of a slice.
  let shape: TracedShape
  /// Variables.
  let variables: StrategyVariables

  /// The layer's passes, with its tensor- and context-parallel communication.
  ///
  /// No pass takes less than the host needs to launch it.
  func passes(tensor: TensorCollectives) -> PassOperators {
    let parts = operators
    let context = ContextExchange(
      attention: parts.filter(\.kind.isAttentionCore), model: model, runtime: runtime, rates: rates, shape: shape,
      variables: variables)
    let serial = tensor.layerForward(reductions)
    let layer = PassOperators(
      forward: launched(sustained(parts, \.forward, \.forward), runtime.hostForwardSeconds, beside: serial)
        + context.kernels.forward,
      backward: launched(sustained(parts, \.backward, \.backward), runtime.hostBackwardSeconds, beside: serial)
        + context.kernels.backward,
      tensorForward: serial + context.exposed.forward,
      tensorBackward: tensor.layerBackward(beside: gatheringProducts) + context.exposed.backward)
    return recomputing(layer, parts: parts, context: context, tensor: tensor)
  }

  /// Kernels one after the other, no shorter than what the power limit of the GPU leaves them.
  func sustained(
    _ parts: [LayerOperator], _ seconds: KeyPath<LayerOperator, Expression>,
    _ power: KeyPath<(forward: Expression, backward: Expression), Expression>
  ) -> Expression {
    let kernels = parts.map { $0[keyPath: seconds] }.reduce(zero, +)
    guard let limit = rates.gpu.power else { return kernels }
    let needed = parts.map { $0.powerSeconds(limit, peak: rates.productPeak)[keyPath: power] }.reduce(zero, +)
    return .maximum(kernels, needed)
  }

  /// The products that make the layer's weight gradients, one after the other (ZB-H1's W): half of the backward's
  /// products, and nothing of attention, norms and activation function. With their share of the power limit.
  var weightGradient: Expression {
    let products = operators.filter { $0.weightGradient != nil }
    let kernels = products.compactMap(\.weightGradient).reduce(zero, +)
    guard let limit = rates.gpu.power else { return kernels }
    let needed = products.map { $0.powerSeconds(limit, peak: rates.productPeak).backward * 0.5 }.reduce(zero, +)
    return .maximum(kernels, needed)
  }

  /// Kernels, no shorter than what the host needs while collectives do not run.
  func launched(_ kernels: Expression, _ host: Figure, beside collectives: Expression) -> Expression {
    host.value > 0 ? .maximum(kernels, zero + host.value - collectives) : kernels
  }

  /// The layer's kernels by kind, in the order of the forward pass.
  var operators: [LayerOperator] {
    let hidden = Double(model.hidden)
    let attentionWidth = shape.heads * Double(model.headWidth)
    return [
      norms, product(.queryKeyValue, columns: queryKeyValueWidth, depth: zero + hidden), rotary, layout,
    ] + attention + [
      product(.attentionOutput, columns: zero + hidden, depth: attentionWidth),
      product(.feedForwardUp, columns: shape.feedForward * (model.gatedFeedForward ? 2 : 1), depth: zero + hidden),
      activation, product(.feedForwardDown, columns: zero + hidden, depth: shape.feedForward), biases, residuals,
      masks, casts, accumulation,
    ]
  }

  /// Nothing, on the graph of the shape.
  var zero: Expression { shape.tokens * 0 }
  private var traffic: KernelTraffic { runtime.traffic }
  /// Elements of the hidden state outside the sliced products.
  private var boundaryElements: Expression { shape.outsideTokens * Double(model.hidden) }
  /// Columns of the projection to q, k and v on this rank.
  var queryKeyValueWidth: Expression {
    (shape.heads + shape.keyValueHeads * 2) * Double(model.headWidth)
  }

  /// A linear layer: y = x w forward; dx = dy w' and dw = x' dy backward, each summed over a dimension of its own.
  private func product(_ kind: LayerOperator.Kind, columns: Expression, depth: Expression) -> LayerOperator {
    let rows = shape.tokens
    let weightGradient = rates.product(depth, columns, depth: rows)
    return LayerOperator(
      kind: kind, forward: rates.product(rows, columns, depth: depth),
      backward: rates.product(rows, depth, depth: columns) + weightGradient,
      forwardFlops: rows * columns * depth * 2, backwardFlops: rows * columns * depth * 4,
      weightGradient: weightGradient)
  }

  /// Memory-bound kernels over `elements`, `count` times.
  private func elementwise(
    _ kind: LayerOperator.Kind, _ elements: Expression, _ forward: Figure, _ backward: Figure, count: Int = 1
  ) -> LayerOperator {
    func seconds(_ bytes: Figure) -> Expression {
      bytes.value > 0 ? rates.elementwise(elements * bytes.value) * Double(count) : zero
    }
    return LayerOperator(kind: kind, forward: seconds(forward), backward: seconds(backward))
  }

  /// Flash: causal half, backward 2.5x the FLOPs (it recomputes the scores). Unfused: two full batched products and a
  /// softmax over `b*a*s^2` scores.
  private var attention: [LayerOperator] {
    let sequence = Double(run.sequenceLength)
    let headsInBatch = variables.microBatch * shape.heads
    switch run.attention {
    case .flash:
      let flops = headsInBatch * (2 * sequence * sequence * Double(model.headWidth))
      func seconds(_ flops: Expression, _ share: Figure, _ rate: Figure) -> Expression {
        rates.flash(flops, rows: sequence, headWidth: model.headWidth, share: share.value * rate.value)
      }
      return [
        LayerOperator(
          kind: .flash, forward: seconds(flops, rates.gpu.flashForwardShare, runtime.flashForwardRate),
          backward: seconds(flops * 2.5, rates.gpu.flashBackwardShare, runtime.flashBackwardRate),
          forwardFlops: flops, backwardFlops: flops * 2.5)
      ]
    case .unfused:
      let (rows, width) = (zero + sequence, zero + Double(model.headWidth))
      let writing = rates.batchedProduct(rows, rows, depth: width, batch: headsInBatch, headWidth: model.headWidth)
      let reading = rates.batchedProduct(rows, width, depth: rows, batch: headsInBatch, headWidth: model.headWidth)
      let scores = headsInBatch * (sequence * sequence)
      return [
        LayerOperator(kind: .scores, forward: writing, backward: reading * 2),
        elementwise(.softmax, scores, traffic.softmaxForwardBytes, traffic.softmaxBackwardBytes),
      ] + attentionDropout(scores) + [
        LayerOperator(kind: .context, forward: reading, backward: writing + reading)
      ]
    }
  }

  /// A kernel over the scores; flash attention draws its own mask while it computes.
  private func attentionDropout(_ scores: Expression) -> [LayerOperator] {
    guard run.dropout > 0 else { return [] }
    let seconds = rates.elementwise(scores * OperatorTraffic.scoreDropout)
    return [LayerOperator(kind: .attentionDropout, forward: seconds, backward: seconds)]
  }

  /// Masks of the attention's and the MLP's output, beside their residual adds.
  private var masks: LayerOperator {
    let bytes = run.dropout > 0 ? 2 * OperatorTraffic.mask : 0
    let seconds = boundaryElements * (bytes * rates.secondsPerByte)
    return LayerOperator(kind: .masks, forward: seconds, backward: seconds)
  }

  private var norms: LayerOperator {
    elementwise(
      .norms, boundaryElements, traffic.normForward(model.normalization), traffic.normBackward(model.normalization),
      count: model.normsPerLayer)
  }

  private var residuals: LayerOperator {
    elementwise(
      .residuals, boundaryElements, traffic.residualForwardBytes, traffic.residualBackwardBytes, count: 2)
  }

  private var activation: LayerOperator {
    let elements = shape.tokens * shape.feedForward
    return model.gatedFeedForward
      ? elementwise(.activation, elements, traffic.gatedForwardBytes, traffic.gatedBackwardBytes)
      : elementwise(.activation, elements, traffic.activationForwardBytes, traffic.activationBackwardBytes)
  }

  private var rotary: LayerOperator {
    guard model.positions == .rotary else { return LayerOperator(kind: .rotary, forward: zero, backward: zero) }
    let elements = shape.tokens * (shape.heads + shape.keyValueHeads) * Double(model.headWidth)
    return elementwise(.rotary, elements, traffic.rotaryBytes, traffic.rotaryBytes)
  }

  private var layout: LayerOperator {
    let elements = shape.tokens * queryKeyValueWidth
    return elementwise(.layout, elements, traffic.layoutForwardBytes, traffic.layoutBackwardBytes)
  }

  /// Biases on q, k, v where the model has them; on the other three products together.
  private var biases: LayerOperator {
    let up = shape.feedForward * (model.gatedFeedForward ? 2 : 1)
    var width = zero
    if model.queryKeyValueBias { width = width + queryKeyValueWidth }
    if model.linearBias { width = width + up + 2 * Double(model.hidden) }
    guard model.queryKeyValueBias || model.linearBias else {
      return LayerOperator(kind: .biases, forward: zero, backward: zero)
    }
    return elementwise(.biases, shape.tokens * width, traffic.biasForwardBytes, traffic.biasBackwardBytes)
  }

  /// fp8 numbers are made of the inputs of all four products forward, of their outputs' gradients backward.
  private var casts: LayerOperator {
    guard run.precision == .fp8 else { return LayerOperator(kind: .casts, forward: zero, backward: zero) }
    let bytes = traffic.castBytes.value
    let hidden = Double(model.hidden)
    let inputs = shape.feedForward + shape.heads * Double(model.headWidth) + 2 * hidden
    let outputs = shape.feedForward * (model.gatedFeedForward ? 2 : 1) + queryKeyValueWidth + 2 * hidden
    return LayerOperator(
      kind: .casts, forward: rates.elementwise(shape.tokens * inputs * bytes),
      backward: rates.elementwise(shape.tokens * outputs * bytes))
  }

  private var accumulation: LayerOperator {
    let bytes = shape.layerParameters * runtime.accumulationBytes
    return LayerOperator(
      kind: .accumulation, forward: zero,
      backward: bytes * runtime.accumulationShare(variables) * rates.secondsPerByte)
  }
}
