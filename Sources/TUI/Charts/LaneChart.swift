import Engine

/// A row of a stage's lanes: what one of its channels does, layer by layer.
enum TimelineLane: Int, CaseIterable, Sendable {
  /// Kernels.
  case kernels
  /// Collectives.
  case collectives
  /// Copies from the host.
  case copiesIn
  /// Copies to the host.
  case copiesOut
  /// Sending to another stage.
  case pointToPoint

  /// Its label beside the row.
  var label: String {
    switch self {
    case .kernels: "kern"
    case .collectives: "net"
    case .copiesIn: "h→d"
    case .copiesOut: "d→h"
    case .pointToPoint: "p2p"
    }
  }

  /// Its channel; point-to-point transfers have none of the four.
  var channel: Channel? {
    switch self {
    case .kernels: .compute
    case .collectives: .collective
    case .copiesIn: .hostToDevice
    case .copiesOut: .deviceToHost
    case .pointToPoint: nil
    }
  }

  /// What it does between two moments, cut there; at most about `most` pieces.
  func pieces(_ lanes: StageLanes, from start: Double, to end: Double, most: Int = .max) -> [StageLanes.Piece] {
    if let channel { return lanes.pieces(channel, from: start, to: end, most: most) }
    var found: [StageLanes.Piece] = []
    var index = lanes.firstPass(endingAfter: start)
    while index < lanes.passes.count, lanes.passes[index].start < end, found.count < most {
      let pass = lanes.passes[index]
      if pass.kind == .pointToPoint {
        let piece = LayerPiece(
          channel: .collective, work: .gather, part: .stage, start: max(start, pass.start), end: min(end, pass.end),
          isExposed: true)
        found.append(StageLanes.Piece(piece: piece, pass: index))
      }
      index += 1
    }
    return found
  }

  /// The letter of a piece: a capital where kernels wait for it, or where it is a kernel.
  func letter(_ piece: LayerPiece) -> Character {
    if self == .pointToPoint { return "P" }
    switch piece.work {
    case .forward: return "F"
    case .backward: return "B"
    case .recomputation: return "R"
    case .optimizerStep: return "S"
    case .tensorParallel: return "T"
    case .gather, .reduction, .endCollective: return piece.isExposed ? "N" : "n"
    case .copyIn: return piece.isExposed ? "H" : "h"
    case .copyOut: return piece.isExposed ? "D" : "d"
    case .hostStep: return "S"
    }
  }

  /// The colours of a piece.
  func role(_ piece: LayerPiece) -> Role {
    if self == .pointToPoint { return .transfer }
    switch piece.work {
    case .forward: return .forward
    case .backward, .recomputation: return .backward
    case .optimizerStep: return .gradients
    case .tensorParallel, .gather, .reduction, .endCollective: return .collective
    case .copyIn, .copyOut, .hostStep: return .copy
    }
  }
}

/// Draws a lane: a letter and a line for each piece where there is room, else one letter a column for what has most of it.
///
/// What kernels wait for is in capitals all along (`NNNN`), what they hide a small letter and a line (`n───`); a column
/// in which a lane is busy for less than half of the time has a dot.
struct LaneChart {
  /// Which moments the columns show.
  let scale: TimelineScale
  /// The lane.
  let lane: TimelineLane
  /// The stage.
  let lanes: StageLanes

  /// A column whose moments hold more pieces than this is judged by the first ones.
  private static let mostPerCell = 48
  /// A share of a column that kernels wait for and that is told whatever else fills it.
  private static let tellingShare = 0.25

  /// What a column shows: the piece with most of it, and whether it fills half of it.
  struct Cell: Equatable {
    /// The piece, as long as it is in the column.
    var piece: LayerPiece
    /// The pass that it belongs to.
    var pass: Int?
    /// It fills half of the column, or holds up kernels for a good part.
    var isFilled: Bool

    /// True when the same piece goes on.
    func continues(_ other: Cell) -> Bool {
      pass == other.pass && isFilled && other.isFilled && piece.work == other.piece.work
        && piece.part == other.piece.part && piece.isExposed == other.piece.isExposed
    }
  }

  /// The cells of all columns; nil where the lane is idle. Complexity: O(columns * (log passes + pieces a column)).
  func cells() -> [Cell?] { (0..<scale.width).map { scale.moments(column: $0).flatMap(cell) } }

  private func cell(_ moments: Range<Double>) -> Cell? {
    let pieces = lane.pieces(lanes, from: moments.lowerBound, to: moments.upperBound, most: LaneChart.mostPerCell)
    guard let last = pieces.last else { return nil }
    let seen = pieces.count >= LaneChart.mostPerCell ? last.piece.end : moments.upperBound
    let whole = max(seen - moments.lowerBound, .leastNonzeroMagnitude)
    var sums: [Character: (seconds: Double, longest: StageLanes.Piece)] = [:]
    for piece in pieces {
      let letter = lane.letter(piece.piece)
      let sum = sums[letter] ?? (0, piece)
      sums[letter] = (
        sum.seconds + piece.piece.seconds,
        piece.piece.seconds > sum.longest.piece.seconds ? piece : sum.longest
      )
    }
    let busy = sums.values.reduce(0) { $0 + $1.seconds }
    // Of equal shares the letter that comes first, so that nothing depends on the order of a dictionary.
    let order = sums.sorted { ($0.value.seconds, $1.key) > ($1.value.seconds, $0.key) }
    // What holds up the kernels for a good part of a column is told whatever else fills it.
    let waits = order.first {
      $0.value.longest.piece.isExposed && $0.value.seconds >= LaneChart.tellingShare * whole
    }
    guard let told = waits ?? order.first else { return nil }
    let isFilled = waits != nil || busy >= whole / 2
    return Cell(piece: told.value.longest.piece, pass: told.value.longest.pass, isFilled: isFilled)
  }

  /// Draws the row from (x, y).
  func draw(_ canvas: inout Canvas, x: Int, y: Int) {
    let cells = cells()
    var column = 0
    while column < cells.count {
      var end = column + 1
      guard let cell = cells[column] else {
        column = end
        continue
      }
      while end < cells.count, let next = cells[end], cell.continues(next) { end += 1 }
      var style = canvas.look.style(cell.isFilled ? lane.role(cell.piece) : .muted)
      if cell.piece.isExposed { style.bold = true }
      canvas.put(text(cell, columns: end - column), x: x + column, y: y, style: style)
      column = end
    }
    TimelineChart.drawGap(&canvas, scale, x: x, y: y)
  }

  /// `F12───`, `n──`, `NNNN`, `·`.
  func text(_ cell: Cell, columns: Int) -> String {
    guard cell.isFilled else { return String(repeating: "·", count: columns) }
    let letter = lane.letter(cell.piece)
    if cell.piece.isExposed { return String(repeating: letter, count: columns) }
    var label = String(letter)
    if case .layer(let layer) = cell.piece.part, columns > "\(layer + 1)".count + 1 { label += "\(layer + 1)" }
    return label + String(repeating: "─", count: columns - label.count)
  }
}
