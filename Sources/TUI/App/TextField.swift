/// One line of text that is being typed.
struct TextField: Sendable, Equatable {
  /// What stands in it.
  private(set) var characters: [Character]
  /// Before which character the next one goes.
  private(set) var cursor: Int

  /// Longer texts are cut: no path or search is.
  private static let mostCharacters = 1024

  /// A field with a text, and the cursor behind it.
  init(_ text: String = "") {
    characters = Array(text.prefix(TextField.mostCharacters))
    cursor = characters.count
  }

  /// The text.
  var text: String { String(characters) }

  /// Inserts what was typed or pasted; controls and line ends are dropped.
  mutating func insert(_ text: String) {
    let kept = text.filter { character in
      character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
    let new = Array(kept.prefix(TextField.mostCharacters - characters.count))
    characters.insert(contentsOf: new, at: cursor)
    cursor += new.count
  }

  /// Handles an editing key; false for a key that means nothing here.
  mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .backspace where cursor > 0:
      cursor -= 1
      characters.remove(at: cursor)
    case .delete where cursor < characters.count: characters.remove(at: cursor)
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(characters.count, cursor + 1)
    case .home: cursor = 0
    case .end: cursor = characters.count
    case .control("u"):
      characters.removeSubrange(..<cursor)
      cursor = 0
    case .backspace, .delete: break
    default: return false
    }
    return true
  }
}
