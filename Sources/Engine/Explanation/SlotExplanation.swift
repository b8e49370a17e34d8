/// The slots of a stage as trees: `SlotTrace` run once more, on a variable for each of its inputs.
struct SlotExplanation {
  /// Variables of the slots, to put into `StageFormula`.
  let slots: StageSlots<Expression>
  /// What they stand for.
  let walk: ExpressionWalk

  /// The slots of a stage with this setting and strategy.
  init(model: StageModel, walk given: ExpressionWalk, kernels: KernelExplanation, setting: StageSetting) {
    var parts = Parts(walk: given, figures: kernels.figures, setting: setting, cluster: model.workload.cluster)
    let named = parts.named(model.trace, kernels: kernels)
    let traced = named.slots()
    var walk = parts.walk
    func variables(_ pass: PassSlots<Expression>) -> PassSlots<Expression> { Self.variables(pass, &walk) }
    slots = StageSlots(
      forwardFirst: variables(traced.forwardFirst), forward: variables(traced.forward),
      backward: variables(traced.backward), backwardLast: variables(traced.backwardLast))
    self.walk = walk
  }

  /// A variable for each slot of a pass.
  private static func variables(
    _ pass: PassSlots<Expression>, _ walk: inout ExpressionWalk
  ) -> PassSlots<Expression> {
    func each(_ slot: Checkpointed<Expression>, _ name: String) -> Checkpointed<Expression> {
      let plain = walk.variable(walk.node(slot.plain, name))
      return Checkpointed(
        plain: plain, checkpointed: walk.variable(walk.node(slot.checkpointed, name + ", recomputed")))
    }
    return PassSlots(
      steady: each(pass.steady, "a layer's slot"), first: each(pass.first, "the first layer's slot"),
      last: each(pass.last, "the last layer's slot"), single: each(pass.single, "the only layer's slot"),
      lastWithHead: each(pass.lastWithHead, "the last layer's slot, beside the head's transfers"),
      singleWithHead: each(pass.singleWithHead, "the only layer's slot, beside the head's transfers"),
      embedding: walk.variable(walk.node(pass.embedding, "what the embedding's transfers expose")))
  }

  /// Names the inputs of the slots.
  private struct Parts {
    var walk: ExpressionWalk
    let figures: FigureSources
    let setting: StageSetting
    let cluster: Cluster

    private var dataGroup: GroupShape { setting.dataGroup }

    private mutating func leaf(
      _ name: String, _ expression: Expression, _ formula: String, _ sources: [ExplanationNode.Source]
    ) -> Expression {
      walk.variable(.leaf(name, walk.value(expression), formula: formula, sources: sources))
    }

    mutating func named(_ trace: SlotTrace, kernels: KernelExplanation) -> SlotTrace {
      var layer = trace.layer
      layer.forward = walk.variable(kernels.layer(forward: true, total: trace.layer.forward))
      layer.backward = walk.variable(kernels.layer(forward: false, total: trace.layer.backward))
      layer.recomputedBackward = walk.variable(kernels.recomputed(trace.layer))
      let tensor = figures.collective(setting.tensorGroup)
      layer.tensorForward = leaf(
        "tensor-parallel collectives, forward", trace.layer.tensorForward, "all-reduces of 2*T*h", tensor)
      layer.tensorBackward = leaf(
        "tensor-parallel collectives, backward", trace.layer.tensorBackward, "all-reduces of 2*T*h", tensor)
      layer.tensorRecomputedBackward = leaf(
        "tensor-parallel collectives, backward and repeated", trace.layer.tensorRecomputedBackward,
        "all-reduces of 2*T*h", tensor)
      let rows = Checkpointed(
        plain: named(trace.rows.plain, "of a layer"), checkpointed: named(trace.rows.checkpointed, "of a layer"))
      return SlotTrace(
        interference: trace.interference, layer: layer, rows: rows,
        embedding: named(trace.embedding, "of the embedding"), head: named(trace.head, "of the head"),
        step: named(trace.step, "optimizer step", "28 B or more a parameter", figures.step),
        overlapsCollectives: trace.overlapsCollectives,
        end: trace.end.map { named($0) },
        serialReduction: trace.serialReduction.map {
          named($0, "serial reduction", Self.reduce, figures.collective(dataGroup))
        })
    }

    private mutating func named(_ rows: PartRows, _ whose: String) -> PartRows {
      PartRows(
        forwardFirst: named(rows.forwardFirst, whose), forward: named(rows.forward, whose),
        backward: named(rows.backward, whose), backwardLast: named(rows.backwardLast, whose))
    }

    private mutating func named(_ row: ChannelRow, _ whose: String) -> ChannelRow {
      ChannelRow(
        collective: leaf("all-gather of weights \(whose)", row.collective, Self.gather, figures.collective(dataGroup)),
        hostToDevice: leaf("copies in \(whose)", row.hostToDevice, Self.copy, figures.host(toDevice: true)),
        deviceToHost: leaf("copies out \(whose)", row.deviceToHost, Self.copy, figures.host(toDevice: false)))
    }

    private mutating func named(_ row: BackwardRow, _ whose: String) -> BackwardRow {
      let group = figures.collective(dataGroup)
      return BackwardRow(
        gather: leaf("all-gather of weights \(whose)", row.gather, Self.gather, group),
        reduce: leaf("reduction of gradients \(whose)", row.reduce, Self.reduce, group),
        hostToDevice: leaf("copies in \(whose)", row.hostToDevice, Self.copy, figures.host(toDevice: true)),
        deviceToHost: leaf("copies out \(whose)", row.deviceToHost, Self.copy, figures.host(toDevice: false)))
    }

    private mutating func named(
      _ work: SlotTrace.StepKernels, _ name: String, _ formula: String, _ sources: [ExplanationNode.Source]
    ) -> SlotTrace.StepKernels {
      SlotTrace.StepKernels(
        layer: leaf("\(name) of a layer", work.layer, formula, sources),
        embedding: leaf("\(name) of the embedding", work.embedding, formula, sources),
        head: leaf("\(name) of the head", work.head, formula, sources))
    }

    private mutating func named(_ end: SlotTrace.EndWork) -> SlotTrace.EndWork {
      let step = end.step
      let collective = named(
        end.collective, "collectives at the end", "bytes / k, all in one", figures.collective(dataGroup))
      return SlotTrace.EndWork(
        step: step.map { named($0, "optimizer step at the end", "28 B or more a parameter", figures.step) },
        collective: collective,
        host: end.host.map { named($0, "the host's step", Self.hostStep, figures.hostStep) })
    }

    private static let gather = "(n-1)/n*W/k + l"
    private static let reduce = "((n-1)/n*Gr/k + l) * 1.1, whole 2.1"
    private static let hostStep = "P/o*OO * (hostStepSeconds * GPUs of a node + (1-WO) * 2 B / k)"
    private static let copy = "bytes / k + l each"
  }
}
