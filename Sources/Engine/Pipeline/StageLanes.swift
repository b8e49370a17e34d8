/// What the channels of one stage do during a simulated iteration: its passes, laid out layer by layer.
///
/// A pass shows the part of its `PassLayers` that takes as long as it does. That is all of it, but for three:
///
/// - a first forward that waits for its micro-batch while its stage's side work goes on shows the end of it, or a plain
///   forward where the side work is done before;
/// - where weight gradients are apart, a backward shows the start and the weight gradients show the end;
/// - what a stage does before its first micro-batch comes is `Timeline.transfers`, hidden by the waiting.
public struct StageLanes: Sendable {
  /// The schedule.
  public let timeline: Timeline
  /// The stage, from 0.
  public let stage: Int
  /// Its passes and point-to-point transfers.
  public let passes: [TimelineInterval]
  private let layers: [StageLayers]
  private let lastMicroBatch: Int

  /// One piece on the time axis of the iteration.
  public struct Piece: Sendable, Hashable {
    /// The piece; its seconds are those of the iteration.
    public var piece: LayerPiece
    /// The pass that it belongs to: an index into `passes`, or nil before the first one.
    public var pass: Int?

    /// One piece.
    public init(piece: LayerPiece, pass: Int?) {
      self.piece = piece
      self.pass = pass
    }
  }

  /// The lanes of a stage; nil where the timeline has no layers.
  public init?(_ timeline: Timeline, stage: Int) {
    guard timeline.layers.indices.contains(stage), timeline.passes.indices.contains(stage) else { return nil }
    self.timeline = timeline
    self.stage = stage
    passes = timeline.passes[stage]
    layers = timeline.layers[stage]
    lastMicroBatch = (timeline.passes[stage].last { $0.kind != .pointToPoint }).map(\.microBatch) ?? 0
  }

  /// What a channel does between two moments, in time order and cut there.
  ///
  /// - Parameter most: no more pieces than about this are gathered, from `start` on.
  /// - Complexity: O(log passes) and the pieces found.
  public func pieces(_ channel: Channel, from start: Double, to end: Double, most: Int = .max) -> [Piece] {
    var found = sideWork(channel, from: start, to: end)
    var index = firstPass(endingAfter: start)
    while index < passes.count, passes[index].start < end, found.count < most {
      defer { index += 1 }
      guard let (layers, offset) = excerpt(index) else { continue }
      let pass = passes[index]
      let from = max(start, pass.start)
      let inside = layers.pieces(
        channel, from: offset + from - pass.start, to: offset + min(end, pass.end) - pass.start)
      found += inside.map { piece in
        var piece = piece
        piece.start += from
        piece.end += from
        return Piece(piece: piece, pass: index)
      }
    }
    return found
  }

