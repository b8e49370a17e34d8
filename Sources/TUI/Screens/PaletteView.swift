extension DialogView {
  /// Draws the palette: name, keys and sentence of each command, or what may follow the name that was typed.
  func drawPalette(_ canvas: inout Canvas, _ body: Rect, _ help: HelpDialogState, _ matches: [Command]) {
    let all = Command.available(in: state)
    let nameWidth = all.map { CharacterWidth.of($0.name) }.max() ?? 0
    let keyWidth = 11
    let inner = frame(&canvas, body, width: 102, height: all.count + 4, title: "Command")
    let list = inner.splitRows(2).1
    let first = RowWindow.first(rows: matches.count, room: list.height, cursor: help.row)
    canvas.inside(inner) { canvas in
      putField(&canvas, help.query, label: ":", Rect(x: inner.x, y: inner.y, width: inner.width, height: 1))
      if matches.isEmpty { canvas.put("nothing here is called so", x: list.x, y: list.y, .dialog) }
      for (offset, command) in matches.dropFirst(first).prefix(list.height).enumerated() {
        let y = list.y + offset
        canvas.put(command.name, x: list.x, y: y, .dialog, width: nameWidth)
        let keys = list.x + nameWidth + 2
        canvas.put(state.keymap.label(of: command), x: keys, y: y, .key, width: keyWidth)
        let sentence = keys + keyWidth + 1
        canvas.put(command.help, x: sentence, y: y, .dialog, width: list.maxX - 1 - sentence)
        if first + offset == help.row {
          canvas.select(Rect(x: list.x, y: y, width: list.width, height: 1))
        }
      }
      guard let (_, argument, text) = state.paletteArgument(help), list.height > 2 else { return }
      let values = argument.values(state).filter { $0.hasPrefix(text) }.joined(separator: "  ")
      canvas.put(values, x: list.x, y: list.y + 2, .dialog, width: list.width)
    }
    drawMarks(&canvas, list, rows: matches.count, first: first)
  }
}
