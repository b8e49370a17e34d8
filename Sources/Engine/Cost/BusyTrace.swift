/// Seconds that each channel is busy in the passes of a layer, the embedding and the head, each alone: what the
/// timeline's lanes and the details show beside the elapsed time (docs/model.md, section 4).
struct BusyTrace {
  /// The slots' inputs.
  let trace: SlotTrace
  /// Kernels and serial collectives.
  let operators: ModelOperators

  /// Per pass (forward first, forward, backward, backward last): kernels, tensor-parallel, N, H, D of a kept layer, of a
  /// recomputed layer, of the embedding, of the head. Shape: 4 x 4 x 5.
  var values: [Expression] {
    let zero = trace.layer.forward * 0
    let noStep = trace.step.scaled(0)
    let serial = trace.serialReduction.map { SlotTrace.EndWork(collective: $0) }
    return forward(\.forwardFirst, step: trace.stepInForward) + forward(\.forward, step: noStep)
      + backward(\.backward, end: serial, zero: zero) + backward(\.backwardLast, end: trace.end, zero: zero)
  }

  private func forward(_ pass: KeyPath<PartRows, ChannelRow>, step: SlotTrace.StepKernels) -> [Expression] {
    func row(_ rows: PartRows, _ part: PassOperators, _ step: Expression) -> [Expression] {
      let channels = rows[keyPath: pass]
      return [
        part.forward + step, part.tensorForward, channels.collective, channels.hostToDevice, channels.deviceToHost,
      ]
    }
    return row(trace.rows.plain, operators.layer, step.layer)
      + row(trace.rows.checkpointed, operators.layer, step.layer)
      + row(trace.embedding, operators.embedding, step.embedding) + row(trace.head, operators.head, step.head)
  }

  private func backward(
    _ pass: KeyPath<PartRows, BackwardRow>, end: SlotTrace.EndWork?, zero: Expression
  ) -> [Expression] {
    typealias Work = KeyPath<SlotTrace.StepKernels, Expression>
    func row(_ rows: PartRows, _ part: PassOperators, _ work: Work, recomputes: Bool) -> [Expression] {
      let channels = rows[keyPath: pass]
      return [
        (recomputes ? part.recomputedBackward : part.backward) + (end?.step?[keyPath: work] ?? zero),
        recomputes ? part.tensorRecomputedBackward : part.tensorBackward,
        channels.gather + channels.reduce + (end?.collective[keyPath: work] ?? zero),
        channels.hostToDevice, channels.deviceToHost,
      ]
    }
    return row(trace.rows.plain, operators.layer, \.layer, recomputes: false)
      + row(trace.rows.checkpointed, operators.layer, \.layer, recomputes: true)
      + row(trace.embedding, operators.embedding, \.embedding, recomputes: false)
      + row(trace.head, operators.head, \.head, recomputes: false)
  }
}
