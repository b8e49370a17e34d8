/// Memory of a stage that is made of operators (docs/model.md, section 6, "Operators").
///
/// A kept operator holds what its backward reads. A run of recomputed operators holds what goes into it (its input, and
/// the residuals and values that wait beside it), what waits beside it when it ends, and the masks of residual adds
/// inside it, whose outputs a later operator reads. Tensors that several operators hold count once.
struct OperatorMemory {
  /// The stage.
  let stage: OperatorStage
  /// Sizes of its tensors.
  let sizes: OperatorSizes
  /// The last stage of a pipeline sends nothing.
  let isLast: Bool

  /// Parameters of the stage on one rank.
  var parameters: Double { stage.operators.reduce(0) { $0 + sizes.parameters($1.kind) } }

  /// What a micro-batch in flight holds, with the stage's own input and output.
  var held: Set<OperatorTensor> {
    var tensors: Set<OperatorTensor> = []
    for segment in stage.segments {
      let operators = stage.operators[segment.range].map(\.kind)
      guard segment.isRecomputed, let first = operators.first, let last = operators.last else {
        tensors.formUnion(operators.flatMap(\.keeps))
        continue
      }
      tensors.insert(.attentionMask)
      tensors.formUnion(first.reads + first.sideBefore + last.sideAfter)
      for case .layer(.attentionResidual, let layer) in operators.dropLast() {
        tensors.insert(.layer(.attentionMask, layer))
      }
    }
    if let first = stage.operators.first?.kind { tensors.formUnion(first.reads + first.sideBefore) }
    if !isLast, let last = stage.operators.last?.kind { tensors.formUnion(last.writes + last.sideAfter) }
    return tensors
  }

  /// Bytes that a micro-batch in flight holds.
  var heldBytes: Double { sizes.bytes(held) }

  /// Bytes at the fullest moment of a micro-batch's backward: what it still holds, what is recomputed, and gradients.
  var peakBytes: Double {
    var live = held
    var peak = sizes.bytes(live) + (stage.operators.last?.kind == .head ? sizes.logits : 0)
    for segment in stage.segments.reversed() {
      if segment.isRecomputed { peak = max(peak, recompute(segment.range, &live)) }
      for index in segment.range.reversed() {
        let kind = stage.operators[index].kind
        peak = max(peak, sizes.bytes(live) + gradientBytes(kind))
        let needed = Set(stage.operators[..<index].flatMap { $0.kind.keeps + $0.kind.reads })
        live.subtract(Set(kind.keeps + kind.writes).subtracting(needed))
      }
    }
    return peak
  }

  /// Runs a segment forward again; its fullest moment. `live` then holds what its backward reads.
  private func recompute(_ range: Range<Int>, _ live: inout Set<OperatorTensor>) -> Double {
    var peak = 0.0
    for index in range {
      let kind = stage.operators[index].kind
      live.formUnion(kind.keeps)
      var bytes = sizes.bytes(live.union(kind.writes + kind.reads)) + sizes.hidden
      // The batched product writes into a matrix that was made before it.
      if case .layer(.scores, _) = kind { bytes += sizes.scores }
      peak = max(peak, bytes)
    }
    return peak
  }

  /// Gradients while an operator's backward runs: of what it wrote, of what it read, of the residual beside it, and of
  /// its parameters (16 bits each).
  private func gradientBytes(_ kind: ModelOperator) -> Double {
    let parameters = KernelRates.elementBytes * sizes.parameters(kind)
    switch kind {
    case .embedding: return sizes.hidden + parameters
    case .finalNorm: return 2 * sizes.hidden + parameters
    case .head: return sizes.logits + sizes.hidden + parameters
    // The softmax's gradient overwrites the one it gets.
    case .layer(.softmax, _): return sizes.bytes(kind.writes) + sizes.hidden
    case .layer(.queryKeyValue, let layer):
      // The gradients of q, k and v are put together into one.
      return 2 * sizes.bytes(kind.writes + [.layer(.value, layer)]) + 2 * sizes.hidden + parameters
    case .layer(.context, let layer):
      return sizes.bytes(kind.writes + kind.reads + [.layer(.value, layer)]) + sizes.hidden
    default: return sizes.bytes(kind.writes + kind.reads) + sizes.hidden + parameters
    }
  }
}
