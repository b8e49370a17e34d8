/// The characters that a terminal can show.
public enum Charset: String, Sendable, CaseIterable {
  /// Printable ASCII alone.
  case ascii
  /// Box drawing, blocks and quadrants: what the Linux console's font has.
  case block
  /// The same and braille.
  case braille

  /// The next one, in the order of the cases.
  var next: Charset {
    switch self {
    case .ascii: .block
    case .block: .braille
    case .braille: .ascii
    }
  }

  /// What stands in for a character under this charset; one column each, so that nothing moves.
  ///
  /// The screens are written once, with box drawing; only this table knows of ASCII.
  func shown(_ character: Character) -> Character {
    guard self == .ascii, !character.isASCII else { return character }
    switch character {
    case "│", "┃", "║", "▏", "▕": return "|"
    case "─", "┄", "–", "−": return "-"
    case "━": return "+"
    case "═": return "="
    case "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "╭", "╮", "╰", "╯": return "+"
    case "·", "•": return "."
    case "×": return "x"
    case "▸", "→": return ">"
    case "◂", "←": return "<"
    case "▾", "↓": return "v"
    case "▴", "↑": return "^"
    case "●": return "o"
    case "◆": return "@"
    case "◇": return "%"
    case "⋯", "…": return "~"
    case "░", "▒": return "/"
    case "█", "▓": return "#"
    case "±": return "~"
    default: return "?"
    }
  }
}
