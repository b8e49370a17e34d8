/// Turns frames into the bytes that show them: only what differs, one pen after the other.
///
/// Most of what a frame costs is changes of the pen (17 bytes for two colours of 256), not characters. So all cells of a
/// pen are written before the next pen's, wherever they stand: the cursor's way is shorter. A blank shows its background
/// alone, so it is written with any pen of that background. It knows where cursor and pen were left, and nothing else of
/// the terminal; a terminal that it does not know (`forget`) is cleared.
struct FramePainter {
  /// What the terminal understands.
  let language: TerminalLanguage
  /// The pen that was used last; nil: unknown.
  private var pen: Pen?
  /// Where the cursor is; nil: unknown.
  private var cursor: (row: Int, column: Int)?
  /// Bytes of the frame so far.
  private var bytes: [UInt8] = []

  /// A painter of a terminal of which nothing is known.
  init(language: TerminalLanguage) { self.language = language }

  /// Something else was sent: pen and cursor are unknown.
  mutating func forget() { (pen, cursor) = (nil, nil) }

  /// The bytes that turn one frame into another of its size; without a frame before, the screen is cleared.
  ///
  /// - Parameters:
  ///   - difference: what differs between the two.
  ///   - room: the terminal; what lies outside is clipped. O(cells + changed pieces * log).
  mutating func paint(_ difference: FrameDiff, from before: Frame?, to after: Frame, room: Size) -> [UInt8] {
    bytes = []
    var (before, difference) = (before, difference)
    if before == nil || before?.size != after.size {
      let cleared = clear(for: after)
      (before, difference) = (cleared, FrameDiff(from: cleared, to: after))
    }
    guard let before, !difference.runs.isEmpty else { return bytes }
    var changes = FrameChanges(difference, from: before, to: after, room: room, language: language)
    for (index, group) in changes.groups(startingWith: pen).enumerated() {
      for piece in group.pieces { write(piece, of: index, with: group.pen, in: changes) }
    }
    return bytes
  }

  /// Clears the screen, in the commonest background where the terminal erases in it.
  ///
  /// - Returns: what it shows then.
  private mutating func clear(for frame: Frame) -> Frame {
    var background = Style()
    if language.erasesInBackground {
      let counts = frame.cells.reduce(into: [Colour: Int]()) { $0[$1.style.background, default: 0] += 1 }
      // On a tie it does not matter which: the other one's cells are written.
      if let most = counts.values.max(), let colour = counts.first(where: { $0.value == most && most > 1 })?.key {
        background.background = counts.values.filter { $0 == most }.count == 1 ? colour : .terminal
      }
    }
    let pen = Pen(background, in: language)
    bytes += language.change(from: nil, to: pen)
    bytes += language.clear
    self.pen = pen
    cursor = (0, 0)
    var cleared = Frame(size: frame.size)
    cleared.cells = [Cell](repeating: Cell(style: background), count: frame.cells.count)
    return cleared
  }

  // MARK: a piece

  private mutating func write(_ piece: FrameChanges.Piece, of group: Int, with pen: Pen, in changes: FrameChanges) {
    var column = piece.columns.lowerBound
    let end = piece.columns.upperBound
    if !bridge(to: piece, of: group, with: pen, in: changes) { move(row: piece.row, column: column) }
    if self.pen != pen {
      bytes += language.change(from: self.pen, to: pen)
      self.pen = pen
    }
    while column < end {
      let blanks = changes.blanks(row: piece.row, columns: column..<end)
      let isLast = column + blanks == end
      if blanks > (isLast ? Self.eraseBytes : 2 * Self.eraseBytes), mayErase(pen) {
        bytes += sequence(blanks, 88)  // X
        column += blanks
        if isLast { return }
        move(row: piece.row, column: column)
        continue
      }
      let width = changes.width(row: piece.row, column: column)
      bytes += changes.text(row: piece.row, column: column, width: width)
      column += width
      cursor = column < changes.columns ? (piece.row, column) : nil
    }
  }

  /// Bytes of erasing a two-digit number of cells (`CSI 12 X`), and of the move behind it.
  private static let eraseBytes = 5

  private func mayErase(_ pen: Pen) -> Bool {
    language.erasesCells && pen.hidesBlanks && (language.erasesInBackground || pen.background < 0)
  }

  /// Comes to a piece by writing what stands between, where that is no longer than moving: again what is right already,
  /// blanks where a later pen writes.
  private mutating func bridge(
    to piece: FrameChanges.Piece, of group: Int, with pen: Pen, in changes: FrameChanges
  ) -> Bool {
    guard let cursor, self.pen == pen, cursor.row == piece.row, cursor.column <= piece.columns.lowerBound else {
      return false
    }
    let gap = cursor.column..<piece.columns.lowerBound
    // A move costs three bytes by one column, four by more.
    let most = gap.count == 1 ? 3 : 4
    guard gap.count <= most else { return false }
    var text: [UInt8] = []
    for column in gap {
      if changes.isWrittenAfter(group, row: piece.row, column: column) {
        text.append(32)
      } else if changes.width(row: piece.row, column: column) == 1,
        changes.mayWrite(row: piece.row, column: column, with: pen)
      {
        text += changes.text(row: piece.row, column: column, width: 1)
      } else {
        return false
      }
    }
    guard text.count <= most else { return false }
    bytes += text
    self.cursor = (piece.row, piece.columns.lowerBound)
    return true
  }

  // MARK: the cursor's way

  /// Puts the cursor somewhere, by the shortest bytes.
  private mutating func move(row: Int, column: Int) {
    defer { cursor = (row, column) }
    let absolute = language.position(row, column)
    guard let cursor, language.movesRelatively else {
      bytes += absolute
      return
    }
    if cursor == (row, column) { return }
    var best = absolute
    let down = row - cursor.row
    if (0...6).contains(down) {
      let feeds = [UInt8](repeating: 10, count: down)
      let direct = feeds + along(from: cursor.column, to: column)
      if direct.count < best.count { best = direct }
      let fromLeft = feeds + [13] + along(from: 0, to: column)
      if fromLeft.count < best.count { best = fromLeft }
    }
    bytes += best
  }

  /// The shortest bytes from a column to another in the same row.
  private func along(from start: Int, to column: Int) -> [UInt8] {
    let count = column - start
    if count == 0 { return [] }
    var best = count > 0 ? sequence(count, 67) : sequence(-count, 68)  // C, D
    if count < 0, -count < best.count { best = [UInt8](repeating: 8, count: -count) }
    if language.addressesColumns {
      let address = sequence(column + 1, 71)  // G
      if address.count < best.count { best = address }
    }
    return best
  }

  /// `CSI count final`, without the count where it is one.
  private func sequence(_ count: Int, _ final: UInt8) -> [UInt8] {
    [27, 91] + (count == 1 ? [] : Array(String(count).utf8)) + [final]
  }
}
