extension StageFormula {
  /// What all moments of a stage's memory share (docs/model.md, section 6).
  struct CommonMemory<V: CostScalar> {
    /// Layer, embedding and head states in backward, without buffers.
    var states: V
    /// Of those, sharded weights that a pipeline keeps whole.
    var stagedWeights: V
    /// Of those, sharded gradients that a pipeline keeps whole.
    var stagedGradients: V
    /// Full-size prefetch buffers.
    var buffers: V
    /// Activations of one micro-batch held [mod].
    var held: V
    /// Activations of the micro-batch in work [cur].
    var inWork: V
    /// Token ids in flight.
    var constantBytes: Double

    @inline(__always)
    init(_ formula: StageFormula, _ parts: MemoryParts<V>, _ kind: CheckpointClass, _ checkpointed: V) {
      let position = formula.position
      let constants = formula.constants
      let layers = Double(position.layers)
      var all = layers * (parts.layer.weights + parts.layer.gradients + parts.layer.optimizer)
      var largest = constants.layerWeightBytes
      var whole = layers * constants.layerWeightBytes
      if position.isFirst {
        all = all + (parts.embedding.weights + parts.embedding.gradients + parts.embedding.optimizer)
        largest = max(largest, constants.embeddingWeightBytes)
        whole += constants.embeddingWeightBytes
      }
      if position.isLast && !formula.tied {
        all = all + (parts.head.weights + parts.head.gradients + parts.head.optimizer)
        largest = max(largest, constants.headWeightBytes)
        whole += constants.headWeightBytes
      }
      let staged = position.isFirst && position.isLast ? 0 : whole
      let kept = constants.buffers
      // Scalars decide whether vectors are added: few runtimes keep whole weights or gradients.
      let isStaged = staged > 0 && (kept.stagedWeightShare > 0 || kept.stagedGradientShare > 0)
      stagedWeights = isStaged ? staged * kept.stagedWeightShare * parts.weightsBuffered : 0 * parts.weightsBuffered
      stagedGradients =
        isStaged ? staged * kept.stagedGradientShare * parts.gradientsBuffered : 0 * parts.weightsBuffered
      states = isStaged ? all + stagedWeights + stagedGradients : all
      let weights = max(kept.weightCopies * largest, min(kept.liveWeightBytes, whole))
      let gradients = kept.gradientCopies * largest + kept.gradientBucketBytes
      buffers = weights * parts.weightsBuffered + gradients * parts.gradientsBuffered
      held = layers * parts.kept.plain + checkpointed * (parts.kept.checkpointed - parts.kept.plain)
      inWork = held + (kind == .none ? parts.inWork.plain : parts.inWork.checkpointed)
      constantBytes = position.isFirst ? constants.tokenIdBytes * (position.activations.tokenIds + 1) : 0
    }
  }

  /// What the layer in work (and the head beside the last one) adds to the states in the first forward: its optimizer
  /// states whole.
  @inline(__always)
  func stepBytes<V: CostScalar>(_ parts: MemoryParts<V>) -> V {
    let layer = parts.optimizerInWork - parts.layer.optimizer
    // The head's step runs beside the last layer.
    return position.isLast && !tied ? layer + (parts.headInWork - parts.head.optimizer) : layer
  }

  /// The moment of the embedding's step in the first forward, before any activation is held: its optimizer states and
  /// those of the layer that is fetched ahead are whole. Only on the first stage.
  @inline(__always)
  func embeddingPeak<V: CostScalar>(_ m: CommonMemory<V>, _ parts: MemoryParts<V>) -> V {
    m.states + m.buffers + (parts.embeddingInWork - parts.embedding.optimizer)
      + (parts.optimizerInWork - parts.layer.optimizer) + constants.boundaryBytes
  }

  /// The moment of a step at the end, when no activation is held: the states, and its copies of the gradients.
  @inline(__always)
  func stepPeak<V: CostScalar>(_ m: CommonMemory<V>, _ parts: MemoryParts<V>) -> V {
    m.states + endBytes(parts)
  }

  /// There is something at the end that a pass does not have.
  var hasStepMoment: Bool { constants.buffers.stepCopyShare > 0 || constants.bucketBytes > 0 }

  /// What the end of the iteration has beside the states: the step's copies of gradients and communication buckets.
  @inline(__always)
  func endBytes<V: CostScalar>(_ parts: MemoryParts<V>) -> V { stepCopies(parts) + constants.bucketBytes }

  /// Copies of gradients that the step makes.
  @inline(__always)
  func stepCopies<V: CostScalar>(_ parts: MemoryParts<V>) -> V {
    var stepped = Double(position.layers) * parts.optimizerInWork
    if position.isFirst { stepped = stepped + parts.embeddingInWork }
    if position.isLast && !tied { stepped = stepped + parts.headInWork }
    return constants.buffers.stepCopyShare * stepped
  }

