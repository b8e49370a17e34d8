@testable import TUI

/// A state as a golden file shows it: the text of its screen, and how its cells look in 256 colours and without any.
struct GoldenScreen {
  /// The depths that a file tells of.
  static let depths: [ColourDepth] = [.full, .none]

  /// The text, one string a row.
  let text: [String]
  /// The text without colours; the same wherever colour is no part of what is drawn.
  let plainText: [String]
  private let looks: [[Looks]]
  private let theme: Theme
  private let size: Size

  /// How a cell looks at each depth.
  private struct Looks: Hashable {
    var full: Style
    var none: Style
  }

  /// Draws a state at both depths.
  init(_ state: ExplorerState, size: Size) {
    var state = state
    state.look.depth = .full
    let full = render(state, size: size)
    state.look.depth = .none
    let none = render(state, size: size)
    text = TUI.plainText(full)
    plainText = full.cells.elementsEqual(none.cells) { $0.text == $1.text } ? text : TUI.plainText(none)
    looks = (0..<size.height).map { row in
      (row * size.width..<(row + 1) * size.width).map { Looks(full: full.cells[$0].style, none: none.cells[$0].style) }
    }
    theme = state.look.theme
    self.size = size
  }

  /// The file: a line that names it, the text, the looks, and what their letters mean.
  ///
  /// A letter of the looks stands where its look begins, and holds to the next one or to the end of the row.
  func file(_ name: String) -> String {
    var letters = Self.letters(theme)
    var spare = Self.spareLetters[...]
    var seen: [Looks: Character] = [:]
    let rows = looks.map { row in
      var line = ""
      var last: Looks?
      for (column, look) in row.enumerated() where look != last {
        last = look
        let letter = letters[look] ?? spare.popFirst() ?? "?"
        (letters[look], seen[look]) = (letter, letter)
        line += String(repeating: " ", count: column - line.utf8.count) + String(letter)
      }
      return line
    }
    let legend = seen.sorted { $0.value < $1.value }.map { look, letter in
      "\(letter)  \(Self.words(look.full)) / \(Self.words(look.none))  \(Self.roles(look, theme))"
    }
    let head = [name] + text
    return (head + ["looks, each letter where one begins: 256 colours / none"] + rows + legend)
      .map { $0.trimmingTrailingSpaces + "\n" }.joined()
  }

  // MARK: letters

  /// One for each role, `.` for plain text.
  private static let roleLetters = Array(".abcdefghijklmnopqrstuvwxyzABCDEFGHI")
  /// For looks that no role has: a cursor over a warning, a key in a dialog.
  private static let spareLetters = Array("0123456789JKLMNOPQRSTUVWXYZ")

  private static func looks(_ role: Role, _ theme: Theme) -> Looks {
    Looks(full: theme.style(role, depth: .full), none: theme.style(role, depth: .none))
  }

  private static func letters(_ theme: Theme) -> [Looks: Character] {
    Dictionary(zip(Role.allCases.map { looks($0, theme) }, roleLetters), uniquingKeysWith: { first, _ in first })
  }

  /// The roles that look so.
  private static func roles(_ look: Looks, _ theme: Theme) -> String {
    Role.allCases.filter { looks($0, theme) == look }.map(\.rawValue).joined(separator: ", ")
  }

  /// As a theme file writes it; `plain` for the terminal's own look.
  private static func words(_ style: Style) -> String {
    func number(_ colour: Colour) -> String? {
      if case .indexed(let index) = colour { return "\(index)" }
      return nil
    }
    let attributes = [
      style.bold ? "bold" : nil, style.dim ? "dim" : nil, style.reverse ? "reverse" : nil,
      style.underline ? "underline" : nil,
    ]
    let words = [number(style.foreground), number(style.background).map { "on \($0)" }] + attributes
    let text = words.compactMap { $0 }.joined(separator: " ")
    return text.isEmpty ? "plain" : text
  }
}

extension String {
  /// Without blanks at its end.
  fileprivate var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
