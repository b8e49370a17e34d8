extension RuntimeProfile {
  /// Share of a rank's gradients that a micro-batch adds to kept ones: (G-1)/G where the first one's are kept as they
  /// are, all where every micro-batch has its own; of the shard (ZeRO 3) where gradients are reduced first.
  func accumulationShare(_ v: StrategyVariables) -> Expression {
    let share = hasSeparateGradients ? v.accumulationShare * 0 + 1 : v.accumulationShare
    return accumulatesShards ? share / v.dataParallel : share
  }

  /// 1 where the reduction of gradients takes place beside kernels, else 0.
  func overlapsReduction(_ v: StrategyVariables) -> Expression {
    switch reduction {
    case .overlapped: v.weightsSharded * 0 + 1
    case .exposed: v.weightsSharded * 0
    case .overlappedFromZeRO3: v.weightsSharded
    }
  }

  /// Share of the gradients in host memory: with a step on the host that of the states, or none until that step.
  func gradientOffload(_ v: StrategyVariables) -> Expression {
    guard stepsOnHost else { return v.gradientOffload }
    return sendsGradientsAtStep ? v.optimizerOffload * 0 : v.optimizerOffload
  }

  /// Bytes of gradients in host memory per parameter that is stepped there: as the device keeps them, and in fp32 for the
  /// step. They arrive flat: nothing flattens them, as the device's step may (`stepCopyBytes`).
  var hostGradientBytes: Double {
    guard stepsOnHost else { return gradientBytes.value }
    return gradientBytes.value + (gradientBytes.value < StateBytes.steppedGradient ? StateBytes.steppedGradient : 0)
  }

  /// Bytes of host memory per parameter whose states lie there: the states, and the gradients that go down at the step.
  var hostStateBytes: Double {
    StateBytes.optimizer + (stepsOnHost && sendsGradientsAtStep ? StateBytes.steppedGradient : 0)
  }

  /// Factor of what the device steps: what lies on the host is stepped there, or comes for it.
  func deviceStepShare(_ v: StrategyVariables) -> Expression {
    stepsOnHost ? 1 - v.optimizerOffload : v.optimizerOffload * 0 + 1
  }

  /// Factor of the kernels of the step and its checks: gradients that wait on the device are all checked there.
  func stepKernelShare(_ v: StrategyVariables) -> Expression {
    guard sendsGradientsAtStep else { return deviceStepShare(v) }
    let checks = gradientCheckBytes.value / max(1, stepBytes.value + gradientCheckBytes.value)
    return deviceStepShare(v) * (1 - checks) + checks
  }

  /// 1 where a forward gathers weights: at ZeRO 3, and below where the runtime keeps shards alone.
  func gathersInForward(_ v: StrategyVariables) -> Expression {
    gathersEveryForward ? v.optimizerSharded : v.weightsSharded
  }

  /// Bytes per parameter of weights that are whole from the forward to the end of the backward though kept as shards.
  func gatheredBytes(_ v: StrategyVariables) -> Expression {
    gathersEveryForward ? (1 - v.weightsSharded) * StateBytes.weight : v.weightsSharded * 0
  }

  /// Buffers of a stage, in the terms of its formulas (docs/model.md, section 6).
  var buffers: StageBuffers {
    StageBuffers(
      weightCopies: weightBufferBytes.value / StateBytes.weight,
      gradientCopies: gradientBufferBytes.value / StateBytes.weight, liveWeightBytes: liveWeightBytes.value,
      gradientBucketBytes: gradientBucketBytes.value, stepCopyShare: stepCopyBytes.value / StateBytes.optimizer,
      reductionCopyShare: reductionCopyBytes.value / StateBytes.weight,
      stagedWeightShare: stagedWeightBytes.value / StateBytes.weight,
      stagedGradientShare: stagedGradientBytes.value / StateBytes.weight, flattensStep: flattensStep)
  }

  /// What follows the last backward, or nil where all of it has its place beside other work.
  func endWork(operators: ModelOperators, rows: RowTrace, shape: TracedShape) -> SlotTrace.EndWork? {
    guard step != .overlapped || reduction != .overlapped || weightGather != .overlapped else { return nil }
    func parts(_ seconds: (Expression) -> Expression) -> SlotTrace.StepKernels {
      .init(
        layer: seconds(shape.layerParameters), embedding: seconds(shape.embeddingParameters),
        head: seconds(shape.headParameters))
    }
    let kernels = SlotTrace.StepKernels(
      layer: operators.layerStep, embedding: operators.embeddingStep, head: operators.headStep)
    let share = stepsOnHost ? stepKernelShare(rows.variables) : nil
    return SlotTrace.EndWork(
      step: step == .overlapped ? nil : share.map(kernels.scaled) ?? kernels,
      collective: parts(rows.exposedCollective), host: stepsOnHost ? parts(rows.hostStep) : nil)
  }

  /// Reductions with nothing else at work after every backward but the last, or nil where there are none.
  func serialReduction(rows: RowTrace, shape: TracedShape) -> SlotTrace.StepKernels? {
    guard reduction != .overlapped, zeroLevels.contains(where: { $0 >= 2 }) else { return nil }
    return .init(
      layer: rows.serialReduction(parameters: shape.layerParameters),
      embedding: rows.serialReduction(parameters: shape.embeddingParameters),
      head: rows.serialReduction(parameters: shape.headParameters))
  }
}

/// What a runtime holds on a stage beside its states, in the terms of the formulas of docs/model.md, section 6.
struct StageBuffers: Equatable {
  /// Full-size 16-bit copies of the weights of the largest part, where weights are sharded or offloaded.
  var weightCopies = 2.0
  /// The same of gradients.
  var gradientCopies = 2.0
  /// Gathered weights that are kept for use again, bytes at most.
  var liveWeightBytes = 0.0
  /// Buffer through which gradients are reduced, bytes.
  var gradientBucketBytes = 0.0
  /// Copies of gradients during the step, as a share of the optimizer states of this rank.
  var stepCopyShare = 0.0
  /// Copies of gradients while they are reduced, as a share of the 16-bit weights.
  var reductionCopyShare = 0.0
  /// Weights that stay whole in a pipeline, as a share of the 16-bit ones.
  var stagedWeightShare = 0.0
  /// Gradients that add up whole in a pipeline, as a share of the 16-bit weights.
  var stagedGradientShare = 0.0
  /// The step's copies are flat buffers, reserved beside what the passes leave.
  var flattensStep = false
}
