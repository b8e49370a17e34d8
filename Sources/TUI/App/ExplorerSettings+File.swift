import Engine

/// Reading and writing `settings.yaml` (docs/settings.md).
extension ExplorerSettings {
  /// The settings of a file; errors name file, line, field and what would be right.
  ///
  /// - Parameter themes: names of the themes that there are.
  public init(_ file: ConfigNode, themes: [String]) throws(InputError) {
    self.init()
    let root = try file.mapping(["brume", "theme", "charset", "color", "mouse", "copy", "keys"])
    try root.checkFormat()
    if let node = root["theme"] {
      let name = try node.string()
      guard themes.contains(name) else { throw Self.unknown(node, "theme", name, themes) }
      theme = name
    }
    if let node = root["charset"] { charset = try node.choice(Charset.self) }
    if let node = root["color"] {
      guard let depth = ColourDepth.named(try node.string()) else { throw node.wrong("one of none, 16, 256") }
      self.depth = depth
    }
    usesMouse = try root.bool("mouse", or: true)
    copyTarget = try root.choice("copy", or: CopyTarget.terminal)
    for entry in try root["keys"]?.anyMapping().entries ?? [] { try readKeys(entry) }
  }

  private mutating func readKeys(_ entry: ConfigNode.Entry) throws(InputError) {
    guard let command = Command.named(entry.key) else {
      throw Self.unknown(entry.value, "command", entry.key, Command.all.map(\.id), known: ["those of `brume keys`"])
    }
    let isList = if case .sequence = entry.value.content { true } else { false }
    var keys: [Key] = []
    for node in isList ? try entry.value.list(0...8) : [entry.value] {
      let expected = "a key such as \"x\", \"^L\", Alt-x, Enter, Down, PgUp, Space or F1, in quotes where it is a sign"
      guard let key = Key(name: try node.string(expected)) else { throw node.wrong(expected) }
      guard key != Keymap.alwaysLeaves || command.id == "app.quit-now" else {
        throw node.wrong("another key: ^C always leaves Brume")
      }
      if !keys.contains(key) { keys.append(key) }
    }
    keymap.set(keys, for: command)
  }

  private static func unknown(
    _ node: ConfigNode, _ kind: String, _ name: String, _ names: [String], known: [String]? = nil
  ) -> InputError {
    .unknownName(
      at: node.place, kind: kind, name: name, suggestion: Suggestion.nearest(to: name, in: names),
      known: known ?? names)
  }

  /// The text of a settings file: what differs from the defaults, keys in the order of the table.
  public var text: String {
    let keys = Command.all.compactMap { command in
      keymap.changes[command.id].map { (command.id, ConfigNode?.some(.list($0.map { .text($0.name) }))) }
    }
    let node = ConfigNode.object([
      ("brume", .number(ConfigNode.formatVersion)), ("theme", theme.map(ConfigNode.text)),
      ("charset", charset.map { .word($0.rawValue) }), ("color", depth.map { .word($0.name) }),
      ("mouse", usesMouse ? nil : .flag(false)),
      ("copy", copyTarget == .terminal ? nil : .word(copyTarget.rawValue)),
      ("keys", keys.isEmpty ? nil : .object(keys)),
    ])
    return "# Settings of Brume; its explorer writes this file anew when they are changed there.\n" + node.yaml()
  }
}
