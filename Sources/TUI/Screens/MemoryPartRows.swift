import Engine

/// The memory of one stage as rows: each part with its letter, its bar, its GiB and its share of the GPU.
struct MemoryPartRows {
  /// One row.
  struct Row: Equatable {
    /// The letter of the bar; a blank for sums.
    var letter: Character
    /// Its name.
    var name: String
    /// Bytes; negative where something is missing.
    var bytes: Double
    /// The colours of its bar.
    var role: Role
    /// A sum of the rows above.
    var isSum = false
    /// Bytes as they are shown: the parts above a sum add up to it to the last digit.
    var shownBytes: Double?
  }

  /// What is drawn.
  let memory: MemoryBreakdown

  /// Columns of letter and name, and of the numbers, with a blank on both sides.
  private static let nameWidth = 15
  private static let numberWidth = 22

  /// The parts, what they add up to, and what is left; the parts and what is left add up to the capacity.
  var rows: [Row] {
    let parts = zip(MemoryBar.parts(memory), MemoryBar.shownBytes(memory)).map {
      Row(
        letter: $0.letter, name: $0.name == "activations" ? "in flight" : $0.name, bytes: $0.bytes, role: $0.role,
        shownBytes: $1)
    }
    let kept = memory.capacity - MemoryBar.used(memory) - memory.spare
    return Array(parts.prefix(MemoryBar.allocatorParts)) + [
      Row(letter: " ", name: "allocated", bytes: memory.allocated, role: .text, isSum: true)
    ]
      + Array(parts.dropFirst(MemoryBar.allocatorParts)) + [
        Row(letter: "░", name: "kept free", bytes: kept, role: .headroom),
        Row(letter: " ", name: "spare", bytes: memory.spare, role: memory.spare < 0 ? .bad : .text),
      ]
  }

  /// Rows and columns from which on it can be drawn.
  static func fits(_ area: Rect) -> Bool { area.width >= nameWidth + numberWidth + 4 }

  /// Draws a row for each part, with a bar where the part lies in the whole.
  ///
  /// Where rows are few they stand side by side, without bars; where columns are few too, the largest parts remain.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    var cells = spans()
    let least = MemoryPartRows.nameWidth + MemoryPartRows.numberWidth
    let columns = max(1, min(area.width / least, (cells.count + area.height - 1) / max(1, area.height)))
    let room = columns * area.height
    if cells.count > room {
      let order = cells.indices.sorted { (weight(cells[$0].row), -$0) < (weight(cells[$1].row), -$1) }
      let dropped = Set(order.prefix(cells.count - room))
      cells = cells.indices.filter { !dropped.contains($0) }.map { cells[$0] }
    }
    let width = area.width / columns
    // Columns of like length: a last one with a single part would look like another table.
    let length = max(1, (cells.count + columns - 1) / columns)
    for (index, cell) in cells.enumerated() {
      let (column, row) = index.quotientAndRemainder(dividingBy: length)
      let place = Rect(x: area.x + column * width, y: area.y + row, width: width, height: 1)
      draw(&canvas, cell.row, from: cell.start, to: cell.end, columns == 1, place)
    }
  }

  /// What is left out first where there is no room: sums, which stand beside the bar above, then what is small.
  private func weight(_ row: Row) -> Double { row.isSum ? -1 : abs(row.bytes) }

  /// The rows with where they lie in the whole, bytes; sums start at 0.
  private func spans() -> [(row: Row, start: Double, end: Double)] {
    var before = 0.0
    return rows.map { row in
      let start = before
      if !row.isSum { before += max(0, row.bytes) }
      return row.isSum ? (row, 0, row.bytes) : (row, start, before)
    }
  }

  private func draw(
    _ canvas: inout Canvas, _ row: Row, from start: Double, to last: Double, _ hasBar: Bool, _ area: Rect
  ) {
    canvas.put(String(row.letter), x: area.x + 1, y: area.y, row.role)
    canvas.put(row.name, x: area.x + 3, y: area.y, row.isSum ? .muted : .text, width: MemoryPartRows.nameWidth - 3)
    let isSpare = row.name == "spare"
    let size = isSpare ? Format.spareGibibytes(row.bytes) : Format.gibibytes(row.shownBytes ?? row.bytes)
    let share = Format.percent(row.bytes / max(1, memory.capacity))
    let bars = area.width - MemoryPartRows.nameWidth - MemoryPartRows.numberWidth
    let end = hasBar ? area.maxX - 1 : area.x + MemoryPartRows.nameWidth + MemoryPartRows.numberWidth - 2
    canvas.putRight(share, end: end, y: area.y, row.bytes < 0 ? .bad : .muted)
    canvas.putRight(size + " GiB", end: end - 9, y: area.y, row.bytes < 0 ? .bad : .text)
    guard hasBar else { return }
    let bar = Rect(x: area.x + MemoryPartRows.nameWidth, y: area.y, width: max(0, bars), height: 1)
    drawBar(&canvas, row, from: start, to: last, scale: max(memory.capacity, MemoryBar.used(memory), 1), bar)
  }

  /// A bar of the part's letters at its place; at least a column of what is not nothing.
  private func drawBar(
    _ canvas: inout Canvas, _ row: Row, from start: Double, to end: Double, scale: Double, _ area: Rect
  ) {
    guard area.width > 0, row.bytes > 0 else { return }
    func column(_ bytes: Double) -> Int {
      max(0, min(area.width, Int(bounded: (bytes / scale * Double(area.width)).rounded())))
    }
    let first = min(column(start), area.width - 1)
    let count = max(1, column(end) - first)
    let letter: Character = row.isSum ? "─" : row.letter == " " ? "·" : row.letter
    canvas.put(
      String(repeating: letter, count: count), x: area.x + first, y: area.y,
      row.letter == " " ? .muted : row.role)
  }
}
