/// Draws the open dialog over the panes.
struct DialogView {
  /// The state that it tells of.
  let state: ExplorerState

  /// Draws into the body of the screen.
  func draw(_ canvas: inout Canvas, _ body: Rect) {
    canvas.ground = .dialog
    defer { canvas.ground = nil }
    switch state.dialog {
    case .help(let help): drawHelp(&canvas, body, help)
    case .cell(let list): drawCellList(&canvas, list)
    case .history(let row): drawHistory(&canvas, body, row: row)
    case .save(let save): drawSave(&canvas, body, save)
    case .export(let export): drawExport(&canvas, body, export)
    case .importing(let importing): drawImport(&canvas, body, importing)
    case .details(let scroll): drawDetails(&canvas, body, scroll: scroll)
    case .settings(let settings): drawSettings(&canvas, body, settings)
    case .copy(let menu): drawCopy(&canvas, body, menu)
    case .clusters(let list): drawClusters(&canvas, body, list)
    case nil: break
    }
  }

  func frame(_ canvas: inout Canvas, _ body: Rect, width: Int, height: Int, title: String) -> Rect {
    // Where the panes' own frame would stand right beside it, the dialog takes that room too.
    let isTight = body.width < width + 2 * Self.leastMargin
    return frame(&canvas, at: body.centred(width: isTight ? body.width : width, height: height), title: title)
  }

  /// Columns of the panes that are seen on each side, or none.
  private static let leastMargin = 2

  private func frame(_ canvas: inout Canvas, at area: Rect, title: String) -> Rect {
    canvas.fill(area, .dialog)
    let inner = canvas.box(area, .focus)
    canvas.put(" \(title) ", x: area.x + 2, y: area.y, .focus, width: area.width - 4)
    return inner.inset(columns: 1, rows: 0)
  }

  // MARK: help

  private func drawHelp(_ canvas: inout Canvas, _ body: Rect, _ help: HelpDialogState) {
    let matches = state.helpMatches(help)
    let all = Command.available(in: state).count
    let title = "What works here: \(state.focus.title)"
    if help.isPalette { return drawPalette(&canvas, body, help, matches) }
    let inner = frame(&canvas, body, width: 78, height: all + 4, title: title)
    canvas.inside(inner) { canvas in
      putField(
        &canvas, help.query, label: "search ",
        Rect(x: inner.x, y: inner.y, width: inner.width, height: 1))
      let list = inner.splitRows(2).1
      let first = RowWindow.first(rows: matches.count, room: list.height, cursor: help.row)
      if matches.isEmpty { canvas.put("nothing here is called so", x: list.x, y: list.y, .dialog) }
      for (offset, command) in matches.dropFirst(first).prefix(list.height).enumerated() {
        let y = list.y + offset
        canvas.put(state.keymap.label(of: command), x: list.x, y: y, .key, width: 16)
        canvas.put(command.help, x: list.x + 17, y: y, .dialog, width: list.width - 18)
        if first + offset == help.row { canvas.select(Rect(x: list.x, y: y, width: list.width, height: 1)) }
      }
    }
    let list = inner.splitRows(2).1
    let first = RowWindow.first(rows: matches.count, room: list.height, cursor: help.row)
    drawMarks(&canvas, list, rows: matches.count, first: first)
  }

  /// One line of typed text with its cursor, scrolled so that the cursor can be seen.
  func putField(_ canvas: inout Canvas, _ field: TextField, label: String, _ area: Rect) {
    let start = canvas.put(label, x: area.x, y: area.y, .dialog)
    let room = max(1, area.maxX - start - 1)
    var first = 0
    while first < field.cursor,
      CharacterWidth.of(String(field.characters[first..<field.cursor])) >= room
    {
      first += 1
    }
    canvas.inside(Rect(x: start, y: area.y, width: room, height: 1)) { canvas in
      canvas.put(String(field.characters[first...]), x: start, y: area.y, .dialog)
    }
    let cursor = start + CharacterWidth.of(String(field.characters[first..<field.cursor]))
    canvas.select(Rect(x: cursor, y: area.y, width: 1, height: 1))
  }

  /// Marks of a list that goes on, in the blank column before it.
  func drawMarks(_ canvas: inout Canvas, _ area: Rect, rows: Int, first: Int) {
    RowWindow.drawMarks(
      &canvas, Rect(x: area.x - 1, y: area.y, width: 1, height: area.height), rows: rows, first: first)
  }

