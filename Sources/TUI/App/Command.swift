/// Something that a key does: the one table of these drives the keys, the hints, the help and the settings.
struct Command: Sendable {
  /// Name in settings files and scripts, the same in every version: `stages.down`.
  let id: String
  /// The keys that it has unless the person has chosen others (`Keymap`), the first one shown first.
  let defaultKeys: [Key]
  /// A short name for the palette; no other command that works in the same pane has it.
  let name: String
  /// A sentence for the help.
  let help: String
  /// Where it works: one pane, or everywhere.
  let pane: Pane?
  /// How it stands in the line at the bottom; nil keeps it out.
  let hint: Hint?
  /// What may be typed after its name in the palette; nil for nothing.
  let argument: Argument?
  /// True when it would do something now.
  let isAvailable: @Sendable (ExplorerState) -> Bool
  /// Does it.
  let action: @Sendable (inout ExplorerState) -> [Effect]

  /// A command in the line at the bottom: one of several may speak for all of them.
  struct Hint: Sendable, Equatable {
    /// Place, lower first.
    var order: Int
    /// What the keys do, in a word.
    var name: String
    /// The commands whose first keys it names; empty for its own.
    var ids: [String]

    /// A hint; `ids` where it speaks for several commands, in the order of their keys.
    init(_ order: Int, _ name: String, of ids: [String] = []) {
      self.order = order
      self.name = name
      self.ids = ids
    }
  }

  /// A command.
  init(
    _ id: String, _ defaultKeys: [Key], _ name: String, _ help: String, pane: Pane? = nil, hint: Hint? = nil,
    argument: Argument? = nil,
    when isAvailable: @escaping @Sendable (ExplorerState) -> Bool = { _ in true },
    action: @escaping @Sendable (inout ExplorerState) -> [Effect]
  ) {
    self.id = id
    self.defaultKeys = defaultKeys
    self.name = name
    self.help = help
    self.pane = pane
    self.hint = hint
    self.argument = argument
    self.isAvailable = isAvailable
    self.action = action
  }

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
    // However the keys were changed, this one always leaves.
    if key == Keymap.alwaysLeaves { return named("app.quit-now") }
    return all.first { state.keymap.keys(of: $0).contains(key) && $0.works(in: state) }
  }

  /// The command that has this key by default and works in this state, whatever keys it has now, or nil: for the wheel.
  static func usual(_ key: Key, in state: ExplorerState) -> Command? {
    all.first { $0.defaultKeys.contains(key) && $0.works(in: state) }
  }

  /// The command of that id, or nil.
  static func named(_ id: String) -> Command? { byID[id] }

  /// Ids of the commands that also work while a dialog has the keys.
  static let overDialogs: Set<String> = ["app.quit-now", "app.redraw", "app.suspend"]

  /// Every command, in the order of the help; where two share a key, the first that works is meant.
  static let all: [Command] =
    frontier + stages + editing + memory + timeline + why + plan + side + search + person + screen

  private static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}
