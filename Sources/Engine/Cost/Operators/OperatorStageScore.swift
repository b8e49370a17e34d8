/// Times and memory of a stage that is made of operators, by the same parts as a stage of whole layers
/// (docs/model.md, section 6, "Operators").
struct OperatorStageScore {
  /// The question.
  let workload: Workload
  /// The runtime: it neither shards nor offloads.
  let runtime: RuntimeProfile
  /// The stages of the pipeline.
  let stages: [OperatorStage]
  /// Micro-batches of an iteration [G].
  let microBatches: Int

  /// The score of stage `index`.
  func score(_ index: Int) -> StageScore {
    let stage = stages[index]
    let memory = OperatorMemory(stage: stage, sizes: sizes(stage), isLast: index == stages.count - 1)
    var score = StageScore()
    let passes = passes(stage, parameters: memory.parameters)
    score.forward = passes.forward
    score.forwardFirst = passes.forward
    score.backward = passes.backward
    score.backwardLast = passes.backward
    let rates = KernelRates(gpu: workload.cluster.nodeType.gpu)
    let step =
      memory.parameters * (runtime.stepBytes.value + runtime.gradientCheckBytes.value) * rates.secondsPerByte
    score.backwardLast.elapsed += step
    score.backwardLast.compute += step
    score.pointToPointSeconds = pointToPoint(index)
    let transfer = 2 * score.pointToPointSeconds
    let firstLast = score.forwardFirst.elapsed + score.backwardLast.elapsed + transfer
    score.stableSeconds =
      microBatches == 1 ? firstLast : score.forward.elapsed + score.backward.elapsed + transfer
    score.deltaSeconds = firstLast - score.stableSeconds
    score.memory = breakdown(memory, index)
    return score
  }

  private func sizes(_ stage: OperatorStage) -> OperatorSizes {
    // The loss keeps what it holds beside the 16-bit logits.
    OperatorSizes(
      model: workload.model, sequenceLength: workload.run.sequenceLength, microBatch: stage.microBatch,
      tensorParallel: stage.tensorParallel,
      logitBytes: runtime.logitBytes.value - KernelRates.elementBytes)
  }

  // MARK: Time

  private func passes(_ stage: OperatorStage, parameters: Double) -> (forward: PassTimes, backward: PassTimes) {
    let trace = OperatorTrace(
      workload: workload, runtime: runtime,
      setting: StageSetting(
        microBatch: stage.microBatch, tensorParallel: stage.tensorParallel, dataParallel: stage.dataParallel,
        microBatches: microBatches, nodes: 1, gpusPerNode: stage.tensorParallel * stage.dataParallel))
    var forward = PassTimes()
    var backward = PassTimes()
    var (forwardPower, backwardPower) = (0.0, 0.0)
    for step in stage.operators {
      let seconds = trace.seconds(step.kind)
      forwardPower += seconds.forwardPower
      backwardPower += seconds.backwardPower + (step.isRecomputed ? seconds.forwardPower : 0)
      forward.compute += seconds.forward
      forward.tensorParallel += seconds.tensorForward
      backward.compute += seconds.backward + (step.isRecomputed ? seconds.forward : 0)
      backward.tensorParallel += seconds.tensorBackward + (step.isRecomputed ? seconds.tensorForward : 0)
    }
    let rates = KernelRates(gpu: workload.cluster.nodeType.gpu)
    let accumulated = stage.operators.filter(\.isOfLayer).reduce(0) { $0 + sizes(stage).parameters($1.kind) }
    backward.compute += accumulated * runtime.accumulationBytes * rates.secondsPerByte
    // No layer takes less than the host needs to launch it, or than the power limit leaves it.
    let layers = Double(stage.operators.count { $0.isOfLayer }) / Double(LayerStep.allCases.count)
    let hostForward = layers * runtime.hostForwardSeconds.value - forward.tensorParallel
    let hostBackward = layers * runtime.hostBackwardSeconds.value - backward.tensorParallel
    forward.compute = max(forward.compute, forwardPower, hostForward)
    backward.compute = max(backward.compute, backwardPower, hostBackward)
    forward.elapsed = forward.compute + forward.tensorParallel
    backward.elapsed = backward.compute + backward.tensorParallel
    return (forward, backward)
  }

  /// Seconds of a boundary in one direction: each tensor that crosses it apart, each rank sending its slice, and whole
  /// tensors put together again by the receiver's tensor-parallel ranks.
  private func pointToPoint(_ index: Int) -> Double {
    guard index + 1 < stages.count, let last = stages[index].operators.last?.kind else { return 0 }
    let stage = stages[index]
    let cluster = workload.cluster
    let sizes = sizes(stage)
    let gpus = stages[...index].reduce(0) { $0 + $1.gpus }
    let width = cluster.gpusPerNode
    let link = cluster.pointToPointLink(
      sameNode: (gpus - 1) / width == gpus / width, senders: min(stage.gpus, width))
    let receivers = stages[index + 1].tensorParallel
    let gather = CollectiveRate(cluster: cluster, group: GroupShape(nodes: 1, gpusPerNode: receivers))
    return (last.writes + last.sideAfter).reduce(0) { seconds, tensor in
      let bytes = sizes.bytes(tensor)
      guard tensor.isWhole else { return seconds + link.seconds(bytes: bytes) }
      let slice = bytes / Double(stage.tensorParallel)
      return seconds + link.seconds(bytes: slice) + bytes * gather.secondsPerByte + gather.latencySeconds
    }
  }

  // MARK: Memory

  private func breakdown(_ memory: OperatorMemory, _ index: Int) -> MemoryBreakdown {
    let isLast = index == stages.count - 1
    let parameters = memory.parameters
    var result = MemoryBreakdown()
    result.weights = parameters * runtime.weightBytes.value
    result.gradients = parameters * (runtime.gradientBytes.value + runtime.gradientCopyBytes.value)
    result.optimizer = parameters * StateBytes.optimizer
    let states = result.weights + result.gradients + result.optimizer
    let inFlight = Double(min(stages.count - 1 - index, microBatches - 1)) * memory.heldBytes
    let reduction = parameters * runtime.reductionCopyBytes.value
    if inFlight + memory.peakBytes >= reduction {
      result.activations = inFlight
      result.transient = memory.peakBytes
    } else {
      result.transient = reduction
    }
    result.allocated = states + result.activations + result.transient
    result.reserved = runtime.reservedBytes(
      passes: result.allocated, end: 0,
      isLastOfMany: isLast && stages.count > 1)
    let gpu = workload.cluster.nodeType.gpu
    result.context = gpu.contextBytes(
      groups: CommunicatorCount.of(
        tensorParallel: stages[index].tensorParallel, dataParallel: stages[index].dataParallel, stages: stages.count))
    result.capacity = gpu.memoryBytes.value
    return result
  }
}

extension OperatorStage {
  /// GPUs of the stage.
  var gpus: Int { tensorParallel * dataParallel }
}

extension StageOperator {
  /// Part of a layer: embedding and head count the accumulation of their gradients themselves.
  var isOfLayer: Bool {
    if case .layer = kind { return true }
    return false
  }
}

extension OperatorTensor {
  /// The same on every tensor-parallel rank.
  fileprivate var isWhole: Bool {
    guard case .layer(let kind, _) = self else { return true }
    switch kind {
    case .input, .attentionNormed, .attentionOutput, .middle, .feedForwardNormed, .feedForwardOutput: return true
    default: return false
    }
  }
}
