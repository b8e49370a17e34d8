/// Which keys run which command: those of the table, but for the commands that the person has given others.
public struct Keymap: Sendable, Equatable {
  /// Keys by the command's id, only of the commands that have others than by default.
  private(set) var changes: [String: [Key]] = [:]

  /// The key that leaves whatever is set: nobody may be locked in.
  static let alwaysLeaves = Key.control("c")

  /// The keys of the table.
  public init() {}

  /// The keys of a command, the first one shown first; empty where the person took them all away.
  func keys(of command: Command) -> [Key] { changes[command.id] ?? command.defaultKeys }

  /// The keys of the command of that id; empty where there is none.
  func keys(of id: String) -> [Key] { Command.named(id).map { keys(of: $0) } ?? [] }

  /// The keys of a command as people read them: `h ←`.
  func label(of command: Command) -> String { keys(of: command).map(\.label).joined(separator: " ") }

  /// True when the command has other keys than by default.
  func isChanged(_ command: Command) -> Bool { changes[command.id] != nil }

  /// Gives a command these keys and no others.
  mutating func set(_ keys: [Key], for command: Command) {
    changes[command.id] = keys == command.defaultKeys ? nil : keys
  }

  /// Gives a command its default keys back.
  mutating func reset(_ command: Command) { changes[command.id] = nil }
}

/// Something about a keymap that a person should know.
public enum KeyRemark: Sendable, Equatable, CustomStringConvertible {
  /// Two commands that can work at the same time have the key; the first one runs.
  case shared(key: String, runs: String, hides: String)
  /// Something outside takes the key before it arrives.
  case taken(key: String, id: String, by: String)

  /// A sentence with both ids.
  public var description: String {
    switch self {
    case .shared(let key, let runs, let hides): "\(key) is the key of \(runs) and of \(hides): \(runs) runs"
    case .taken(let key, let id, let by): "\(key), the key of \(id), may never arrive: \(by)"
    }
  }
}

extension Keymap {
  /// What a person should know of these keys, in the order of the table.
  public var remarks: [KeyRemark] {
    var remarks: [KeyRemark] = []
    for (index, command) in Command.all.enumerated() {
      for key in keys(of: command) {
        if let taker = key.taker { remarks.append(.taken(key: key.label, id: command.id, by: taker)) }
        for other in Command.all.dropFirst(index + 1) where command.collides(other) && keys(of: other).contains(key) {
          remarks.append(.shared(key: key.label, runs: command.id, hides: other.id))
        }
      }
    }
    return remarks
  }

  /// The commands that have the key and could not both work beside this one.
  func rivals(of command: Command, for key: Key) -> [Command] {
    Command.all.filter { $0.id != command.id && command.collides($0) && keys(of: $0).contains(key) }
  }
}

extension Command {
  /// True when a key of both could not tell which one is meant.
  ///
  /// Commands that share a key by default are ordered in the table on purpose, as the two meanings of Esc are.
  func collides(_ other: Command) -> Bool {
    (pane == nil || other.pane == nil || pane == other.pane) && Set(defaultKeys).isDisjoint(with: other.defaultKeys)
  }
}

extension ExplorerState {
  /// How a person runs a command: its first key, or `:name` where it has none. For sentences on the screen.
  public func keyText(_ id: String) -> String {
    keymap.keys(of: id).first?.label ?? ":" + (Command.named(id)?.name ?? id)
  }

  /// The keys of the commands.
  var keymap: Keymap {
    get { settings.keymap }
    set { settings.keymap = newValue }
  }
}

extension Keymap {
  /// A command with its keys, as lists outside of the explorer show it.
  public struct Entry: Sendable, Equatable {
    /// Name in settings files.
    public var id: String
    /// The names of its keys, as settings files write them.
    public var keys: [String]
    /// The pane in which it works, or `everywhere`.
    public var place: String
    /// What it does.
    public var help: String
    /// It has other keys than by default.
    public var isChanged: Bool
  }

  /// Every command, in the order of the help.
  public var entries: [Entry] {
    Command.all.map { command in
      Entry(
        id: command.id, keys: keys(of: command).map(\.name), place: command.pane?.title ?? "everywhere",
        help: command.help, isChanged: isChanged(command))
    }
  }
}
