extension StageFormula {
  /// Allocated bytes at each moment of a stage with all layers recomputed, apart: each is a sum of terms that depend on
  /// one share or ZeRO level alone, so its least over all strategies lies at a corner of the space.
  ///
  /// Their largest is `allocatedBytes` with c = L; nine values; the head's are 0 elsewhere than on the
  /// last stage, the embedding's elsewhere than on the first, the end of a backward where weight gradients are in it.
  func momentBytes(_ parts: MemoryParts<Double>) -> [Double] {
    let checkpointed = Double(position.layers)
    let common = CommonMemory(self, parts, .all, checkpointed)
    let base = common.states + common.buffers + common.constantBytes
    let inFlight = position.inFlight * common.held + deferredBytes
    let backward =
      base + inFlight + constants.layerBackwardPeakBytes + backwardBoundaryBytes + constants.scoreBufferBytes
    let head = position.isLast ? base + common.held + headFixedBytes : 0
    return [
      base + common.inWork + heldAtStep(common, stepBytes(parts)) + forwardFixedBytes,
      base + common.inWork + inFlight + forwardBoundaryBytes + forwardFixedBytes,
      backward + common.inWork,
      position.isLast ? head + heldAtStep(common, stepBytes(parts)) + constants.boundaryBytes : 0,
      position.isLast ? heldAtHead(common, head) + 2 * constants.boundaryBytes : 0,
      position.isFirst ? embeddingPeak(common, parts) + common.constantBytes : 0,
      base + reductionCopyBytes,
      stepPeak(common, parts) + common.constantBytes,
      position.activations.splitsBackward ? backward + weightGradientBytes : 0,
    ]
  }
}
