/// Something that a key does: the one table of these drives the keys, the hints and the help.
struct Command: Sendable {
  /// The keys, the first one shown first.
  let keys: [Key]
  /// A short name for hints and the help.
  let name: String
  /// A sentence for the help.
  let help: String
  /// Where it works: one pane, or everywhere.
  let pane: Pane?
  /// How it stands in the line at the bottom; nil keeps it out.
  let hint: Hint?
  /// True when it would do something now.
  let isAvailable: @Sendable (ExplorerState) -> Bool
  /// Does it.
  let action: @Sendable (inout ExplorerState) -> [Effect]

  /// A command in the line at the bottom: one of several may speak for all of them.
  struct Hint: Sendable, Equatable {
    /// Place, lower first.
    var order: Int
    /// The keys that it names.
    var keys: String
    /// What they do, in a word.
    var name: String

    /// A hint.
    init(_ order: Int, _ keys: String, _ name: String) {
      self.order = order
      self.keys = keys
      self.name = name
    }
  }

  /// A command.
  init(
    _ keys: [Key], _ name: String, _ help: String, pane: Pane? = nil, hint: Hint? = nil,
    when isAvailable: @escaping @Sendable (ExplorerState) -> Bool = { _ in true },
    action: @escaping @Sendable (inout ExplorerState) -> [Effect]
  ) {
    self.keys = keys
    self.name = name
    self.help = help
    self.pane = pane
    self.hint = hint
    self.isAvailable = isAvailable
    self.action = action
  }

  /// The keys as people read them: `h j k l`.
  var keyLabel: String { keys.map(\.label).joined(separator: " ") }

  /// True when it works in this state.
  func works(in state: ExplorerState) -> Bool {
    (pane == nil || pane == state.focus) && isAvailable(state)
  }

  /// The commands that work in this state: those of the focused pane first, then those that work everywhere.
  static func available(in state: ExplorerState) -> [Command] {
    let working = all.filter { $0.works(in: state) }
    return working.filter { $0.pane != nil } + working.filter { $0.pane == nil }
  }

  /// The command of a key in this state, or nil.
  static func of(_ key: Key, in state: ExplorerState) -> Command? {
    all.first { $0.keys.contains(key) && $0.works(in: state) }
  }

  /// Every command, in the order of the help; where two share a key, the first that works is meant.
  static let all: [Command] = frontier + stages + memory + timeline + plan + search + screen
}

extension Key {
  /// The key as people read it: `Enter`, `^L`, `x`.
  var label: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let character): "^" + character.uppercased()
    case .alt(let character): "Alt-" + String(character)
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .insert: "Ins"
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .function(let number): "F\(number)"
    }
  }
}
