/// The screen as plain text: one string a row, without trailing blanks.
public func plainText(_ frame: Frame) -> [String] {
  let width = frame.size.width
  return (0..<max(0, frame.size.height)).map { row in
    var line = ""
    for column in 0..<width { line += frame.cells[row * width + column].text }
    while line.last == " " { line.removeLast() }
    return line
  }
}

/// The screen as text with the colours and attributes of its cells (SGR sequences), one string a row.
///
/// Every row ends with a reset, so that rows can be printed or cut one by one.
public func ansiText(_ frame: Frame) -> [String] {
  let width = frame.size.width
  return (0..<max(0, frame.size.height)).map { row in
    var line = ""
    var last: Style?
    for column in 0..<width {
      let cell = frame.cells[row * width + column]
      guard !cell.text.isEmpty else { continue }
      if cell.style != last {
        line += sequence(cell.style)
        last = cell.style
      }
      line += cell.text
    }
    return line + (last == nil ? "" : "\u{1B}[0m")
  }
}

private func sequence(_ style: Style) -> String {
  var codes = ["0"]
  if style.bold { codes.append("1") }
  if style.dim { codes.append("2") }
  if style.underline { codes.append("4") }
  if style.reverse { codes.append("7") }
  codes += colourCodes(style.foreground, base: 30) + colourCodes(style.background, base: 40)
  return "\u{1B}[" + codes.joined(separator: ";") + "m"
}

/// The 16 named colours by their short codes, which every terminal knows; the others by 256-colour codes.
private func colourCodes(_ colour: Colour, base: Int) -> [String] {
  switch colour {
  case .terminal: []
  case .indexed(let index) where index < 8: ["\(base + Int(index))"]
  case .indexed(let index) where index < 16: ["\(base + 60 + Int(index) - 8)"]
  case .indexed(let index): ["\(base + 8)", "5", "\(index)"]
  }
}
