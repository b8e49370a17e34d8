extension ExplorerState {
  /// Takes over the settings of a person, on a terminal.
  ///
  /// - Parameter problem: why their file could not be read, to be told; then nothing is written over it.
  public mutating func adopt(_ settings: ExplorerSettings, on terminal: TerminalAbilities, problem: String? = nil) {
    self.settings = settings
    self.terminal = terminal
    settingsProblem = problem
    usesMouse = settings.usesMouse
    let remarks = settings.keymap.remarks
    if let problem {
      _ = say("\(problem); defaults are used", .bad)
    } else if let first = remarks.first {
      let more = remarks.count > 1 ? " (and \(remarks.count - 1) more: `brume keys`)" : ""
      _ = say("\(first)\(more)", .warning)
    }
  }

  /// The rows of the settings dialog that match what was typed: by title, id, key or pane.
  func settingsRows(_ dialog: SettingsDialogState) -> [SettingsRow] {
    let query = dialog.query.text.lowercased()
    guard !query.isEmpty else { return SettingsRow.all }
    return SettingsRow.all.filter { row in
      let labels = row.command.map { keymap.keys(of: $0).map(\.label) } ?? []
      let texts = [row.title, row.place, row.command?.id ?? "", row.command?.name ?? ""]
      return labels.contains(dialog.query.text) || texts.contains { $0.lowercased().contains(query) }
    }
  }

  /// What a row is set to, as the dialog says it.
  func settingsValue(_ row: SettingsRow) -> String {
    switch row {
    case .theme: look.theme.name
    case .charset: settings.charset.map { "at most \($0.rawValue)" } ?? "all that the terminal shows"
    case .depth: settings.depth.map { "at most \($0.name)" } ?? "all that the terminal has"
    case .mouse: usesMouse ? "works in Brume" : "selects text in the terminal"
    case .copy: settings.copyTarget == .terminal ? "the terminal's clipboard" : "a file"
    case .keys(let command): keymap.label(of: command).isEmpty ? "none" : keymap.label(of: command)
    }
  }

  /// A key in the settings dialog.
  mutating func handleSettingsKey(_ key: Key, _ old: SettingsDialogState) -> [Effect] {
    var dialog = old
    let rows = settingsRows(old)
    let row = rows.indices.contains(old.row) ? rows[old.row] : nil
    var effects: [Effect] = []
    switch (old.step, key) {
    case (.waiting, .escape): dialog.step = .choosing
    case (.waiting(let id, let adds), _): (dialog.step, effects) = offer(key, to: id, adds: adds)
    case (.confirming(let id, let adds, let key, _), .character("y")),
      (.confirming(let id, let adds, let key, _), .character("Y")):
      effects = give(key, to: id, adds: adds)
      dialog.step = .choosing
    case (.confirming, _): dialog.step = .choosing
    case (.choosing, .escape):
      self.dialog = nil
      return []
    case (.choosing, .enter), (.choosing, .right), (.choosing, .insert):
      if let command = row?.command, key != .right {
        dialog.step = .waiting(id: command.id, adds: key == .insert)
      } else if let row {
        effects = change(row, by: 1)
      }
    case (.choosing, .left): effects = row.map { change($0, by: -1) } ?? []
    case (.choosing, .delete): effects = row.map { resetSetting($0) } ?? []
    case (.choosing, .backspace) where old.query.text.isEmpty: effects = row.map { resetSetting($0) } ?? []
    default: dialog.move(key, rows: rows.count)
    }
    self.dialog = .settings(dialog)
    return effects
  }

  // MARK: keys

  /// A key was pressed for a command: it gets it, or the person is asked first.
  private mutating func offer(_ key: Key, to id: String, adds: Bool) -> (SettingsDialogState.Step, [Effect]) {
    guard let command = Command.named(id) else { return (.choosing, []) }
    let rivals = keymap.rivals(of: command, for: key)
    var question: String?
    if !rivals.isEmpty {
      let ids = rivals.map(\.id).joined(separator: ", ")
      let names = rivals.count == 1 ? "\(ids) (\(rivals[0].help))" : ids
      question = "\(key.label) is the key of \(names). Take it from there? y / n"
    } else if let taker = key.taker {
      question = "\(key.label) may never arrive: \(taker). Use it all the same? y / n"
    }
    if let question { return (.confirming(id: id, adds: adds, key: key, question: question), []) }
    return (.choosing, give(key, to: id, adds: adds))
  }

  /// Gives a command a key, as its first one or beside the others, and takes it from commands that it would hide.
  private mutating func give(_ key: Key, to id: String, adds: Bool) -> [Effect] {
    guard let command = Command.named(id) else { return [] }
    for rival in keymap.rivals(of: command, for: key) {
      keymap.set(keymap.keys(of: rival).filter { $0 != key }, for: rival)
    }
    let before = keymap.keys(of: command)
    let others = before.filter { $0 != key }
    // A key that it has already becomes the first one; a new one takes the place of the first one.
    let kept = others.count < before.count ? others[...] : others.dropFirst()
    keymap.set(adds ? others + [key] : [key] + kept, for: command)
    return saveSettings()
  }

  // MARK: looks

  /// The next or last value of a row; nothing for the keys of a command.
  private mutating func change(_ row: SettingsRow, by steps: Int) -> [Effect] {
    switch row {
    case .theme: return changeTheme(by: steps)
    case .charset:
      settings.charset = Self.value(after: settings.charset, by: steps)
      look.charset = settings.charset(on: terminal)
    case .depth:
      settings.depth = Self.value(after: settings.depth, by: steps)
      look.depth = settings.depth(on: terminal)
    case .mouse: return toggleMouse()
    case .copy: settings.copyTarget = settings.copyTarget == .terminal ? .file : .terminal
    case .keys: return []
    }
    return saveSettings()
  }

  /// The value `steps` further of all values and none, around the end.
  private static func value<Value: CaseIterable & Equatable>(after value: Value?, by steps: Int) -> Value? {
    let values: [Value?] = [nil] + Value.allCases.map { $0 }
    let place = values.firstIndex { $0 == value } ?? 0
    return values[((place + steps) % values.count + values.count) % values.count]
  }

  /// Sets a row to what it was before anybody changed it.
  private mutating func resetSetting(_ row: SettingsRow) -> [Effect] {
    switch row {
    case .theme:
      settings.theme = nil
      if let first = themes.first { look.theme = first }
    case .charset:
      settings.charset = nil
      look.charset = terminal.charset
    case .depth:
      settings.depth = nil
      look.depth = terminal.depth
    case .mouse: return usesMouse ? [] : toggleMouse()
    case .copy: settings.copyTarget = .terminal
    case .keys(let command): keymap.reset(command)
    }
    return saveSettings()
  }

  /// Goes to another theme, and keeps it.
  mutating func changeTheme(by steps: Int = 1) -> [Effect] {
    guard !themes.isEmpty else { return [] }
    let index = themes.firstIndex { $0.name == look.theme.name } ?? -1
    return setTheme(themes[((index + steps) % themes.count + themes.count) % themes.count])
  }

  /// Shows a theme, and keeps it.
  mutating func setTheme(_ theme: Theme) -> [Effect] {
    look.theme = theme
    settings.theme = theme.name
    _ = say("theme: \(theme.name)", .text)
    return saveSettings()
  }

  /// Shows other characters, and keeps them as the most that is used.
  mutating func setCharset(_ charset: Charset) -> [Effect] {
    look.charset = charset
    settings.charset = charset == terminal.charset ? nil : charset
    _ = say("characters: \(charset.rawValue)", .text)
    return saveSettings()
  }

  /// Leaves the mouse to the terminal, or takes it back, and keeps that.
  mutating func toggleMouse() -> [Effect] {
    usesMouse.toggle()
    settings.usesMouse = usesMouse
    let off = "the mouse selects text; \(keyText("look.mouse")) takes it back"
    _ = say(usesMouse ? "the mouse works in Brume" : off, .text)
    return [.mouse(usesMouse)] + saveSettings()
  }

  // MARK: the file

  /// Asks for the settings to be written, unless that would destroy a file that could not be read.
  mutating func saveSettings() -> [Effect] {
    if let settingsProblem {
      _ = say("not kept: \(settingsProblem)", .warning)
      return []
    }
    return [.saveSettings(settings)]
  }

  /// The settings were written, or could not be: only that is told.
  mutating func finishSavingSettings(error: String?) {
    if let error { _ = say("the settings were not written: \(error)", .bad) }
  }
}

extension SettingsDialogState {
  /// A key that moves the cursor or types.
  mutating func move(_ key: Key, rows: Int) {
    let last = max(0, rows - 1)
    switch key {
    case .down, .tab: row = min(last, row + 1)
    case .up, .backTab: row = max(0, row - 1)
    case .pageDown: row = min(last, row + 10)
    case .pageUp: row = max(0, row - 10)
    case .home: row = 0
    case .end: row = last
    default:
      if query.handle(key) { row = 0 }
    }
  }
}
