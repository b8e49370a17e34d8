/// Puts kernels and transfers of a layer together into slots (docs/model.md, section 4, "Slots of a stage").
///
/// Forward: a slot runs a layer beside the fetches of the next and the write-back of the previous one. Backward: beside
/// the fetches of the layer that comes next (the one before it in the model) and the reduction of the one just done.
/// Tensor-parallel collectives are added serially: nothing else runs on the collective channel meanwhile.
/// Activations that are offloaded beside a slot are taken to be those of a layer of the same kind (kept or recomputed).
struct SlotTrace {
  /// Interference of the machine.
  let interference: Interference
  /// Kernels and tensor-parallel collectives of a layer.
  let layer: PassOperators
  /// Transfers of a layer that keeps its activations, and of a recomputed one.
  let rows: Checkpointed<PartRows>
  /// Transfers of the embedding.
  let embedding: PartRows
  /// Transfers of the head.
  let head: PartRows
  /// Kernels of the optimizer step: they ride with the first forward's (docs/model.md, section 4).
  let step: StepKernels
  /// Collectives of sharded states run beside kernels; else nothing runs beside them.
  var overlapsCollectives = true
  /// What follows the last backward; nil where the runtime does all of it beside other work.
  var end: EndWork?
  /// Reductions with nothing else at work after the other backwards; nil where there are none.
  var serialReduction: StepKernels?

  /// What a runtime does after the last backward, when nothing else runs.
  struct EndWork {
    /// Kernels of the optimizer step and of the checks before it; nil where they ride with the first forward.
    var step: StepKernels?
    /// Data-parallel collectives, of the same parts.
    var collective: StepKernels
    /// Step of states in host memory, by the node's processors, with the copies after it; nil where the device steps.
    var host: StepKernels?

    /// All together.
    var seconds: StepKernels { [step, host].compactMap(\.self).reduce(collective) { $1 + $0 } }
  }

  /// Seconds of the optimizer step's kernels over the states of one rank.
  struct StepKernels {
    /// Of one layer.
    var layer: Expression
    /// Of the embedding.
    var embedding: Expression
    /// Of the head.
    var head: Expression

    /// The same for all three, nothing in the other passes.
    func scaled(_ factor: Double) -> StepKernels {
      StepKernels(layer: layer * factor, embedding: embedding * factor, head: head * factor)
    }

    /// The same for all three.
    func scaled(_ factor: Expression) -> StepKernels {
      StepKernels(layer: layer * factor, embedding: embedding * factor, head: head * factor)
    }

    /// Part by part.
    static func + (a: StepKernels, b: StepKernels) -> StepKernels {
      StepKernels(layer: a.layer + b.layer, embedding: a.embedding + b.embedding, head: a.head + b.head)
    }
  }

  /// The slots of all four passes.
  func slots() -> StageSlots<Expression> {
    let stable = backward(\.backward)
    let last = backward(\.backwardLast)
    return StageSlots(
      forwardFirst: forward(\.forwardFirst, step: stepInForward),
      forward: forward(\.forward, step: step.scaled(0)),
      backward: serialReduction.map(stable.adding) ?? stable,
      backwardLast: end.map { last.adding($0.seconds) } ?? last)
  }

  /// Work after the last backward, of a layer, the embedding and the head: kernels, then collectives; 6 values.
  var endValues: [Expression] {
    [end?.step, end?.collective].flatMap { work in
      work.map { [$0.layer, $0.embedding, $0.head] } ?? [zero, zero, zero]
    }
  }

  /// The step's kernels in the first forward: none where they come at the end.
  var stepInForward: StepKernels { end?.step == nil ? step : step.scaled(0) }

  private var zero: Expression { layer.forward * 0 }

  private func overlap(_ c: Expression, _ n: Expression, _ h: Expression, _ d: Expression) -> Expression {
    func beside(_ collective: Expression) -> Expression {
      .overlap(compute: c, collective: collective, hostToDevice: h, deviceToHost: d, interference: interference)
    }
    return overlapsCollectives ? beside(n) : beside(zero) + n
  }

  /// One value for kept and one for recomputed layers.
  private func each(_ body: (PartRows, Bool) -> Expression) -> Checkpointed<Expression> {
    Checkpointed(plain: body(rows.plain, false), checkpointed: body(rows.checkpointed, true))
  }

