/// Which keys run which command: those of the table, but for the commands that the person has given others.
public struct Keymap: Sendable, Equatable {
  /// Keys by the command's id, only of the commands that have others than by default; none may be empty.
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

extension ExplorerState {
  /// How a person runs a command: its first key, or `:name` where it has none. For sentences on the screen.
  public func keyText(_ id: String) -> String {
    keymap.keys(of: id).first?.label ?? ":" + (Command.named(id)?.name ?? id)
  }
}
