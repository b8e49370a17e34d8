/// What a channel works on during a pass.
public enum LayerWork: UInt8, Sendable, CaseIterable {
  /// Kernels of a forward.
  case forward
  /// Kernels of a backward.
  case backward
  /// Kernels of a forward that a backward repeats.
  case recomputation
  /// Kernels of the optimizer step and of the checks before it.
  case optimizerStep
  /// Collectives between tensor- and context-parallel ranks: kernels wait for them.
  case tensorParallel
  /// All-gather of weights between data-parallel ranks.
  case gather
  /// Reduction of gradients between data-parallel ranks.
  case reduction
  /// Several data-parallel collectives after the last backward, in one.
  case endCollective
  /// Copies from the host.
  case copyIn
  /// Copies to the host.
  case copyOut
  /// Step of states in host memory by the node's processors, with the copies before and after it.
  case hostStep
}

/// The work of one channel in a part of a slot.
struct SlotLoad {
  /// The channel.
  let channel: Channel
  /// Seconds that it takes alone.
  let seconds: Expression
  /// What it does, in order, each with its share of `seconds`; one of them has none and takes the rest.
  let works: [(work: LayerWork, seconds: Expression?)]

  /// One kind of work.
  init(_ channel: Channel, _ seconds: Expression, _ work: LayerWork) {
    self.init(channel, seconds, [(work, nil)])
  }

  /// Several kinds of work, one after the other.
  init(_ channel: Channel, _ seconds: Expression, _ works: [(work: LayerWork, seconds: Expression?)]) {
    self.channel = channel
    self.seconds = seconds
    self.works = works
  }
}

/// A part of a slot: channels that start together, and that the next part waits for.
///
/// Slots are sums of the `seconds` of their parts; `loads` say which channel is busy for how long of it.
struct SlotPart {
  /// Where it lies.
  enum Place: Int {
    /// Before the layer's kernels: nothing else could hide it.
    case before
    /// The layer's kernels, what runs beside them, and its tensor-parallel collectives.
    case during
    /// After the layer's kernels.
    case after
  }

  /// Where it lies in the slot.
  let place: Place
  /// Elapsed seconds.
  let seconds: Expression
  /// The channels at work.
  let loads: [SlotLoad]

  /// A channel alone.
  init(_ place: Place, alone load: SlotLoad) {
    self.init(place, seconds: load.seconds, loads: [load])
  }

  /// Channels at once, which take `seconds` together.
  init(_ place: Place, seconds: Expression, loads: [SlotLoad]) {
    self.place = place
    self.seconds = seconds
    self.loads = loads
  }
}

extension PassSlots {
  /// The slots with something made of each value.
  func mapped<Other>(_ body: (Value) -> Other) -> PassSlots<Other> {
    func pair(_ slot: Checkpointed<Value>) -> Checkpointed<Other> {
      Checkpointed<Other>(plain: body(slot.plain), checkpointed: body(slot.checkpointed))
    }
    return PassSlots<Other>(
      steady: pair(steady), first: pair(first), last: pair(last), single: pair(single),
      lastWithHead: pair(lastWithHead), singleWithHead: pair(singleWithHead), embedding: body(embedding))
  }
}
