/// Lays the slots of a stage out in time: the parts that searches sum, evaluated one by one.
///
/// Within a part each channel ends when `Interference` says; where a channel does several things, they follow each other
/// by their shares of its seconds. Of a layer's own slot what comes first in time stands first, whatever the order of
/// the sum; tensor-parallel collectives, which lie between kernels, stand after them. The work after a backward (a
/// reduction, the optimizer step) is one piece for the whole stage.
struct PassLayersTrace {
  /// The stage.
  let formula: StageFormula
  /// Checkpointed layers [c].
  let checkpointed: Int
  /// How channels disturb each other.
  let interference: Interference
  /// Collectives of sharded states run beside kernels.
  let overlapsCollectives: Bool
  /// Values of all expressions of `Self.expressions`.
  let values: [Expression: Double]

  /// The pass so far.
  private struct Layout {
    var pieces: [LayerPiece] = []
    var now = 0.0
  }

  /// What has to be known of a stage's passes.
  static func expressions(_ trace: SlotTrace, _ operators: ModelOperators) -> [Expression] {
    let parts = trace.parts()
    let slots = [parts.forwardFirst, parts.forward, parts.backward, parts.backwardLast].flatMap(\.values).joined()
    let work = [trace.end?.step, trace.end?.collective, trace.end?.host, trace.serialReduction].compactMap(\.self)
    let ends = [operators.embedding, operators.head].flatMap {
      [$0.forward, $0.backward, $0.tensorForward, $0.tensorBackward]
    }
    return slots.flatMap { part in part.loads.flatMap { [$0.seconds] + $0.works.compactMap(\.seconds) } }
      + work.flatMap { [$0.layer, $0.embedding, $0.head] } + ends
  }

  /// A pass through the slots.
  ///
  /// - Parameter endLayers: layers whose serial work after the pass follows it.
  func pass(
    _ slots: PassSlots<[SlotPart]>, _ operators: ModelOperators, isForward: Bool, after work: SlotTrace.EndWork?,
    endLayers: Int, end: (embedding: Bool, head: Bool)
  ) -> PassLayers {
    let position = formula.position
    var layout = Layout()
    func embedding() {
      guard position.isFirst else { return }
      if isForward { add(slots.embedding, .embedding, &layout) }
      addEnd(operators.embedding, .embedding, isForward, &layout)
      if !isForward { add(slots.embedding, .embedding, &layout) }
    }
    func head() {
      if position.isLast { addEnd(operators.head, .head, isForward, &layout) }
    }
    if isForward { embedding() } else { head() }
    let layers = 0..<position.layers
    for layer in isForward ? Array(layers) : layers.reversed() {
      add(slot(layer, slots), .layer(layer), &layout)
    }
    if isForward { head() } else { embedding() }
    if let work { addWork(work, layers: endLayers, end: end, &layout) }
    return PassLayers(seconds: layout.now, pieces: layout.pieces)
  }

  /// The slot of a layer: the recomputed ones are the last of the stage.
  private func slot(_ layer: Int, _ slots: PassSlots<[SlotPart]>) -> [SlotPart] {
    let position = formula.position
    let withHead = position.isLast && !formula.tied
    let isLast = layer == position.layers - 1
    let found: Checkpointed<[SlotPart]>
    if position.layers == 1 {
      found = withHead ? slots.singleWithHead : slots.single
    } else if isLast {
      found = withHead ? slots.lastWithHead : slots.last
    } else {
      found = layer == 0 ? slots.first : slots.steady
    }
    return layer >= position.layers - checkpointed ? found.checkpointed : found.plain
  }

  private func value(_ expression: Expression) -> Double { expression.constantValue ?? values[expression] ?? .nan }

  // MARK: parts

  private func add(_ parts: [SlotPart], _ part: LayerPart, _ layout: inout Layout) {
    for place in [SlotPart.Place.before, .during, .after] {
      for slotPart in parts where slotPart.place == place { add(slotPart, part, &layout) }
    }
  }