  /// Fixed bytes of a layer's forward while p further micro-batches are in flight.
  var forwardFixedBytes: Double {
    constants.layerForwardPeakBytes + constants.scoreBufferBytes
  }

  /// Bytes of pipeline buffers while p further micro-batches are in flight, forward.
  var forwardBoundaryBytes: Double { 2 * position.activations.boundaries * constants.boundaryBytes }

  /// What further micro-batches hold, activations and boundaries, at the first forward with its optimizer states whole:
  /// nothing under 1F1B; interleaved, the groups' passes through the chunks before the last one.
  @inline(__always)
  func heldAtStep<V: CostScalar>(_ m: CommonMemory<V>, _ step: V) -> V {
    let activations = position.activations
    guard activations.boundariesAtStep > 0 else { return step }
    return step + activations.heldAtStep * m.held + 2 * activations.boundariesAtStep * constants.boundaryBytes
  }

  /// The same in backward; the last stage receives no gradient, unless it holds further chunks.
  var backwardBoundaryBytes: Double {
    let receives = !position.isLast || position.activations.boundariesAtStep > 0
    return forwardBoundaryBytes + (receives ? 2 : 1) * constants.boundaryBytes
  }

  /// Fullest moment of a layer's forward: the first one with its optimizer states whole and nothing else in flight, or a
  /// later one with all micro-batches in flight.
  @inline(__always)
  func forwardPeak<V: CostScalar>(_ m: CommonMemory<V>, _ parts: MemoryParts<V>) -> V {
    let inFlight = position.inFlight * m.held + (forwardBoundaryBytes + deferredBytes)
    let step = heldAtStep(m, stepBytes(parts))
    return m.states + m.buffers + m.inWork + .larger(step, inFlight) + forwardFixedBytes
  }

  /// Fullest moment of a layer's backward.
  @inline(__always)
  func backwardPeak<V: CostScalar>(_ m: CommonMemory<V>, _ parts: MemoryParts<V>) -> V {
    m.states + m.buffers + position.inFlight * m.held + inBackward(m)
      + (constants.layerBackwardPeakBytes + backwardBoundaryBytes + constants.scoreBufferBytes + deferredBytes)
  }

  /// What the micro-batch in work holds beside the layer in work: its activations before the first layer of the backward;
  /// where weight gradients are apart, after the last one what those need, if that is more.
  @inline(__always)
  func inBackward<V: CostScalar>(_ m: CommonMemory<V>) -> V {
    position.activations.splitsBackward ? .larger(m.inWork, 0 * m.inWork + weightGradientBytes) : m.inWork
  }

  /// Copies of the stage's gradients while they are reduced.
  var reductionCopyBytes: Double {
    var weights = Double(position.layers) * constants.layerWeightBytes
    if position.isFirst { weights += constants.embeddingWeightBytes }
    if position.isLast && !tied { weights += constants.headWeightBytes }
    return constants.buffers.reductionCopyShare * weights
  }

  /// The moment of the gradients' reduction, when all passes are done.
  @inline(__always)
  func reductionPeak<V: CostScalar>(_ m: CommonMemory<V>) -> V { m.states + m.buffers + reductionCopyBytes }

  /// Fixed bytes at the head: score buffer and logits.
  var headFixedBytes: Double { constants.scoreBufferBytes + constants.logitsBytes }

  /// Activations of the last layer, fetched ahead while the head's backward runs.
  @inline(__always)
  func aheadBytes<V: CostScalar>(_ parts: MemoryParts<V>, _ kind: CheckpointClass) -> V {
    kind == .none ? parts.fetchedAhead : 0 * parts.fetchedAhead
  }

  /// Fullest moment at the head: in the first forward, or in backward with the activations that are fetched ahead.
  @inline(__always)
  func headPeak<V: CostScalar>(_ m: CommonMemory<V>, _ parts: MemoryParts<V>, _ kind: CheckpointClass) -> V {
    let forward = heldAtStep(m, stepBytes(parts)) + constants.boundaryBytes
    let backward = heldAtHead(m, aheadBytes(parts, kind)) + 2 * constants.boundaryBytes
    return m.states + m.buffers + m.held + .larger(forward, backward) + headFixedBytes
  }

  /// What further micro-batches hold beside the head's backward: nothing under 1F1B, whose last stage has one in flight;
  /// under ZB-H1 what their weight gradients need.
  @inline(__always)
  func heldAtHead<V: CostScalar>(_ m: CommonMemory<V>, _ ahead: V) -> V {
    guard position.activations.boundaries > 0 else {
      return position.activations.deferred > 0 ? ahead + deferredBytes : ahead
    }
    return ahead + position.inFlight * m.held + forwardBoundaryBytes
  }
}
