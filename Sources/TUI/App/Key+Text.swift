extension Key {
  /// True when it types a character into a field.
  var isTyped: Bool { if case .character = self { true } else { false } }

  /// The key as people read it: `Enter`, `^L`, `x`.
  var label: String {
    switch self {
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    default: name
    }
  }

  /// The key as settings files write it: the label, but with words for the arrows.
  var name: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let character): "^" + character.uppercased()
    case .alt(let character): "Alt-" + String(character)
    case .function(let number): "F\(number)"
    default: Key.words.first { $0.key == self }?.name ?? ""
    }
  }

  /// The key of a name or label, with the words' letters in any case; `Ctrl-L` and `^L` are the same. Nil for what is
  /// none, and for what no terminal sends as a key of its own: `^I` is Tab there, `^M` Enter.
  init?(name: String) {
    if let word = Key.word(name) {
      self = word
    } else if name.count == 1, let character = name.first {
      guard Key.canBeTyped(character) else { return nil }
      self = .character(character)
    } else if let letter = Key.rest(of: name, after: ["^", "Ctrl-"])?.lowercased().first {
      guard "a"..."z" ~= letter, !"hijm".contains(letter) else { return nil }
      self = .control(letter)
    } else if let character = Key.rest(of: name, after: ["Alt-"])?.first, Key.canBeTyped(character) {
      self = .alt(character)
    } else if name.count <= 3, name.first?.lowercased() == "f", let number = Int(name.dropFirst()),
      1...12 ~= number
    {
      self = .function(number)
    } else {
      return nil
    }
  }

  /// The keys that have words, in the order in which errors list them; the first word of a key is its name.
  private static let words: [(name: String, key: Key)] = [
    ("Enter", .enter), ("Esc", .escape), ("Tab", .tab), ("Shift-Tab", .backTab), ("Backspace", .backspace),
    ("Del", .delete), ("Ins", .insert), ("Up", .up), ("Down", .down), ("Left", .left), ("Right", .right),
    ("Home", .home), ("End", .end), ("PgUp", .pageUp), ("PgDn", .pageDown), ("Space", .character(" ")),
    ("Escape", .escape), ("Delete", .delete), ("Insert", .insert), ("PageUp", .pageUp), ("PageDown", .pageDown),
    ("↑", .up), ("↓", .down), ("←", .left), ("→", .right),
  ]

  private static func word(_ name: String) -> Key? {
    words.first { $0.name.lowercased() == name.lowercased() }?.key
  }

  /// What follows one of the words in front, where that is one character.
  private static func rest(of name: String, after starts: [String]) -> Substring? {
    for start in starts where name.lowercased().hasPrefix(start.lowercased()) {
      let rest = name.dropFirst(start.count)
      return rest.count == 1 ? rest : nil
    }
    return nil
  }

  private static func canBeTyped(_ character: Character) -> Bool {
    !character.isWhitespace
      && character.unicodeScalars.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) }
  }

  /// Who takes the key before it arrives here, on many people's terminals; nil for most keys.
  var taker: String? {
    switch self {
    case .control("a"): "GNU screen takes it"
    case .control("b"): "tmux takes it"
    case .control("s"), .control("q"): "terminals take it to stop and go on"
    case .control("w"): "terminals in a browser close their window with it"
    default: nil
    }
  }
}
