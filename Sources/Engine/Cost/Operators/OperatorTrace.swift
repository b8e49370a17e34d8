/// Seconds of the operators of a model, one by one: the parts that `LayerTrace` and `ModelOperators` add up
/// (docs/model.md, sections 2 and 6).
struct OperatorTrace {
  private let layer: LayerTrace
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
  }

  /// Traces the operators for one setting of a stage.
  init(workload: Workload, runtime: RuntimeProfile, setting: StageSetting) {
    let v = StrategyVariables(ExpressionGraph())
    let gpu = workload.cluster.nodeType.gpu
    let shape = TracedShape(model: workload.model, run: workload.run, variables: v)
    layer = LayerTrace(
      model: workload.model, run: workload.run, runtime: runtime,
      rates: KernelRates(gpu: gpu, dispatchSeconds: runtime.dispatchSeconds.value), shape: shape, variables: v)
    model = ModelOperators(model: workload.model, run: workload.run, gpu: gpu, runtime: runtime, variables: v)
    allReduce = Transfers(secondsPerByte: v.tensorSecondsPerByte, latency: v.tensorLatency)
      .collective(shape.boundaryBytes, factor: CollectiveFactor.allReduce)
    values = setting.values(v, on: workload.cluster)
  }

  /// Seconds of an operator. The final norm is part of the head's.
  func seconds(_ kind: ModelOperator) -> Seconds {
    switch kind {
    case .embedding: return seconds(model.embedding)
    case .head: return seconds(model.head)
    case .finalNorm: return Seconds()
    case .layer(let step, _):
      var found = seconds(kernels(step))
      let reduction = value(allReduce)
      // One all-reduce after each product that ends a slice, and in backward one before each that starts it.
      if step == .attentionOutput || step == .feedForwardDown { found.tensorForward = reduction }
      if step == .queryKeyValue || step == .feedForwardUp { found.tensorBackward = reduction }
      return found
    }
  }

  private func kernels(_ step: LayerOperator) -> LayerTrace.Pair {
    switch step {
    case .attentionNorm, .feedForwardNorm: return layer.norm
    case .queryKeyValue: return layer.queryKeyValue
    case .scores: return layer.scoreProduct
    case .softmax: return layer.softmax
    case .attentionDropout: return layer.attentionDropout
    case .context: return layer.contextProduct
    case .attentionOutput: return layer.attentionOutput
    case .feedForwardUp: return layer.feedForwardUp
    case .activation: return layer.activation
    case .feedForwardDown: return layer.feedForwardDown
    case .attentionResidual, .feedForwardResidual:
      let (add, mask) = (layer.residual, layer.residualMask)
      return (add.forward + mask.forward, add.backward + mask.backward)
    }
  }

  private func seconds(_ pair: LayerTrace.Pair) -> Seconds {
    Seconds(forward: value(pair.forward), backward: value(pair.backward))
  }

  private func seconds(_ part: PassOperators) -> Seconds {
    Seconds(
      forward: value(part.forward), backward: value(part.backward), tensorForward: value(part.tensorForward),
      tensorBackward: value(part.tensorBackward))
  }

  private func value(_ expression: Expression) -> Double { expression.substituting(values).constantValue ?? .nan }
}
