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

  /// The passes and transfers of the stage.
  private var passes: [TimelineInterval] { timeline.passes.indices.contains(stage) ? timeline.passes[stage] : [] }

  /// The moment that is told: the end of the schedule belongs to what ends there.
  private var moment: Double { min(cursor, timeline.makespan * (1 - 1e-9)) }

  /// `stage 1 micro-batch   1/128 forward     245.2 ms critical at    0.000 s`; `waits` for how long, for which
  /// micro-batch; `finished` how long ago.
  ///
  /// Every word has its columns, and what changes stands together, so that a step of the cursor sends little.
  var pass: String {
    let passes = passes
    let next = passes.firstIndex { $0.end > moment }
    guard let index = next ?? passes.indices.last else { return "" }
    let pass = passes[index]
    let (name, seconds): (String, Double)
    if next == nil {
      (name, seconds) = ("finished", moment - pass.end)
    } else if pass.start > moment {
      (name, seconds) = ("waits   ", pass.start - moment)
    } else {
      (name, seconds) = (self.name(pass.kind), pass.end - pass.start)
    }
    let isCritical = next != nil && pass.start <= moment && critical.contains(stage, index)
    return "stage \(stage + 1) micro-batch \(microBatch(pass)) \(name)"
      + "\(Format.right(Format.milliseconds(seconds), 8)) ms\(isCritical ? " critical" : "         ")"
      + " at \(Format.right(Format.fixed(cursor, decimals: 3), 8)) s"
  }

  /// A kind of pass in eight columns.
  private func name(_ kind: TimelineKind) -> String {
    switch kind {
    case .forward: "forward "
    case .backward: "backward"
    case .weightGradient: "weights "
    default: "transfer"
    }
  }

  /// `  1/128`, `  7/128 chunk 2`: the first one, the last one, or a steady one between them.
  private func microBatch(_ pass: TimelineInterval) -> String {
    let count = "\(TimelineWords.lastMicroBatch(timeline) + 1)"
    let chunk = timeline.chunkCount > 1 ? " chunk \(pass.chunk + 1)" : ""
    return "\(Format.right("\(pass.microBatch + 1)", count.count))/\(count)\(chunk)"
  }

  /// The last micro-batch of a schedule, from 0.
  static func lastMicroBatch(_ timeline: Timeline) -> Int {
    timeline.passes.first?.last { $0.kind != .pointToPoint }?.microBatch ?? 0
  }

  /// What each lane does at the cursor, with the letters of the picture and how long all of it takes:
  /// `layer 3   ms: kern F    2.1  net n    0.4  h→d -         d→h -       `.
  var lanes: String {
    guard let lanes = StageLanes(timeline, stage: stage) else { return "" }
    var part: LayerPart?
    let words = TimelineLane.allCases.filter { $0 != .pointToPoint }.map { lane in
      guard let piece = piece(lane, lanes) else { return "\(lane.label) \(Format.left("-", 8))" }
      part = part ?? piece.part
      return "\(lane.label) \(lane.letter(piece)) \(Format.right(Format.milliseconds(piece.seconds), 6))"
    }
    // Lanes are busy with the slot of one layer at a time, so that it need not be told of each.
    return Format.left(part.map(TimelineWords.name) ?? "idle", 10) + "ms: " + words.joined(separator: "  ")
  }

  /// The whole piece of a lane that goes on at the cursor.
  private func piece(_ lane: TimelineLane, _ lanes: StageLanes) -> LayerPiece? {
    let least = timeline.makespan * 1e-9
    let found = lane.pieces(lanes, from: moment, to: moment + least, most: 1).first
    guard let found, found.piece.start <= moment + least / 2 else { return nil }
    return whole(found, lane, lanes)
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
      .first { $0.piece.end > moment }?.piece
  }

  /// `bubble 11.4 %  exposed collectives 0.7 %  copies 0.1 %  p2p 0.3 %  recomputation 4.2 %`, the whole iteration's, in
  /// at most 76 columns where there are fewer than 100.
  func shares(width: Int) -> String {
    let bubble = part("bubble", timeline.bubbleShare)
    guard let shares = timeline.shares else { return bubble }
    let isNarrow = width < 100
    return [
      bubble, isNarrow ? exposed : exposedInFull(shares),
      part(isNarrow ? "recompute" : "recomputation", shares.recomputation),
    ].joined(separator: "  ")
  }

  /// `bubble 11.4 %  recompute 4.2 %`: what `exposed` leaves of the shares.
  var others: String {
    let bubble = part("bubble", timeline.bubbleShare)
    return timeline.shares.map { bubble + "  " + part("recompute", $0.recomputation) } ?? bubble
  }

  /// `exposed net 0.7 %  copy 0.1 %  p2p 0.3 %`.
  var exposed: String {
    guard let shares = timeline.shares else { return "" }
    return [
      part("exposed net", shares.exposedCollectives), part("copy", shares.exposedCopies),
      part("p2p", shares.pointToPoint),
    ].joined(separator: "  ")
  }

  private func exposedInFull(_ shares: TimelineShares) -> String {
    [
      part("exposed collectives", shares.exposedCollectives), part("copies", shares.exposedCopies),
      part("p2p", shares.pointToPoint),
    ].joined(separator: "  ")
  }

  private func part(_ name: String, _ share: Double) -> String { "\(name) \(Format.right(Format.percent(share), 6))" }

  /// `bubble 11.4 %  exposed 1.1 %`, where there is one line for everything.
  var shortShares: String {
    let bubble = "bubble \(Format.right(Format.percent(timeline.bubbleShare), 6))"
    guard let shares = timeline.shares else { return bubble }
    let exposed = shares.exposedCollectives + shares.exposedCopies + shares.pointToPoint
    return "\(bubble)  exposed \(Format.right(Format.percent(exposed), 6))"
  }
}
