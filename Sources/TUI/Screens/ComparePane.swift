import Engine

/// The plan beside the reference, the best of other spaces and the answers to questions: a column each.
///
/// The first column stays in sight, the others scroll by pages, so that moving the cursor seldom redraws them.
struct ComparePane: PaneView {
  let state: ExplorerState
  let pane = Pane.compare

  /// Columns of the titles of the rows.
  private static let labelWidth = 12
  /// Columns of each column, a blank before it among them.
  static let columnWidth = 12
  /// Columns of what stands beside the table where the pane is wide.
  private static let sideWidth = 46
  /// From this width on the difference stands beside the table, and not below it.
  private static let leastWide = 112
  /// Rows above the first figure: titles and keys.
  private static let headRows = 2

  var legend: Legend { Legend() }

  var remark: String {
    guard let book = state.compareBook else { return "" }
    guard let running = state.compare.running, let entry = book[running.id] else {
      guard !book.waiting.isEmpty else { return "" }
      return "waits for the search of the plan"
    }
    let share = Format.right(Format.percent(min(1, running.share), decimals: 0), 5)
    let others = book.waiting.isEmpty ? "" : ", \(book.waiting.count) to come"
    return "searching \(entry.title) \(share)\(others)"
  }

  /// Rows that go on below: of the table, and then of the words on the column under the cursor, in an area inside the
  /// frame.
  static func scrollRooms(_ state: ExplorerState, _ area: Rect) -> (table: Int, words: Int) {
    let (table, words) = parts(area)
    let lines = state.comparedColumn.map { CompareWords(state: state, column: $0, width: words.width).lines.count } ?? 0
    return (
      max(0, CompareRow.rows(of: state.compareColumns).count - (table.height - headRows)), max(0, lines - words.height)
    )
  }

  /// Where the table and the words stand in the frame: beside one another, or with a blank row between them.
  static func parts(_ area: Rect) -> (table: Rect, words: Rect) {
    if area.width >= leastWide {
      let (left, right) = area.splitColumns(area.width - sideWidth)
      return (left, right.inset(columns: 1, rows: 0))
    }
    let foot = max(6, area.height * 2 / 5)
    let (top, bottom) = area.splitRows(min(area.height, headRows + max(1, area.height - headRows - foot)))
    return (top, bottom.splitRows(min(1, bottom.height)).1.inset(columns: 1, rows: 0))
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    let columns = state.compareColumns
    guard state.shown != nil || state.compareBook != nil, let selected = state.comparedColumn else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    let (table, words) = Self.parts(area)
    canvas.inside(table) { drawTable(&$0, table, columns, selected) }
    let lines = CompareWords(state: state, column: selected, width: words.width).lines
    // Where the table has come to its end the words go on.
    let scrolled = state.compare.firstRow - Self.scrollRooms(state, area).table
    let first = max(0, min(lines.count - words.height, scrolled))
    for (offset, line) in lines.dropFirst(first).prefix(words.height).enumerated() {
      canvas.put(line, x: words.x, y: words.y + offset, width: words.width)
    }
    let margin = Rect(x: words.x - 1, y: words.y, width: 1, height: words.height)
    RowWindow.drawMarks(&canvas, margin, rows: lines.count, first: first)
  }

  // MARK: table

  private func drawTable(_ canvas: inout Canvas, _ area: Rect, _ columns: [CompareColumn], _ selected: CompareColumn) {
    let room = max(1, (area.width - 1 - Self.labelWidth) / Self.columnWidth - 1)
    let others = Array(columns.dropFirst())
    let place = others.firstIndex { $0.id == selected.id } ?? 0
    let page = place / room
    let shown = Array(columns.prefix(1)) + others.dropFirst(page * room).prefix(room)
    let rows = CompareRow.rows(of: columns)
    let height = max(0, area.height - Self.headRows)
    let first = max(0, min(rows.count - height, state.compare.firstRow))
    for (offset, row) in rows.dropFirst(first).prefix(height).enumerated() {
      canvas.put(row.title, x: area.x + 1, y: area.y + Self.headRows + offset, .muted, width: Self.labelWidth - 1)
    }
    let body = Rect(x: area.x, y: area.y + Self.headRows, width: 1, height: height)
    RowWindow.drawMarks(&canvas, body, rows: rows.count, first: first)
    for (index, column) in shown.enumerated() {
      let end = area.x + 1 + Self.labelWidth + (index + 1) * Self.columnWidth - 1
      drawHead(&canvas, column, end: end, y: area.y, isSelected: column.id == selected.id)
      canvas.hit(
        Rect(x: end - Self.columnWidth + 1, y: area.y, width: Self.columnWidth, height: area.height),
        .compared(column.id))
      for (offset, row) in rows.dropFirst(first).prefix(height).enumerated() {
        let (text, role) = cell(column, row, isFirst: first + offset == 0)
        canvas.putRight(text, end: end, y: area.y + Self.headRows + offset, role)
      }
    }
    if page > 0 { canvas.put("◂", x: area.x + Self.labelWidth - 1, y: area.y + 1, .key) }
    if others.count > (page + 1) * room {
      let end = area.x + 1 + Self.labelWidth + shown.count * Self.columnWidth
      canvas.put("▸", x: end, y: area.y + 1, .key)
    }
  }

  /// The title, marked under the cursor, and the key that goes there.
  private func drawHead(_ canvas: inout Canvas, _ column: CompareColumn, end: Int, y: Int, isSelected: Bool) {
    let title = CellText.fitted(column.title, width: Self.columnWidth - 1)
    canvas.putRight(title, end: end, y: y, column.id == .shown ? .plan : .title)
    if isSelected {
      let width = CharacterWidth.of(title)
      canvas.put("▸", x: end - width - 1, y: y, .key)
      if state.focus == .compare { canvas.select(Rect(x: end - width, y: y, width: width, height: 1)) }
    }
    if case .whatIf(let kind) = column.id, let key = state.keymap.keys(of: kind.commandID).first {
      canvas.putRight(key.label, end: end, y: y + 1, .key)
    }
  }

  private func cell(_ column: CompareColumn, _ row: CompareRow, isFirst: Bool) -> (String, Role) {
    if let plan = column.plan {
      let isBad = row.title == "fits" && !plan.score.fits
      return (row.value(column, plan, state.shown), isBad ? .bad : column.id == .shown ? .plan : .text)
    }
    guard isFirst else { return ("", .muted) }
    switch column.answer {
    case .plan: return ("", .muted)
    case .searching(let share): return (Format.percent(min(1, share), decimals: 0), .news)
    case .waiting: return ("waiting", .muted)
    case .stopped: return ("not asked", .muted)
    case .noneFits: return ("none fits", .bad)
    case .refused: return ("n/a", .muted)
    }
  }
}
