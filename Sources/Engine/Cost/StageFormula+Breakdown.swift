extension StageFormula {
  /// The parts of the fullest moment; their sum is `allocatedBytes` (a test holds them together).
  func fullestMoment(
    _ parts: MemoryParts<Double>, class kind: CheckpointClass, checkpointed: Double
  ) -> MemoryBreakdown {
    let common = CommonMemory(self, parts, kind, checkpointed)
    var result = states(parts, common)
    let forward = forwardPeak(common, parts)
    let backward = backwardPeak(common, parts)
    let head = position.isLast ? headPeak(common, parts, kind) : -.infinity
    let inFlight = position.inFlight * common.held + deferredBytes
    let (heldAtStep, boundaryAtStep) = (
      position.activations.heldAtStep * common.held, 2 * position.activations.boundariesAtStep * constants.boundaryBytes
    )
    let embedding = position.isFirst ? embeddingPeak(common, parts) : -.infinity
    let step = hasStepMoment ? stepPeak(common, parts) : -.infinity
    if reductionCopyBytes > 0, reductionPeak(common) > max(head, forward, backward, embedding, step) {
      result.transient = reductionCopyBytes
    } else if step > max(head, forward, backward, embedding) {
      result.transient = stepCopies(parts) + constants.bucketBytes
      result.buffers -= common.buffers
      (result.peakInBackward, result.peakInStep) = (true, true)
    } else if embedding > max(head, forward, backward) {
      result.optimizer += parts.embeddingInWork - parts.embedding.optimizer
      result.optimizer += parts.optimizerInWork - parts.layer.optimizer
      result.transient = constants.boundaryBytes
      result.peakInBackward = false
    } else if head > max(forward, backward) {
      let ahead = aheadBytes(parts, kind)
      let isForward =
        self.heldAtStep(common, stepBytes(parts)) + constants.boundaryBytes
        >= heldAtHead(common, ahead) + 2 * constants.boundaryBytes
      result.optimizer += isForward ? stepBytes(parts) : 0
      result.activations = common.held + (isForward ? heldAtStep : inFlight + ahead)
      result.transient = constants.logitsBytes + (isForward ? 1 : 2) * constants.boundaryBytes
      result.buffers += constants.scoreBufferBytes + (isForward ? boundaryAtStep : forwardBoundaryBytes)
      result.peakInBackward = !isForward
    } else if forward > backward {
      let steps = self.heldAtStep(common, stepBytes(parts)) > inFlight + forwardBoundaryBytes
      result.optimizer += steps ? stepBytes(parts) : 0
      result.activations = common.inWork + (steps ? heldAtStep : inFlight)
      result.transient = constants.layerForwardPeakBytes
      result.buffers += constants.scoreBufferBytes + (steps ? boundaryAtStep : forwardBoundaryBytes)
      result.peakInBackward = false
    } else {
      result.activations = inFlight + inBackward(common)
      result.transient = constants.layerBackwardPeakBytes
      result.buffers += constants.scoreBufferBytes + backwardBoundaryBytes
      result.peakInBackward = true
    }
    result.allocated =
      result.weights + result.gradients + result.optimizer + result.activations + result.transient + result.buffers
    return result
  }

  private func states(_ parts: MemoryParts<Double>, _ common: CommonMemory<Double>) -> MemoryBreakdown {
    var held = [(parts.layer, Double(position.layers))]
    if position.isFirst { held.append((parts.embedding, 1)) }
    if position.isLast && !tied { held.append((parts.head, 1)) }
    var result = MemoryBreakdown()
    for (part, count) in held {
      result.weights += count * part.weights
      result.gradients += count * part.gradients
      result.optimizer += count * part.optimizer
    }
    result.weights += common.stagedWeights
    result.gradients += common.stagedGradients
    result.buffers = common.buffers + common.constantBytes
    return result
  }
}
