/// The cells of a frame that look other than before, as pieces that one pen writes.
struct FrameChanges {
  /// Neighbouring cells of a row that one pen writes.
  struct Piece {
    /// Row, from 0.
    var row: Int
    /// First column, from 0, and the one after the last.
    var columns: Range<Int>
  }

  /// The pieces of a pen.
  struct Group {
    /// The pen.
    var pen: Pen
    /// Top to bottom, left to right.
    var pieces: [Piece]
  }

  /// Columns of the terminal.
  let columns: Int
  private let rows: Int
  private let after: Frame
  private let language: TerminalLanguage
  private var pieces: [Pen: [Piece]] = [:]
  /// Pieces of blanks, which every pen of their background writes.
  private var blanks: [(background: Int, piece: Piece)] = []
  /// Of each cell of the terminal, which group will write it, from 0; -1: none.
  private var writers: [Int32] = []

  /// What differs between two frames of one size, inside the terminal.
  init(_ difference: FrameDiff, from before: Frame, to after: Frame, room: Size, language: TerminalLanguage) {
    self.after = after
    self.language = language
    columns = room.width
    rows = room.height
    for run in difference.runs where run.row < room.height {
      take(run, before: before)
    }
    spreadBlanks()
  }

  /// The pieces by pen: the given one first, the others so that changes between them are short.
  mutating func groups(startingWith first: Pen?) -> [Group] {
    let pens = pieces.keys.sorted()
    let start = first.map { pen in pens.filter { $0 == pen } } ?? []
    // From the first one's neighbours on: the background is the same there.
    let background = first?.background ?? -1
    let near = pens.filter { $0 != first && $0.background == background }
    let others = pens.filter { $0 != first && $0.background != background }
    let groups = (start + near + others).map { pen in
      Group(
        pen: pen,
        pieces: (pieces[pen] ?? []).sorted { ($0.row, $0.columns.lowerBound) < ($1.row, $1.columns.lowerBound) })
    }
    writers = [Int32](repeating: -1, count: columns * rows)
    for (index, group) in groups.enumerated() {
      for piece in group.pieces {
        for column in piece.columns { writers[piece.row * columns + column] = Int32(index) }
      }
    }
    return groups
  }

  /// Whether a cell is written by a later group than this one, so that it may hold anything until then.
  func isWrittenAfter(_ group: Int, row: Int, column: Int) -> Bool { writers[row * columns + column] > group }

  // MARK: cells

  /// Columns of a cell: 2 with the right half of a wide character behind it.
  func width(row: Int, column: Int) -> Int {
    column + 1 < after.size.width && cell(row, column + 1).text.isEmpty ? 2 : 1
  }

  /// The bytes of a cell's characters, `?` where the terminal cannot show them in that width.
  func text(row: Int, column: Int, width: Int) -> [UInt8] {
    let text = cell(row, column).text
    let utf8 = Array(text.utf8)
    // Half of a wide character does not fit at the right border.
    if utf8.isEmpty || width == 2 && column + 1 >= columns { return [32] }
    if width == 1, utf8.count == 1 { return (32..<127).contains(utf8[0]) ? utf8 : [63] }
    guard let first = text.unicodeScalars.first, language.shows(first, width) else {
      return [63] + [UInt8](repeating: 32, count: width - 1)
    }
    return utf8
  }

  /// Blanks from the first of these columns on.
  func blanks(row: Int, columns: Range<Int>) -> Int {
    columns.prefix { isBlank(row, $0) }.count
  }

  /// Whether a cell looks right when this pen writes it.
  func mayWrite(row: Int, column: Int, with pen: Pen) -> Bool {
    let own = self.pen(row, column)
    guard !cell(row, column).text.isEmpty else { return false }
    return own == pen || isBlank(row, column) && pen.hidesBlanks && pen.background == own.background
  }

  private func cell(_ row: Int, _ column: Int) -> Cell { after.cells[row * after.size.width + column] }

  private func pen(_ row: Int, _ column: Int) -> Pen { Pen(cell(row, column).style, in: language) }

  private func isBlank(_ row: Int, _ column: Int) -> Bool {
    let cell = cell(row, column)
    return cell.text == " " && !cell.style.reverse && !cell.style.underline
  }

  // MARK: pieces

  /// Cuts a run of changed cells into pieces.
  private mutating func take(_ run: FrameDiff.Run, before: Frame) {
    var open: (pen: Pen, columns: Range<Int>, isLoose: Bool)?
    func close(_ changes: inout FrameChanges) {
      guard let piece = open else { return }
      open = nil
      let found = Piece(row: run.row, columns: piece.columns)
      if piece.isLoose {
        changes.blanks.append((piece.pen.background, found))
      } else {
        changes.pieces[piece.pen, default: []].append(found)
      }
    }
    // A run that starts with half of a wide character starts with its other half.
    let isHalf = run.columns.lowerBound > 0 && cell(run.row, run.columns.lowerBound).text.isEmpty
    var column = run.columns.lowerBound - (isHalf ? 1 : 0)
    let end = min(columns, run.columns.upperBound)
    while column < end {
      let next = column + width(row: run.row, column: column)
      defer { column = next }
      if isSkipped(run.row, column, before) {
        close(&self)
        continue
      }
      let own = pen(run.row, column)
      let blank = isBlank(run.row, column)
      if let piece = open, piece.pen.background == own.background,
        piece.pen == own || (blank && piece.pen.hidesBlanks) || (piece.isLoose && own.hidesBlanks)
      {
        let isFirstText = piece.isLoose && !blank
        open = (isFirstText ? own : piece.pen, piece.columns.lowerBound..<min(next, columns), piece.isLoose && blank)
      } else {
        close(&self)
        open = (own, column..<min(next, columns), blank)
      }
    }
    close(&self)
  }

  /// True of a blank that was one of the same background, and of the last cell where writing it would scroll.
  private func isSkipped(_ row: Int, _ column: Int, _ before: Frame) -> Bool {
    if !language.wrapsLate, row + 1 == rows, column + 1 == columns { return true }
    guard isBlank(row, column) else { return false }
    let old = before.cells[row * after.size.width + column]
    return old.text == " " && !old.style.reverse && !old.style.underline
      && Pen(old.style, in: language).background == pen(row, column).background
  }

  /// Gives pieces of blanks to a pen that is in their row anyway, or else to one that is used.
  private mutating func spreadBlanks() {
    var pensOfRow: [Int: [Pen]] = [:]
    for (pen, pieces) in pieces where pen.hidesBlanks {
      for piece in pieces where pensOfRow[piece.row]?.last != pen { pensOfRow[piece.row, default: []].append(pen) }
    }
    let used = pieces.filter { $0.key.hidesBlanks }
    for (background, piece) in blanks {
      let near = (pensOfRow[piece.row] ?? []).filter { $0.background == background }.min()
      let any = used.filter { $0.key.background == background }
        .max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
      var own = Pen()
      own.background = background
      pieces[near ?? any ?? own, default: []].append(piece)
    }
  }
}
