import Engine

/// What the timeline says in words: the pass and the lanes under the cursor, and the shares of the whole schedule.
struct TimelineWords {
  /// The schedule.
  let timeline: Timeline
  /// The stage under the cursor, from 0.
  let stage: Int
  /// The cursor, seconds.
  let cursor: Double
  /// Which passes are critical.
  let critical: CriticalSteps

  /// Index of the pass or transfer under the cursor.
  private var index: Int? {
    guard timeline.passes.indices.contains(stage) else { return nil }
    return timeline.passes[stage].firstIndex { $0.start <= cursor && cursor < $0.end }
  }

  /// `at 0.000 s  stage 1 forward, micro-batch 1/128, first, 245.2 ms, critical`.
  var pass: String {
    let moment = Format.right(Format.fixed(cursor, decimals: 3), 8)
    let text = "at \(moment) s  stage \(stage + 1) "
    let passes = timeline.passes.indices.contains(stage) ? timeline.passes[stage] : []
    if let index {
      let pass = passes[index]
      let length = "\(Format.milliseconds(pass.end - pass.start)) ms"
      return text + "\(name(pass.kind)), micro-batch \(microBatch(pass)), \(length)"
        + (critical.contains(stage, index) ? ", critical" : "")
    }
    if let next = passes.first(where: { $0.start > cursor }) {
      return text + "waits, \(Format.milliseconds(next.start - cursor)) ms more"
    }
    return text + "has finished"
  }

  private func name(_ kind: TimelineKind) -> String {
    switch kind {
    case .forward: "forward"
    case .backward: "backward"
    case .weightGradient: "weight gradients"
    default: "transfer"
    }
  }

  /// `1/128, first`, `7/128, chunk 2 of 3, steady`.
  private func microBatch(_ pass: TimelineInterval) -> String {
    let last = TimelineWords.lastMicroBatch(timeline)
    let kind = pass.microBatch == 0 ? "first" : pass.microBatch == last ? "last" : "steady"
    let chunks = timeline.chunkCount
    let chunk = chunks > 1 ? ", chunk \(pass.chunk + 1) of \(chunks)" : ""
    return "\(pass.microBatch + 1)/\(last + 1)\(chunk), \(kind)"
  }

  /// The last micro-batch of a schedule, from 0.
  static func lastMicroBatch(_ timeline: Timeline) -> Int {
    timeline.passes.first?.last { $0.kind != .pointToPoint }?.microBatch ?? 0
  }

  /// What each lane does at the cursor: `layer 3: kern forward 2.1 ms · net gather 0.4 ms hidden · h→d idle · d→h idle`.
  var lanes: String {
    guard let lanes = StageLanes(timeline, stage: stage) else { return "" }
    let least = timeline.makespan * 1e-9
    var part: LayerPart?
    let words = TimelineLane.allCases.filter { $0 != .pointToPoint }.map { lane in
      // The whole piece, not only what comes after the cursor.
      let around = lane.pieces(lanes, from: cursor, to: cursor + least, most: 1)
      guard let found = around.first, found.piece.start <= cursor + least / 2, let whole = whole(found, lane, lanes)
      else { return "\(lane.label) idle" }
      part = part ?? whole.part
      return "\(lane.label) \(TimelineWords.text(whole))"
    }
    // Lanes are busy with the slot of one layer at a time, so that it need not be told of each.
    return (part.map { TimelineWords.name($0) + ": " } ?? "") + words.joined(separator: " · ")
  }

  private static func name(_ part: LayerPart) -> String {
    switch part {
    case .layer(let layer): "layer \(layer + 1)"
    case .embedding: "embedding"
    case .head: "head"
    case .stage: "stage"
    }
  }

  private func whole(_ found: StageLanes.Piece, _ lane: TimelineLane, _ lanes: StageLanes) -> LayerPiece? {
    guard let pass = found.pass else { return found.piece }
    let span = lanes.passes[pass]
    return lane.pieces(lanes, from: span.start, to: span.end)
      .first { $0.piece.end > cursor }?.piece
  }

  /// `gather 0.4 ms hidden`.
  static func text(_ piece: LayerPiece) -> String {
    let name: String
    switch piece.work {
    case .forward: name = "forward"
    case .backward: name = "backward"
    case .recomputation: name = "recompute"
    case .optimizerStep: name = "step"
    case .tensorParallel: name = "tp"
    case .gather: name = "gather"
    case .reduction: name = "reduce"
    case .endCollective: name = "reduce and gather"
    case .copyIn, .copyOut: name = "copy"
    case .hostStep: name = "CPU step"
    }
    let hidden = piece.channel == .compute ? "" : piece.isExposed ? " exposed" : " hidden"
    return "\(name) \(Format.milliseconds(piece.seconds)) ms\(hidden)"
  }

  /// `bubble 11.4 %  exposed collectives 0.7 %  copies 0.1 %  p2p 0.3 %  recomputation 4.2 %`, the whole iteration's, in
  /// at most 76 columns where there are fewer than 100.
  func shares(width: Int) -> String {
    func part(_ name: String, _ share: Double) -> String { "\(name) \(Format.right(Format.percent(share), 6))" }
    let bubble = part("bubble", timeline.bubbleShare)
    guard let shares = timeline.shares else { return bubble }
    let isNarrow = width < 100
    return [
      bubble, part(isNarrow ? "exposed net" : "exposed collectives", shares.exposedCollectives),
      part(isNarrow ? "copy" : "copies", shares.exposedCopies), part("p2p", shares.pointToPoint),
      part(isNarrow ? "recompute" : "recomputation", shares.recomputation),
    ].joined(separator: "  ")
  }

  /// `bubble 11.4 %  exposed 1.1 %`, where there is one line for everything.
  var shortShares: String {
    let bubble = "bubble \(Format.right(Format.percent(timeline.bubbleShare), 6))"
    guard let shares = timeline.shares else { return bubble }
    let exposed = shares.exposedCollectives + shares.exposedCopies + shares.pointToPoint
    return "\(bubble)  exposed \(Format.right(Format.percent(exposed), 6))"
  }
}
