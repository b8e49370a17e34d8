extension Command {
  /// What may be typed after a command's name in the palette: `theme light`.
  struct Argument: Sendable {
    /// The texts that it may be, for Tab and for errors.
    let values: @Sendable (ExplorerState) -> [String]
    /// Does it with one of those texts.
    let action: @Sendable (inout ExplorerState, String) -> [Effect]
  }
}

extension Command.Argument {
  /// The name of a theme.
  static let theme = Command.Argument(values: { $0.themes.map(\.name) }) { state, name in
    state.themes.first { $0.name == name }.map { state.setTheme($0) } ?? []
  }

  /// The name of a charset.
  static let charset = Command.Argument(values: { _ in Charset.allCases.map(\.rawValue) }) { state, name in
    Charset(rawValue: name).map { state.setCharset($0) } ?? []
  }
}

// The palette.
extension ExplorerState {
  /// The command whose name was typed with a blank behind it, and what follows; nil while it is only a search.
  func paletteArgument(_ help: HelpDialogState) -> (command: Command, argument: Command.Argument, text: String)? {
    guard help.isPalette else { return nil }
    let query = help.query.text
    for command in Command.available(in: self) where query.lowercased().hasPrefix(command.name + " ") {
      guard let argument = command.argument else { continue }
      return (command, argument, String(query.dropFirst(command.name.count + 1)).trimmingSpaces)
    }
    return nil
  }

  /// Runs what was chosen in the help or the palette, with what was typed after its name.
  mutating func run(_ command: Command, from help: HelpDialogState) -> [Effect] {
    guard let (_, argument, text) = paletteArgument(help), !text.isEmpty else { return command.action(&self) }
    let values = argument.values(self)
    guard values.contains(text) else {
      return say("\(command.name): '\(text)' is none of \(values.joined(separator: ", "))", .bad)
    }
    return argument.action(&self, text)
  }

  /// Tab in the palette: the longest start that all names have that begin as typed; where that adds nothing, the next
  /// row.
  func complete(_ help: inout HelpDialogState) {
    let typed = help.query.text.lowercased()
    var front = ""
    var names = Command.available(in: self).map(\.name)
    if let (command, argument, _) = paletteArgument(help) {
      front = command.name + " "
      names = argument.values(self)
    }
    let fitting = names.filter { (front + $0).hasPrefix(typed) }
    guard let first = fitting.first else { return }
    var common = fitting.reduce(first) { $0.commonPrefix(with: $1) }
    if front.isEmpty, fitting.count == 1,
      Command.available(in: self).first(where: { $0.name == first })?.argument != nil
    {
      common += " "
    }
    if (front + common).count > typed.count {
      help.query = TextField(front + common)
      help.row = 0
    } else {
      help.row = min(max(0, helpMatches(help).count - 1), help.row + 1)
    }
  }
}

extension String {
  /// The characters with which both begin.
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}

extension ExplorerState {
  /// The settings wait for a key, whatever it is.
  var isWaitingForKey: Bool {
    if case .settings(let settings) = dialog, case .waiting = settings.step { true } else { false }
  }
}
