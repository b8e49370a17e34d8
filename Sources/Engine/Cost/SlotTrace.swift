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

  /// The slots of all four passes, elapsed seconds.
  func slots() -> StageSlots<Expression> {
    let parts = parts()
    func seconds(_ pass: PassSlots<[SlotPart]>) -> PassSlots<Expression> {
      pass.mapped { parts in parts.dropFirst().reduce(parts.first?.seconds ?? zero) { $0 + $1.seconds } }
    }
    let stable = seconds(parts.backward)
    let last = seconds(parts.backwardLast)
    return StageSlots(
      forwardFirst: seconds(parts.forwardFirst), forward: seconds(parts.forward),
      backward: serialReduction.map(stable.adding) ?? stable,
      backwardLast: end.map { last.adding($0.seconds) } ?? last)
  }

  /// What the slots of all four passes are made of, without the serial work that follows a backward.
  func parts() -> StageSlots<[SlotPart]> {
    StageSlots(
      forwardFirst: forward(\.forwardFirst, step: stepInForward),
      forward: forward(\.forward, step: step.scaled(0)),
      backward: backward(\.backward), backwardLast: backward(\.backwardLast))
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

  /// Channels at once; without `kernels` nothing hides what they expose.
  private func overlap(
    _ place: SlotPart.Place, _ kernels: SlotLoad?, _ n: SlotLoad?, _ h: Expression, _ d: Expression
  ) -> SlotPart {
    let c = kernels?.seconds ?? zero
    func beside(_ collective: Expression) -> Expression {
      .overlap(compute: c, collective: collective, hostToDevice: h, deviceToHost: d, interference: interference)
    }
    let collective = n?.seconds ?? zero
    let copies = [SlotLoad(.hostToDevice, h, .copyIn), SlotLoad(.deviceToHost, d, .copyOut)]
    return SlotPart(
      place, seconds: overlapsCollectives ? beside(collective) : beside(zero) + collective,
      loads: [kernels, n].compactMap(\.self) + copies)
  }

  /// One value for kept and one for recomputed layers.
  private func each(_ body: (PartRows, Bool) -> [SlotPart]) -> Checkpointed<[SlotPart]> {
    Checkpointed(plain: body(rows.plain, false), checkpointed: body(rows.checkpointed, true))
  }

  private func forward(_ pass: KeyPath<PartRows, ChannelRow>, step: StepKernels) -> PassSlots<[SlotPart]> {
    let f = SlotLoad(.compute, layer.forward + step.layer, [(.optimizerStep, step.layer), (.forward, nil)])
    let withHead = SlotLoad(
      .compute, f.seconds + step.head, [(.optimizerStep, step.layer), (.optimizerStep, step.head), (.forward, nil)])
    let tensor = SlotPart(.during, alone: SlotLoad(.collective, layer.tensorForward, .tensorParallel))
    let headRow = head[keyPath: pass]
    func slot(_ body: @escaping (ChannelRow) -> [SlotPart]) -> Checkpointed<[SlotPart]> {
      each { rows, _ in body(rows[keyPath: pass]) + [tensor] }
    }
    func gather(_ row: ChannelRow) -> SlotLoad { SlotLoad(.collective, row.collective, .gather) }
    func fetch(_ row: ChannelRow) -> SlotPart { overlap(.before, nil, gather(row), row.hostToDevice, zero) }
    func write(_ row: ChannelRow) -> SlotPart {
      SlotPart(.after, alone: SlotLoad(.deviceToHost, row.deviceToHost, .copyOut))
    }
    let embeddingRow = embedding[keyPath: pass]
    return PassSlots(
      steady: slot { [overlap(.during, f, gather($0), $0.hostToDevice, $0.deviceToHost)] },
      first: slot { [fetch($0), overlap(.during, f, gather($0), $0.hostToDevice, zero)] },
      last: slot { [overlap(.during, f, nil, zero, $0.deviceToHost), write($0)] },
      single: slot { [fetch($0), SlotPart(.during, alone: f), write($0)] },
      lastWithHead: slot {
        [
          overlap(.during, withHead, gather(headRow), headRow.hostToDevice, $0.deviceToHost),
          overlap(.after, nil, nil, zero, $0.deviceToHost + headRow.deviceToHost),
        ]
      },
      singleWithHead: slot {
        [fetch($0), overlap(.during, withHead, gather(headRow), headRow.hostToDevice, zero), write($0), write(headRow)]
      },
      embedding: [
        overlap(
          .during, SlotLoad(.compute, step.embedding, .optimizerStep), gather(embeddingRow),
          embeddingRow.hostToDevice, embeddingRow.deviceToHost)
      ])
  }

  private func backward(_ pass: KeyPath<PartRows, BackwardRow>) -> PassSlots<[SlotPart]> {
    let headRow = head[keyPath: pass]
    func slot(_ body: @escaping (BackwardRow, SlotLoad) -> [SlotPart]) -> Checkpointed<[SlotPart]> {
      each { rows, checkpointed in
        let kernels =
          checkpointed
          ? SlotLoad(.compute, layer.recomputedBackward, [(.recomputation, nil), (.backward, layer.backward)])
          : SlotLoad(.compute, layer.backward, .backward)
        let tensor = checkpointed ? layer.tensorRecomputedBackward : layer.tensorBackward
        return body(rows[keyPath: pass], kernels)
          + [SlotPart(.during, alone: SlotLoad(.collective, tensor, .tensorParallel))]
      }
    }
    func gather(_ seconds: Expression) -> SlotLoad { SlotLoad(.collective, seconds, .gather) }
    func reduce(_ seconds: Expression) -> SlotLoad { SlotLoad(.collective, seconds, .reduction) }
    func both(_ gather: Expression, _ reduce: Expression) -> SlotLoad {
      SlotLoad(.collective, gather + reduce, [(.gather, gather), (.reduction, nil)])
    }
    func reduction(_ row: BackwardRow) -> SlotPart { overlap(.after, nil, reduce(row.reduce), zero, row.deviceToHost) }
    func fetch(_ row: BackwardRow) -> SlotPart { overlap(.before, nil, gather(row.gather), row.hostToDevice, zero) }
    func fetchWithHead(_ row: BackwardRow) -> SlotPart {
      overlap(.before, nil, gather(row.gather + headRow.gather), row.hostToDevice + headRow.hostToDevice, zero)
    }
    let embeddingRow = embedding[keyPath: pass]
    return PassSlots(
      steady: slot { row, b in
        [overlap(.during, b, both(row.gather, row.reduce), row.hostToDevice, row.deviceToHost)]
      },
      first: slot { row, b in [overlap(.during, b, reduce(row.reduce), zero, row.deviceToHost), reduction(row)] },
      last: slot { row, b in [overlap(.during, b, gather(row.gather), row.hostToDevice, zero), fetch(row)] },
      single: slot { row, b in [fetch(row), SlotPart(.during, alone: b), reduction(row)] },
      lastWithHead: slot { row, b in
        [
          overlap(.during, b, both(row.gather, headRow.reduce), row.hostToDevice, headRow.deviceToHost),
          fetchWithHead(row),
        ]
      },
      singleWithHead: slot { row, b in
        [
          fetchWithHead(row), overlap(.during, b, reduce(headRow.reduce), zero, headRow.deviceToHost), reduction(row),
        ]
      },
      embedding: [
        overlap(.during, nil, reduce(embeddingRow.reduce), embeddingRow.hostToDevice, embeddingRow.deviceToHost)
      ])
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
