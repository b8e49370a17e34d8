/// Draws the settings dialog and the menu of what can be copied.
enum SettingsDialogView {
  /// Keys and what they do, for the line at the bottom.
  static func hints(_ settings: SettingsDialogState) -> [(key: String, name: String)] {
    switch settings.step {
    case .choosing:
      [
        ("Enter", "change"), ("Ins", "one more key"), ("Del", "as it was"), ("type", "to search"), ("↑ ↓", "choose"),
        ("Esc", "close"),
      ]
    case .waiting: [("any key", "is the new one"), ("Esc", "leave it")]
    case .confirming: [("y", "yes"), ("any other key", "no")]
    }
  }

  /// Lines under the list: a question, what is waited for, or what is wrong.
  static func remark(_ settings: SettingsDialogState, _ state: ExplorerState) -> (text: String, role: Role) {
    switch settings.step {
    case .waiting(let id, let adds):
      (adds ? "press one more key for \(id)" : "press the new key for \(id)", .warning)
    case .confirming(_, _, _, let question): (question, .warning)
    case .choosing:
      if let problem = state.settingsProblem {
        ("changes last until you leave: \(problem)", .bad)
      } else {
        (state.keymap.remarks.first.map { "\($0)" } ?? "kept for all sessions in settings.yaml", .dialog)
      }
    }
  }
}

extension DialogView {
  /// Draws the settings: a field to search, the rows, and a remark.
  func drawSettings(_ canvas: inout Canvas, _ body: Rect, _ settings: SettingsDialogState) {
    let rows = state.settingsRows(settings)
    let width = min(92, body.width)
    let (text, role) = SettingsDialogView.remark(settings, state)
    let lines = Array(WaitingView.wrapped(text, width: max(8, width - 5)).prefix(3))
    let inner = frame(&canvas, body, width: width, height: SettingsRow.all.count + lines.count + 5, title: "Settings")
    let foot = lines.count + 1
    let list = Rect(x: inner.x, y: inner.y + 2, width: inner.width, height: max(0, inner.height - 2 - foot))
    let first = RowWindow.first(rows: rows.count, room: list.height, cursor: settings.row)
    canvas.inside(inner) { canvas in
      putField(
        &canvas, settings.query, label: "search ", Rect(x: inner.x, y: inner.y, width: inner.width, height: 1))
      if rows.isEmpty { canvas.put("nothing here is called so", x: list.x, y: list.y, .dialog) }
      for (offset, row) in rows.dropFirst(first).prefix(list.height).enumerated() {
        let line = Rect(x: list.x, y: list.y + offset, width: list.width, height: 1)
        draw(&canvas, line, row)
        if first + offset == settings.row { canvas.select(line) }
      }
      for (offset, line) in lines.enumerated() {
        canvas.put(line, x: inner.x, y: list.maxY + 1 + offset, role, width: inner.width)
      }
    }
    drawMarks(&canvas, list, rows: rows.count, first: first)
  }

  /// One row: what is set, where, and to what; a mark where it is not the default.
  private func draw(_ canvas: inout Canvas, _ line: Rect, _ row: SettingsRow) {
    let placeWidth = 10
    let valueWidth = row.command == nil ? 30 : 14
    let value = line.maxX - valueWidth
    canvas.put(row.title, x: line.x, y: line.y, .dialog, width: value - placeWidth - 3 - line.x)
    canvas.put(row.place, x: line.maxX - 14 - placeWidth - 2, y: line.y, .dialog, width: placeWidth)
    let mark = row.command.map { state.keymap.isChanged($0) } == true ? "*" : " "
    canvas.put(mark + state.settingsValue(row), x: value - 1, y: line.y, .key, width: valueWidth)
  }

  /// Draws the menu of what can be copied, each item with its first line.
  func drawCopy(_ canvas: inout Canvas, _ body: Rect, _ menu: CopyDialogState) {
    let labelWidth = menu.items.map { CharacterWidth.of($0.label) }.max() ?? 0
    let inner = frame(&canvas, body, width: 96, height: menu.items.count + 2, title: "Copy")
    let first = RowWindow.first(rows: menu.items.count, room: inner.height, cursor: menu.row)
    canvas.inside(inner) { canvas in
      for (index, item) in menu.items.enumerated().dropFirst(first).prefix(inner.height) {
        let line = Rect(x: inner.x, y: inner.y + index - first, width: inner.width, height: 1)
        canvas.put("\(index + 1)", x: line.x, y: line.y, .key)
        canvas.put(item.label, x: line.x + 3, y: line.y, .dialog, width: line.width - 3)
        let start = line.x + 3 + labelWidth + 2
        let preview = item.text.prefix { $0 != "\n" }
        canvas.put(String(preview), x: start, y: line.y, .dialog, width: line.maxX - start)
        if index == menu.row { canvas.select(line) }
      }
    }
    drawMarks(&canvas, inner, rows: menu.items.count, first: first)
  }
}
