/// The closed forms over layers and checkpointed layers of one stage (docs/model.md, sections 4 and 6).
///
/// A stage is a sum over slots, so its time is linear in L and c within a `CheckpointClass`, and its memory is the
/// largest of a few moments, each linear in L, c and the micro-batches in flight.
struct StageFormula {
  /// The stage.
  let position: StagePosition
  /// Sizes that do not depend on the strategy.
  let constants: StageConstants
  /// The head shares the embedding's matrix and both are on this stage.
  let tied: Bool

  // MARK: Time

  /// Elapsed seconds of one pass through the stage's layers (docs/model.md, section 4), with what the transfers of
  /// embedding and head expose, without their kernels.
  ///
  /// `checkpointed` is c; it must be of the class given.
  @inline(__always)
  func layerSeconds<V: CostScalar>(_ slots: PassSlots<V>, class kind: CheckpointClass, checkpointed: V) -> V {
    passSeconds(
      slots, layers: position.layers, isFirst: position.isFirst, isLast: position.isLast, class: kind,
      checkpointed: checkpointed)
  }

  /// The same of an interleaved stage of several `chunks`, each a pass of its own over an equal part of the layers
  /// (docs/model.md, section 5); `checkpointed` counts the recomputed layers of one chunk.
  @inline(__always)
  func layerSeconds<V: CostScalar>(
    _ slots: PassSlots<V>, chunks: Int, class kind: CheckpointClass, checkpointed: V
  ) -> V {
    let layers = position.layers / chunks
    let inner = passSeconds(
      slots, layers: layers, isFirst: false, isLast: false, class: kind, checkpointed: checkpointed)
    // The embedding is before one chunk of the first stage, the head after one of the last.
    let end = passSeconds(
      slots, layers: layers, isFirst: position.isFirst, isLast: position.isLast, class: kind,
      checkpointed: checkpointed)
    return end + Double(chunks - 1) * inner
  }

  /// Elapsed seconds of a pass through so many layers.
  @inline(__always)
  private func passSeconds<V: CostScalar>(
    _ slots: PassSlots<V>, layers: Int, isFirst: Bool, isLast: Bool, class kind: CheckpointClass, checkpointed: V
  ) -> V {
    let recomputesLast = kind != .none
    let withHead = isLast && !tied
    var total: V
    if layers == 1 {
      let single = withHead ? slots.singleWithHead : slots.single
      total = recomputesLast ? single.checkpointed : single.plain
    } else {
      let last = withHead ? slots.lastWithHead : slots.last
      let inner = Double(layers - 2)
      total = recomputesLast ? last.checkpointed : last.plain
      switch kind {
      case .none: total = total + slots.first.plain + inner * slots.steady.plain
      case .all: total = total + slots.first.checkpointed + inner * slots.steady.checkpointed
      case .some:
        let recomputed = checkpointed + -1
        total =
          total + slots.first.plain + inner * slots.steady.plain
          + recomputed * (slots.steady.checkpointed - slots.steady.plain)
      }
    }
    return isFirst ? total + slots.embedding : total
  }

  /// Kernels of embedding and head, forward.
  var endForwardSeconds: Double {
    (position.isFirst ? constants.embeddingForwardSeconds : 0) + (position.isLast ? constants.headForwardSeconds : 0)
  }

  /// Kernels of embedding and head, backward.
  var endBackwardSeconds: Double {
    (position.isFirst ? constants.embeddingBackwardSeconds : 0) + (position.isLast ? constants.headBackwardSeconds : 0)
  }

  /// Kernels of the weight gradients of a micro-batch [W], seconds.
  var weightGradientSeconds: Double {
    Double(position.layers) * constants.layerWeightGradientSeconds
      + (position.isLast ? constants.headWeightGradientSeconds : 0)
  }

  /// What the weight gradients of a micro-batch need, bytes.
  var weightGradientBytes: Double {
    Double(position.layers) * constants.layerWeightGradientBytes
      + (position.isLast ? constants.headWeightGradientBytes : 0)
  }

  /// What is held of micro-batches whose weight gradients are still to come, beside the one in work, bytes.
  var deferredBytes: Double { position.activations.deferred * weightGradientBytes }

  // MARK: Memory

  /// Allocated bytes at the fullest moment (docs/model.md, section 6).
  @inline(__always)
  func allocatedBytes<V: CostScalar>(_ parts: MemoryParts<V>, class kind: CheckpointClass, checkpointed: V) -> V {
    guard hasStepMoment else { return passBytes(parts, class: kind, checkpointed: checkpointed) }
    return bytesWithStep(parts, class: kind, checkpointed: checkpointed)
  }

  /// The fullest moment of a runtime whose step has one of its own; apart, so that the search of the others stays short.
  @inline(never)
  private func bytesWithStep<V: CostScalar>(
    _ parts: MemoryParts<V>, class kind: CheckpointClass, checkpointed: V
  ) -> V {
    let common = CommonMemory(self, parts, kind, checkpointed)
    return .larger(
      passBytes(parts, class: kind, checkpointed: checkpointed), stepPeak(common, parts) + common.constantBytes)
  }

  /// Allocated bytes at the fullest moment before the optimizer's step at the end.
  @inline(__always)
  func passBytes<V: CostScalar>(_ parts: MemoryParts<V>, class kind: CheckpointClass, checkpointed: V) -> V {
    let common = CommonMemory(self, parts, kind, checkpointed)
    var peak = V.larger(forwardPeak(common, parts), backwardPeak(common, parts))
    if position.isFirst { peak = .larger(peak, embeddingPeak(common, parts)) }
    if position.isLast { peak = .larger(peak, headPeak(common, parts, kind)) }
    if constants.buffers.reductionCopyShare > 0 { peak = .larger(peak, reductionPeak(common)) }
    return peak + common.constantBytes
  }

  /// What a stage asks of `StageLimits.allocated`: with flat buffers of the step the peak of the passes and, beside it,
  /// those buffers; else the fullest moment.
  @inline(__always)
  func demandBytes<V: CostScalar>(
    _ parts: MemoryParts<V>, class kind: CheckpointClass, checkpointed: V, limits: StageLimits
  ) -> V {
    guard constants.buffers.flattensStep else {
      return allocatedBytes(parts, class: kind, checkpointed: checkpointed)
    }
    return bytesWithFlatStep(parts, class: kind, checkpointed: checkpointed, limits: limits)
  }

  @inline(never)
  private func bytesWithFlatStep<V: CostScalar>(
    _ parts: MemoryParts<V>, class kind: CheckpointClass, checkpointed: V, limits: StageLimits
  ) -> V {
    passBytes(parts, class: kind, checkpointed: checkpointed) + limits.endShare * endBytes(parts)
  }

  /// Pinned host bytes of one GPU (docs/model.md, section 6): offloaded states and the activations of all micro-batches in flight.
  @inline(__always)
  func hostBytes<V: CostScalar>(_ parts: MemoryParts<V>, checkpointed: V) -> V {
    let layers = Double(position.layers)
    let activations =
      layers * parts.activationHost.plain
      + checkpointed * (parts.activationHost.checkpointed - parts.activationHost.plain)
    var total = layers * parts.layerHost + (position.inFlight + 1) * activations
    if position.isFirst { total = total + parts.embeddingHost }
    if position.isLast && !tied { total = total + parts.headHost }
    return total
  }
}
