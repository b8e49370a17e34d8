import Engine

extension DialogView {
  /// Draws the import dialog: the file, the launchers, and what went wrong.
  func drawImport(_ canvas: inout Canvas, _ body: Rect, _ importing: ImportDialogState) {
    let width = min(84, body.width)
    let errors = importing.error.map { Array(WaitingView.wrapped($0, width: max(8, width - 4)).prefix(5)) } ?? []
    let rows = ["guess the launcher by the file"] + Launcher.allCases.map(\.title)
    let inner = frame(
      &canvas, body, width: width, height: rows.count + max(1, errors.count) + 5, title: "Import what is run today")
    canvas.inside(inner) { canvas in
      putField(
        &canvas, importing.path, label: "file ", Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: 1))
      for (index, text) in rows.enumerated() {
        let y = inner.y + 3 + index
        canvas.put(text, x: inner.x, y: y, .dialog, width: inner.width)
        if index == importing.row { canvas.select(Rect(x: inner.x, y: y, width: inner.width, height: 1)) }
      }
      let y = inner.y + 3 + rows.count
      if importing.isWorking { canvas.put("reading", x: inner.x, y: y, .dialog, width: inner.width) }
      for (row, line) in errors.enumerated() {
        canvas.put(line, x: inner.x, y: y + row, .bad, width: inner.width)
      }
    }
  }
}
