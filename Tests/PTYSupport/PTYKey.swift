/// A key of a keyboard, as a terminal of the xterm family sends it.
public enum PTYKey: Sendable, Hashable {
  /// A character, typed.
  case character(Character)
  /// Control and a letter a...z.
  case control(Character)
  /// Alt and a character.
  case alt(Character)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  /// F1...F4.
  case function(Int)

  /// What is sent; cursor keys differ where the program asked for application mode.
  func bytes(applicationMode: Bool) -> String {
    let cursor = applicationMode ? "\u{1B}O" : "\u{1B}["
    switch self {
    case .character(let character): return String(character)
    case .control(let letter): return String(UnicodeScalar((letter.asciiValue ?? 64) & 0x1F))
    case .alt(let character): return "\u{1B}\(character)"
    case .enter: return "\r"
    case .escape: return "\u{1B}"
    case .tab: return "\t"
    case .backTab: return "\u{1B}[Z"
    case .backspace: return "\u{7F}"
    case .delete: return "\u{1B}[3~"
    case .insert: return "\u{1B}[2~"
    case .up: return cursor + "A"
    case .down: return cursor + "B"
    case .right: return cursor + "C"
    case .left: return cursor + "D"
    case .home: return cursor + "H"
    case .end: return cursor + "F"
    case .pageUp: return "\u{1B}[5~"
    case .pageDown: return "\u{1B}[6~"
    case .function(let number): return "\u{1B}O\(["P", "Q", "R", "S"][max(0, min(3, number - 1))])"
    }
  }
}
