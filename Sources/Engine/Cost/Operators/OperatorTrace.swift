/// Seconds of the operators of a model, one by one: the parts that `LayerTrace` and `ModelOperators` add up
/// (docs/model.md, sections 2 and 6).
struct OperatorTrace {
  private let gpu: GPU
  private let operators: [LayerOperator]
  private let model: ModelOperators
  private let allReduce: Expression
  private let values: [Expression: Double]

  /// Seconds of an operator on one rank, nothing recomputed.
  struct Seconds: Equatable {
    /// Kernels of the forward pass.
    var forward = 0.0
    /// Kernels of the backward pass.
    var backward = 0.0
    /// Tensor-parallel collectives of the forward pass.
    var tensorForward = 0.0
    /// Tensor-parallel collectives of the backward pass.
    var tensorBackward = 0.0
    /// What the power limit needs for the forward's kernels; 0 without one.
    var forwardPower = 0.0
    /// What it needs for the backward's.
    var backwardPower = 0.0
  }

  /// Traces the operators for one setting of a stage.
  init(workload: Workload, runtime: RuntimeProfile, setting: StageSetting) {
    let v = StrategyVariables(ExpressionGraph())
    gpu = workload.cluster.nodeType.gpu
    let shape = TracedShape(model: workload.model, run: workload.run, variables: v)
    operators =
      LayerTrace(
        model: workload.model, run: workload.run, runtime: runtime, rates: KernelRates(gpu: gpu), shape: shape,
        variables: v
      ).operators
    model = ModelOperators(model: workload.model, run: workload.run, gpu: gpu, runtime: runtime, variables: v)
    allReduce = Transfers(
      secondsPerByte: v.tensorSecondsPerByte, latency: v.tensorLatency,
      reduceSecondsPerByte: v.tensorReduceSecondsPerByte, reduceLatency: v.tensorReduceLatency
    ).allReduce(shape.boundaryBytes)
    values = setting.values(v, on: workload.cluster)
  }

  /// Seconds of an operator. The final norm is part of the head's.
  func seconds(_ kind: ModelOperator) -> Seconds {
    switch kind {
    case .embedding: return seconds(model.embedding)
    case .head: return seconds(model.head)
    case .finalNorm: return Seconds()
    case .layer(let step, _):
      var found = kernels(step)
      let reduction = value(allReduce)
      // One all-reduce after each product that ends a slice, and in backward one before each that starts it.
      if step == .attentionOutput || step == .feedForwardDown { found.tensorForward = reduction }
      if step == .queryKeyValue || step == .feedForwardUp { found.tensorBackward = reduction }
      return found
    }
  }

  /// The kernels of a step, by the kinds that a layer's time is the sum of: the layer's two norms and two residual adds
  /// (with masks) share theirs, biases belong to the product of q, k and v.
  private func kernels(_ step: LayerStep) -> Seconds {
    switch step {
    case .attentionNorm, .feedForwardNorm: return sum([.norms], share: 0.5)
    case .queryKeyValue: return sum([.queryKeyValue, .layout, .biases])
    case .scores: return sum([.scores])
    case .softmax: return sum([.softmax])
    case .attentionDropout: return sum([.attentionDropout])
    case .context: return sum([.context])
    case .attentionOutput: return sum([.attentionOutput])
    case .feedForwardUp: return sum([.feedForwardUp])
    case .activation: return sum([.activation])
    case .feedForwardDown: return sum([.feedForwardDown])
    case .attentionResidual, .feedForwardResidual: return sum([.residuals, .masks], share: 0.5)
    }
  }

  private func sum(_ kinds: Set<LayerOperator.Kind>, share: Double = 1) -> Seconds {
    operators.filter { kinds.contains($0.kind) }.reduce(into: Seconds()) { total, part in
      total.forward += share * value(part.forward)
      total.backward += share * value(part.backward)
      guard let limit = gpu.power else { return }
      let power = part.powerSeconds(limit, peak: gpu.peakFlops.value)
      total.forwardPower += share * value(power.forward)
      total.backwardPower += share * value(power.backward)
    }
  }

  private func seconds(_ part: PassOperators) -> Seconds {
    Seconds(
      forward: value(part.forward), backward: value(part.backward), tensorForward: value(part.tensorForward),
      tensorBackward: value(part.tensorBackward))
  }

  private func value(_ expression: Expression) -> Double { expression.substituting(values).constantValue ?? .nan }
}
