import TUI

/// A frame as lines of text, with or without the escape sequences of its colours.
enum FrameText {
  /// The lines; trailing blanks without a style of their own are cut off.
  ///
  /// - Parameter styled: true writes SGR sequences, and ends each line with a reset.
  static func lines(_ frame: Frame, styled: Bool) -> [String] {
    (0..<frame.size.height).map { row in
      let start = row * frame.size.width
      return line(frame.cells[start..<start + frame.size.width], styled: styled)
    }
  }

  private static func line(_ cells: ArraySlice<Cell>, styled: Bool) -> String {
    let end = cells.lastIndex { $0.text != " " || (styled && $0.style != Style()) }
    guard let end else { return "" }
    var line = ""
    var current = Style()
    for cell in cells[cells.startIndex...end] {
      if styled && cell.style != current {
        line += sequence(cell.style)
        current = cell.style
      }
      line += cell.text
    }
    return current == Style() ? line : line + "\u{1b}[0m"
  }

  /// The sequence that sets a style from any other.
  static func sequence(_ style: Style) -> String {
    var codes = ["0"]
    if style.bold { codes.append("1") }
    if style.dim { codes.append("2") }
    if style.underline { codes.append("4") }
    if style.reverse { codes.append("7") }
    codes += colour(style.foreground, base: 30) + colour(style.background, base: 40)
    return "\u{1b}[" + codes.joined(separator: ";") + "m"
  }

  private static func colour(_ colour: Colour, base: Int) -> [String] {
    switch colour {
    case .terminal: []
    case .indexed(let index) where index < 8: ["\(base + Int(index))"]
    case .indexed(let index) where index < 16: ["\(base + 60 + Int(index) - 8)"]
    case .indexed(let index): ["\(base + 8)", "5", "\(index)"]
    }
  }
}
