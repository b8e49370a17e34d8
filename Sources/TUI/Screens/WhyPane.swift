import Engine

/// Why the number under the cursor is what it is: its parts, what binds, what more would buy, and why the plans next to
/// this one are worse.
struct WhyPane: PaneView {
  let state: ExplorerState
  let pane = Pane.why

  var legend: Legend { Legend() }

  var remark: String {
    guard state.shown != nil else { return "" }
    let why = state.why
    let isLate = why.asked != nil && (why.asked != why.question || why.awaitsBinding || why.awaitsNeighbours)
    return (isLate ? "… " : "") + "what the cursor of \(state.mainFocus.title) is on"
  }

  /// From so many columns on, what more would buy and the neighbours stand beside the parts.
  private static let besideWidth = 100
  private static let footRows = 3
  private static let cursorWidth = 28

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard state.shown != nil else {
      WaitingView(state: state, pane: nil).draw(&canvas, area)
      return
    }
    let inner = area.inset(columns: 1, rows: 0)
    guard let tree = state.why.tree, let question = state.why.question else {
      let text = state.why.question == nil ? "taking it apart …" : "it is not taken apart"
      canvas.put(text, x: inner.x, y: inner.y, .muted)
      return
    }
    let isBeside = inner.width >= Self.besideWidth
    let (left, right) = isBeside ? inner.splitColumns(inner.width / 2) : (inner, inner.splitColumns(inner.width).1)
    let own = isBeside ? Rect(x: left.x, y: left.y, width: left.width - 2, height: left.height) : left
    let head = head(tree, question, width: own.width)
    for (row, line) in head.prefix(own.height).enumerated() {
      canvas.put(line, x: own.x, y: own.y + row, width: own.width)
    }
    let below = own.splitRows(head.count).1
    let foot = below.height > 8 ? Self.footRows : below.height > 4 ? 1 : 0
    let (list, footArea) = below.splitRows(below.height - foot)
    let others = valueLines + [.blank] + neighbourLines(question)
    drawList(&canvas, list, isBeside ? nodeLines : nodeLines + [.blank] + others)
    if isBeside { drawList(&canvas, right, others) }
    drawFoot(&canvas, footArea)
  }

  // MARK: head and foot

  /// What it is, and what binds the plan.
  private func head(_ tree: ExplanationNode, _ question: WhyQuestion, width: Int) -> [[Span]] {
    var first = [Span(tree.name, .title), Span("  " + WhyText.amount(tree.value, tree.unit), .focus)]
    if !question.title.isEmpty { first.insert(Span(question.title + " · moves ", .muted), at: 0) }
    // The first row of the list says it too.
    if first.reduce(0, { $0 + $1.width }) > width { first.removeLast() }
    guard let binding = state.why.binding else {
      return [first, [Span(state.why.awaitsBinding ? "what binds it: …" : "what binds it is not known", .muted)]]
    }
    let role: Role = !binding.fits ? .bad : binding.limit == .nothing ? .muted : .warning
    let lines = Self.first(3, of: WaitingView.wrapped(binding.text, width: width), width: width)
    return [first] + lines.map { [Span($0, role)] }
  }

  /// So many lines, at least one; where there are more, the last of them shows that the text goes on.
  private static func first(_ most: Int, of lines: [String], width: Int) -> [String] {
    guard lines.count > most else { return lines }
    let rest = lines[most...].map { $0.drop { $0 == " " } }.joined(separator: " ")
    return lines.prefix(most - 1) + [CellText.fitted(lines[most - 1] + " " + rest, width: width)]
  }

  /// What the row under the cursor says in full.
  private func drawFoot(_ canvas: inout Canvas, _ area: Rect) {
    guard area.height > 0, let row = state.focus == .why ? state.whyRow : state.whyNodes.first else { return }
    let lines: [String]
    switch row.content {
    case .node(let node, _, _, _):
      lines = [WhyText.formula(node)] + (WhyText.sources(node).map { WaitingView.wrapped($0, width: area.width) } ?? [])
    case .marginal(let value): lines = WaitingView.wrapped(WhyText.details(value), width: area.width)
    case .neighbour(let neighbour, _): lines = WaitingView.wrapped(WhyText.details(neighbour), width: area.width)
    }
    for (offset, line) in Self.first(area.height, of: lines, width: area.width).enumerated() {
      canvas.put(line, x: area.x, y: area.y + offset, .muted, width: area.width)
    }
  }

  // MARK: lists

  /// A line of a list.
  private enum Line {
    case blank
    case title(String, end: String)
    case note(String)
    case row(WhyRow)

    var place: WhyPlace? {
      if case .row(let row) = self { return row.place }
      return nil
    }
  }

  private var nodeLines: [Line] { state.whyNodes.map { .row($0) } }

  private var valueLines: [Line] {
    let marginal = state.why.marginal
    let count = "\(marginal.values.count) of \(state.whySteps.count)"
    let title = Line.title("what more would buy", end: marginal.key == nil || marginal.isDone ? "s/iteration" : count)
    let rows = state.whyValues.map { Line.row($0) }
    if marginal.isDone {
      return [title] + (rows.isEmpty ? [.note("none is known here: `brume explain --marginal` finds it")] : rows)
    }
    if marginal.isRunning { return [title] + rows + [.note("searching with more of the next …")] }
    let reason =
      state.isSearching
      ? "after the search" : "\(state.keyText("why.marginal")) finds it: a search with more of each"
    return [title] + rows + [.note(reason)]
  }

  private func neighbourLines(_ question: WhyQuestion) -> [Line] {
    let title = Line.title("one step away in " + question.cell.title, end: "")
    let rows = state.whyNeighbours.map { Line.row($0) }
    if !rows.isEmpty { return [title] + rows }
    return [title, .note(state.why.awaitsNeighbours ? "scoring them …" : "this choice has no other value here")]
  }

  private func drawList(_ canvas: inout Canvas, _ area: Rect, _ lines: [Line]) {
    guard area.height > 0 else { return }
    let hasKeys = state.focus == .why
    let place = hasKeys ? state.whyRow?.place : nil
    let cursor = place.flatMap { place in lines.firstIndex { $0.place == place } } ?? 0
    let first = RowWindow.first(rows: lines.count, room: area.height, cursor: cursor)
    let order = state.whyRows.map(\.place)
    for (offset, line) in lines.dropFirst(first).prefix(area.height).enumerated() {
      let place = Rect(x: area.x, y: area.y + offset, width: area.width, height: 1)
      switch line {
      case .blank: break
      case .title(let text, let end):
        canvas.put(text, x: place.x, y: place.y, .title, width: place.width)
        canvas.putRight(end, end: place.maxX, y: place.y, .muted)
      case .note(let text): canvas.put("  " + text, x: place.x, y: place.y, .muted, width: place.width)
      case .row(let row):
        WhyRowView(row: row, current: state.why.neighbours?.current).draw(&canvas, place)
        if let index = order.firstIndex(of: row.place) { canvas.hit(place, .whyRow(index)) }
        if hasKeys, first + offset == cursor, row.place == state.whyRow?.place {
          // Not the whole row: over a slow line a step would cost twice as much.
          canvas.select(place.splitColumns(Self.cursorWidth).0)
        }
      }
    }
    RowWindow.drawMarks(
      &canvas, Rect(x: area.x - 1, y: area.y, width: 1, height: area.height), rows: lines.count, first: first)
  }
}