  /// The first pass that ends after a moment. Complexity: O(log passes).
  public func firstPass(endingAfter seconds: Double) -> Int {
    var low = 0
    var high = passes.count
    while low < high {
      let middle = (low + high) / 2
      if passes[middle].end <= seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The layers that a pass shows, and the second of them at which it starts; nil of a transfer.
  public func excerpt(_ index: Int) -> (layers: PassLayers, offset: Double)? {
    let pass = passes[index]
    guard layers.indices.contains(pass.chunk) else { return nil }
    let layers = layers[pass.chunk]
    let seconds = pass.end - pass.start
    switch pass.kind {
    case .forward:
      guard pass.microBatch == 0 else { return (layers.forward, 0) }
      let plain = layers.forward.seconds
      let first = layers.forwardFirst.seconds
      let isPlain = first > plain && seconds <= plain * (1 + 1e-9)
      return isPlain ? (layers.forward, 0) : (layers.forwardFirst, max(0, first - seconds))
    case .backward: return (backward(layers, pass), 0)
    case .weightGradient:
      let whole = backward(layers, pass)
      return (whole, max(0, whole.seconds - seconds))
    default: return nil
    }
  }

  private func backward(_ layers: StageLayers, _ pass: TimelineInterval) -> PassLayers {
    pass.microBatch == lastMicroBatch ? layers.backwardLast : layers.backward
  }

  /// What a channel does for the stage before its first micro-batch comes.
  private func sideWork(_ channel: Channel, from start: Double, to end: Double) -> [Piece] {
    guard let first = passes.first, start < first.start, timeline.transfers.indices.contains(stage) else { return [] }
    let (kind, work): (TimelineKind, LayerWork)
    switch channel {
    case .compute: return []
    case .collective: (kind, work) = (.collective, .gather)
    case .hostToDevice: (kind, work) = (.hostToDevice, .copyIn)
    case .deviceToHost: (kind, work) = (.deviceToHost, .copyOut)
    }
    guard let transfer = timeline.transfers[stage].first(where: { $0.kind == kind && $0.microBatch == 0 }) else {
      return []
    }
    let from = max(start, transfer.start)
    let to = min(end, transfer.end, first.start)
    guard from < to else { return [] }
    let piece = LayerPiece(channel: channel, work: work, part: .stage, start: from, end: to)
    return [Piece(piece: piece, pass: nil)]
  }
}

/// Where the stage-seconds of an iteration go: parts of one whole.
public struct TimelineShares: Sendable, Equatable {
  /// A stage waits.
  public var bubble = 0.0
  /// Kernels run, however much transfers slow them down; with `recomputation`.
  public var kernels = 0.0
  /// Forwards that backwards repeat, part of `kernels`.
  public var recomputation = 0.0
  /// No kernels run, but collectives do.
  public var exposedCollectives = 0.0
  /// Nothing but copies from and to the host run.
  public var exposedCopies = 0.0
  /// A stage sends to another one.
  public var pointToPoint = 0.0

  /// Nothing.
  public init() {}

  /// The shares of a schedule with its layers; nil where it has none.
  ///
  /// - Complexity: O(passes), and the pieces of each kind of pass once.
  public init?(_ timeline: Timeline) {
    let total = timeline.period * Double(timeline.passes.count)
    guard total > 0, !timeline.layers.isEmpty else { return nil }
    bubble = timeline.bubbleShare
    for stage in timeline.passes.indices {
      guard let lanes = StageLanes(timeline, stage: stage) else { return nil }
      var known: [TimelineShares.Key: TimelineShares] = [:]
      for (index, pass) in lanes.passes.enumerated() {
        guard let (layers, offset) = lanes.excerpt(index) else {
          pointToPoint += (pass.end - pass.start) / total
          continue
        }
        let seconds = pass.end - pass.start
        let key = Key(kind: pass.kind, chunk: pass.chunk, offset: offset, whole: layers.seconds, seconds: seconds)
        let part = known[key] ?? TimelineShares(layers, from: offset, to: offset + seconds)
        known[key] = part
        kernels += part.kernels / total
        recomputation += part.recomputation / total
        exposedCollectives += part.exposedCollectives / total
        exposedCopies += part.exposedCopies / total
      }
    }
  }

  private struct Key: Hashable {
    var kind: TimelineKind
    var chunk: Int
    var offset: Double
    var whole: Double
    var seconds: Double
  }

  /// Seconds of a part of a pass.
  init(_ layers: PassLayers, from start: Double, to end: Double) {
    let compute = layers.pieces(.compute, from: start, to: end)
    kernels = compute.reduce(0) { $0 + $1.seconds }
    recomputation = compute.reduce(0) { $0 + ($1.work == .recomputation ? $1.seconds : 0) }
    exposedCollectives = layers.pieces(.collective, from: start, to: end)
      .reduce(0) { $0 + ($1.isExposed ? $1.seconds : 0) }
    // What is left of the pass has neither kernels nor collectives: a copy holds it up.
    exposedCopies = max(0, end - start - kernels - exposedCollectives)
  }
}