  // MARK: values and edits

  private func drawCellList(_ canvas: inout Canvas, _ list: CellListState) {
    let view = CellListView(state: state, list: list)
    let typed = list.typed.text.isEmpty ? "" : ": \(list.typed.text)_"
    let inner = frame(&canvas, at: view.area(state.layout), title: "\(list.cell.title), now \(list.current)\(typed)")
    canvas.inside(inner) { view.draw(&$0, inner) }
  }

  private func drawHistory(_ canvas: inout Canvas, _ body: Rect, row: Int) {
    let entries = state.history.entries
    let inner = frame(&canvas, body, width: 70, height: entries.count + 3, title: "Edits")
    let first = RowWindow.first(rows: entries.count + 1, room: inner.height, cursor: row)
    canvas.inside(inner) { canvas in
      for index in first..<min(entries.count + 1, first + inner.height) {
        let y = inner.y + index - first
        let entry = index > 0 ? entries[index - 1] : nil
        let mark = index == state.history.position ? "▸ " : "  "
        let role: Role = index > state.history.position ? .muted : .dialog
        let figure = entry.map { entry in
          (entry.seconds.map(Format.stepSeconds) ?? "") + (entry.fits ? "" : " OVER")
        }
        canvas.put(
          mark + (entry?.title ?? "as it was opened"), x: inner.x, y: y, role, width: inner.width - 16)
        canvas.put(Format.right(figure ?? "", 14), x: inner.maxX - 15, y: y, role, width: 14)
        if index == row { canvas.select(Rect(x: inner.x, y: y, width: inner.width, height: 1)) }
      }
    }
    drawMarks(&canvas, inner, rows: entries.count + 1, first: first)
  }

  // MARK: save

  private func drawSave(_ canvas: inout Canvas, _ body: Rect, _ save: SaveDialogState) {
    let inner = frame(&canvas, body, width: 70, height: 7, title: "Save the plan")
    canvas.inside(inner) { canvas in
      let score = save.plan.score
      let what =
        "\(Format.stepSeconds(score.iterationSeconds)) per iteration, \(FrontierPane.choices(save.plan.plan))"
      canvas.put(what, x: inner.x, y: inner.y + 1, .dialog, width: inner.width)
      putField(
        &canvas, save.path, label: "to ", Rect(x: inner.x, y: inner.y + 2, width: inner.width, height: 1))
      let (text, role): (String, Role)
      switch save.step {
      case .confirming: (text, role) = ("The file exists. Overwrite it? y / n", .warning)
      case .writing: (text, role) = ("writing", .dialog)
      case .typing: (text, role) = (save.error ?? "", .bad)
      }
      canvas.put(text, x: inner.x, y: inner.y + 3, role, width: inner.width)
    }
  }

  // MARK: export

  private func drawExport(_ canvas: inout Canvas, _ body: Rect, _ export: ExportDialogState) {
    let view = ExportDialogView(export: export)
    let width = min(84, body.width)
    let height = view.height(width: max(8, width - 4)) + 2
    let inner = frame(&canvas, body, width: width, height: height, title: "Export the plan")
    canvas.inside(inner) { canvas in
      view.draw(&canvas, inner) { putField(&$0, $1, label: $2, $3) }
    }
  }

  // MARK: details

  private func drawDetails(_ canvas: inout Canvas, _ body: Rect, scroll: Int) {
    let label = 13
    let width = min(100, body.width)
    var rows: [(String, String)] = []
    for line in HeaderDetails.lines(state) {
      let parts = WaitingView.wrapped(line.value, width: max(8, width - 5 - label))
      rows += parts.enumerated().map { ($0.offset == 0 ? line.label : "", $0.element) }
    }
    let inner = frame(&canvas, body, width: width, height: rows.count + 2, title: "In full")
    canvas.inside(inner) { canvas in
      let first = max(0, min(scroll, rows.count - inner.height))
      for (offset, row) in rows.dropFirst(first).prefix(inner.height).enumerated() {
        canvas.put(row.0, x: inner.x, y: inner.y + offset, .key, width: label - 1)
        canvas.put(row.1, x: inner.x + label, y: inner.y + offset, .dialog, width: inner.width - label - 1)
      }
    }
    drawMarks(&canvas, inner, rows: rows.count, first: max(0, min(scroll, rows.count - inner.height)))
  }
}
