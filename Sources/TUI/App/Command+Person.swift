extension Command {
  /// Keys for looks, settings and what leaves Brume for other programs.
  static let person: [Command] = [
    Command(
      "plan.copy", [.character("y")], "copy", "Copy a number, a row, the plan or a command", when: { $0.shown != nil },
      action: { $0.openCopy() }),
    Command(
      "app.settings", [.character(",")], "settings", "Change looks and keys for all sessions",
      action: {
        $0.dialog = .settings(SettingsDialogState())
        return []
      }),
    Command(
      "look.theme", [.character("T")], "theme", "Change to the next theme", argument: .theme,
      when: { $0.themes.count > 1 }, action: { $0.changeTheme() }),
    Command(
      "look.charset", [.character("C")], "characters", "Change the characters: ASCII, blocks, braille",
      argument: .charset, action: { $0.setCharset($0.look.charset.next) }),
    Command(
      "look.mouse", [.character("M")], "mouse", "Leave the mouse to the terminal, or take it",
      action: { $0.toggleMouse() }),
  ]
}
