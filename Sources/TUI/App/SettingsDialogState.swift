/// The settings dialog: what was typed to search it, the row under the cursor, and what it waits for.
struct SettingsDialogState: Sendable, Equatable {
  /// What it waits for.
  enum Step: Sendable, Equatable {
    /// A row and what to do with it.
    case choosing
    /// The new key of the command of that id, instead of its first one or beside all.
    case waiting(id: String, adds: Bool)
    /// The answer whether the command gets a key that others have, or that may never arrive.
    case confirming(id: String, adds: Bool, key: Key, question: String)
  }

  /// What was typed.
  var query = TextField()
  /// Row among those that match.
  var row = 0
  /// What it waits for.
  var step = Step.choosing
}

/// A row of the settings dialog.
enum SettingsRow: Sendable {
  /// The colour theme.
  case theme
  /// The characters.
  case charset
  /// The colours.
  case depth
  /// Whose the mouse is.
  case mouse
  /// Where copies go.
  case copy
  /// The keys of a command.
  case keys(Command)

  /// Every row, in the order of the dialog.
  static let all: [SettingsRow] = [.theme, .charset, .depth, .mouse, .copy] + Command.all.map { .keys($0) }

  /// What is set.
  var title: String {
    switch self {
    case .theme: "theme"
    case .charset: "characters"
    case .depth: "colours"
    case .mouse: "mouse"
    case .copy: "copies go to"
    case .keys(let command): command.help
    }
  }

  /// Where a command works; empty for what is no key.
  var place: String {
    guard case .keys(let command) = self else { return "" }
    return command.pane?.title ?? "everywhere"
  }

  /// The command whose keys it sets.
  var command: Command? { if case .keys(let command) = self { command } else { nil } }
}