  /// Channels that start together; those that nothing runs beside come after them.
  private func add(_ slotPart: SlotPart, _ part: LayerPart, _ layout: inout Layout) {
    var seconds = SIMD4<Double>.zero
    for load in slotPart.loads { seconds[load.channel.rawValue] += value(load.seconds) }
    let collective = seconds[Channel.collective.rawValue]
    if !overlapsCollectives { seconds[Channel.collective.rawValue] = 0 }
    let ends = interference.ends(seconds)
    let start = layout.now
    let kernelEnd = start + ends[Channel.compute.rawValue]
    for load in slotPart.loads where overlapsCollectives || load.channel != .collective {
      add(load, part, from: start, to: start + ends[load.channel.rawValue], kernelsUntil: kernelEnd, &layout)
    }
    layout.now = start + ends.max()
    guard !overlapsCollectives else { return }
    for load in slotPart.loads where load.channel == .collective {
      add(load, part, from: layout.now, to: layout.now + collective, kernelsUntil: layout.now, &layout)
    }
    layout.now += collective
  }

  /// The works of a load, one after the other, cut where the kernels end.
  private func add(
    _ load: SlotLoad, _ part: LayerPart, from start: Double, to end: Double, kernelsUntil kernelEnd: Double,
    _ layout: inout Layout
  ) {
    let total = value(load.seconds)
    guard total > 0, end > start else { return }
    let known = load.works.compactMap { $0.seconds.map(value) }.reduce(0, +)
    var from = start
    for (index, work) in load.works.enumerated() {
      let share = max(0, work.seconds.map(value) ?? total - known) / total
      let to = index == load.works.count - 1 ? end : min(end, from + share * (end - start))
      add(work.work, load.channel, part, from: from, to: to, kernelsUntil: kernelEnd, &layout)
      from = to
    }
  }

  private func add(
    _ work: LayerWork, _ channel: Channel, _ part: LayerPart, from start: Double, to end: Double,
    kernelsUntil kernelEnd: Double, _ layout: inout Layout
  ) {
    guard channel != .compute else {
      layout.pieces.append(LayerPiece(channel: channel, work: work, part: part, start: start, end: end))
      return
    }
    let cut = max(start, min(end, kernelEnd))
    layout.pieces.append(LayerPiece(channel: channel, work: work, part: part, start: start, end: cut))
    layout.pieces.append(
      LayerPiece(channel: channel, work: work, part: part, start: cut, end: end, isExposed: true))
  }

  // MARK: work with nothing beside it

  private func addAlone(
    _ seconds: Double, _ work: LayerWork, _ channel: Channel, _ part: LayerPart, _ layout: inout Layout
  ) {
    guard seconds > 0 else { return }
    let end = layout.now + seconds
    add(work, channel, part, from: layout.now, to: end, kernelsUntil: layout.now, &layout)
    layout.now = end
  }

  /// Kernels and tensor-parallel collectives of the embedding or the head.
  private func addEnd(_ operators: PassOperators, _ part: LayerPart, _ isForward: Bool, _ layout: inout Layout) {
    let (kernels, tensor) =
      isForward
      ? (operators.forward, operators.tensorForward) : (operators.backward, operators.tensorBackward)
    addAlone(value(kernels), isForward ? .forward : .backward, .compute, part, &layout)
    addAlone(value(tensor), .tensorParallel, .collective, part, &layout)
  }

  private func addWork(
    _ work: SlotTrace.EndWork, layers: Int, end: (embedding: Bool, head: Bool), _ layout: inout Layout
  ) {
    func seconds(_ kernels: SlotTrace.StepKernels?) -> Double {
      guard let kernels else { return 0 }
      return Double(layers) * value(kernels.layer) + (end.embedding ? value(kernels.embedding) : 0)
        + (end.head ? value(kernels.head) : 0)
    }
    let hasStep = work.step != nil || work.host != nil
    addAlone(seconds(work.collective), hasStep ? .endCollective : .reduction, .collective, .stage, &layout)
    addAlone(seconds(work.step), .optimizerStep, .compute, .stage, &layout)
    addAlone(seconds(work.host), .hostStep, .hostToDevice, .stage, &layout)
  }
}