  private func forward(_ pass: KeyPath<PartRows, ChannelRow>, step: StepKernels) -> PassSlots<Expression> {
    let f = layer.forward + step.layer
    let tensor = layer.tensorForward
    let headRow = head[keyPath: pass]
    func slot(_ body: @escaping (ChannelRow) -> Expression) -> Checkpointed<Expression> {
      each { rows, _ in body(rows[keyPath: pass]) + tensor }
    }
    let embeddingRow = embedding[keyPath: pass]
    return PassSlots(
      steady: slot { overlap(f, $0.collective, $0.hostToDevice, $0.deviceToHost) },
      first: slot {
        overlap(zero, $0.collective, $0.hostToDevice, zero) + overlap(f, $0.collective, $0.hostToDevice, zero)
      },
      last: slot { overlap(f, zero, zero, $0.deviceToHost) + $0.deviceToHost },
      single: slot { overlap(zero, $0.collective, $0.hostToDevice, zero) + f + $0.deviceToHost },
      lastWithHead: slot {
        overlap(f + step.head, headRow.collective, headRow.hostToDevice, $0.deviceToHost)
          + overlap(zero, zero, zero, $0.deviceToHost + headRow.deviceToHost)
      },
      singleWithHead: slot {
        overlap(zero, $0.collective, $0.hostToDevice, zero)
          + overlap(f + step.head, headRow.collective, headRow.hostToDevice, zero) + $0.deviceToHost
          + headRow.deviceToHost
      },
      embedding: overlap(
        step.embedding, embeddingRow.collective, embeddingRow.hostToDevice, embeddingRow.deviceToHost))
  }

  private func backward(_ pass: KeyPath<PartRows, BackwardRow>) -> PassSlots<Expression> {
    let headRow = head[keyPath: pass]
    func slot(_ body: @escaping (BackwardRow, Expression) -> Expression) -> Checkpointed<Expression> {
      each { rows, checkpointed in
        let kernels = checkpointed ? layer.recomputedBackward : layer.backward
        let tensor = checkpointed ? layer.tensorRecomputedBackward : layer.tensorBackward
        return body(rows[keyPath: pass], kernels) + tensor
      }
    }
    let embeddingRow = embedding[keyPath: pass]
    return PassSlots(
      steady: slot { row, b in overlap(b, row.gather + row.reduce, row.hostToDevice, row.deviceToHost) },
      first: slot { row, b in
        overlap(b, row.reduce, zero, row.deviceToHost) + overlap(zero, row.reduce, zero, row.deviceToHost)
      },
      last: slot { row, b in
        overlap(b, row.gather, row.hostToDevice, zero) + overlap(zero, row.gather, row.hostToDevice, zero)
      },
      single: slot { row, b in
        overlap(zero, row.gather, row.hostToDevice, zero) + b + overlap(zero, row.reduce, zero, row.deviceToHost)
      },
      lastWithHead: slot { row, b in
        overlap(b, row.gather + headRow.reduce, row.hostToDevice, headRow.deviceToHost)
          + overlap(zero, row.gather + headRow.gather, row.hostToDevice + headRow.hostToDevice, zero)
      },
      singleWithHead: slot { row, b in
        overlap(zero, row.gather + headRow.gather, row.hostToDevice + headRow.hostToDevice, zero)
          + overlap(b, headRow.reduce, zero, headRow.deviceToHost)
          + overlap(zero, row.reduce, zero, row.deviceToHost)
      },
      embedding: overlap(zero, embeddingRow.reduce, embeddingRow.hostToDevice, embeddingRow.deviceToHost))
  }
}

extension PassSlots<Expression> {
  /// The slots with serial work of their layers, of the embedding and of the head added.
  fileprivate func adding(_ work: SlotTrace.StepKernels) -> PassSlots<Expression> {
    func each(_ slot: Checkpointed<Expression>, _ seconds: Expression) -> Checkpointed<Expression> {
      Checkpointed(plain: slot.plain + seconds, checkpointed: slot.checkpointed + seconds)
    }
    let withHead = work.layer + work.head
    return PassSlots(
      steady: each(steady, work.layer), first: each(first, work.layer), last: each(last, work.layer),
      single: each(single, work.layer), lastWithHead: each(lastWithHead, withHead),
      singleWithHead: each(singleWithHead, withHead), embedding: embedding + work.embedding)
  }
}
