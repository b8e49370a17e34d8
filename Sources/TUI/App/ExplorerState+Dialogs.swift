import Engine

extension ExplorerState {
  /// A key while a dialog is open; the keys that leave, redraw and suspend mean what they always mean, unless they
  /// type a character.
  mutating func handleDialogKey(_ key: Key) -> [Effect] {
    if !key.isTyped, !isWaitingForKey || key == Keymap.alwaysLeaves, let command = Command.of(key, in: self),
      Command.overDialogs.contains(command.id)
    {
      return command.action(&self)
    }
    switch dialog {
    case .help(let help): return handleHelpKey(key, help)
    case .cell(let list): return handleCellKey(key, list)
    case .history(let row): return handleHistoryKey(key, row: row)
    case .save(let save): return handleSaveKey(key, save)
    case .export(let export): return handleExportKey(key, export)
    case .importing(let state): return handleImportKey(key, state)
    case .details(let scroll): return handleDetailsKey(key, scroll: scroll)
    case .settings(let settings): return handleSettingsKey(key, settings)
    case .copy(let menu): return handleCopyKey(key, menu)
    case .clusters(let list): return handleClusterKey(key, list)
    case nil: return []
    }
  }

  /// Pasted text goes into the field that is open, and nowhere else.
  mutating func paste(_ text: String) {
    switch dialog {
    case .help(var help):
      help.query.insert(text)
      help.row = 0
      dialog = .help(help)
    case .save(var save) where save.step == .typing:
      save.path.insert(text)
      save.error = nil
      dialog = .save(save)
    case .export(var export) where export.step == .choosing:
      export.folder.insert(text)
      (export.error, export.hasTyped) = (nil, true)
      dialog = .export(export)
    case .importing(var state) where !state.isWorking:
      state.path.insert(text)
      state.error = nil
      dialog = .importing(state)
    case .settings(var settings) where settings.step == .choosing:
      settings.query.insert(text)
      settings.row = 0
      dialog = .settings(settings)
    default: break
    }
  }

  private mutating func handleHistoryKey(_ key: Key, row: Int) -> [Effect] {
    let last = history.entries.count
    switch key {
    case .down, .character("j"): dialog = .history(row: min(last, row + 1))
    case .up, .character("k"): dialog = .history(row: max(0, row - 1))
    case .home, .character("g"): dialog = .history(row: 0)
    case .end, .character("G"): dialog = .history(row: last)
    case .pageDown: dialog = .history(row: min(last, row + 10))
    case .pageUp: dialog = .history(row: max(0, row - 10))
    case .enter:
      dialog = nil
      return goToEdit(row)
    case .escape, .character("q"): dialog = nil
    default: break
    }
    return []
  }

  private mutating func handleDetailsKey(_ key: Key, scroll: Int) -> [Effect] {
    let last = max(0, HeaderDetails.lines(self).count - 1)
    switch key {
    case .down, .character("j"): dialog = .details(scroll: min(last, scroll + 1))
    case .up, .character("k"): dialog = .details(scroll: max(0, scroll - 1))
    default: dialog = nil
    }
    return []
  }

  /// The commands that match what was typed, as the help lists them.
  func helpMatches(_ help: HelpDialogState) -> [Command] {
    if let command = paletteArgument(help)?.command { return [command] }
    let query = help.query.text.lowercased()
    let matches = Command.available(in: self).filter { command in
      query.isEmpty || command.id == query || command.name.lowercased().contains(query)
        || command.help.lowercased().contains(query)
        || keymap.keys(of: command).contains { $0.label == help.query.text }
    }
    guard help.isPalette else { return matches }
    // A name that begins so is meant, whatever else has the letters in it.
    return matches.filter { $0.name.hasPrefix(query) } + matches.filter { !$0.name.hasPrefix(query) }
  }

  private mutating func handleHelpKey(_ key: Key, _ old: HelpDialogState) -> [Effect] {
    var help = old
    let matches = helpMatches(help)
    switch key {
    case .escape, .function(1):
      dialog = nil
      return []
    case .enter:
      dialog = nil
      return matches.indices.contains(help.row) ? run(matches[help.row], from: help) : []
    case .tab where help.isPalette: complete(&help)
    case .down, .tab: help.row = min(max(0, matches.count - 1), help.row + 1)
    case .up, .backTab: help.row = max(0, help.row - 1)
    case .pageDown: help.row = min(max(0, matches.count - 1), help.row + 10)
    case .pageUp: help.row = max(0, help.row - 10)
    default:
      if help.query.handle(key) { help.row = 0 }
    }
    dialog = .help(help)
    return []
  }

  private mutating func handleSaveKey(_ key: Key, _ old: SaveDialogState) -> [Effect] {
    var save = old
    switch (save.step, key) {
    case (.confirming, .character("y")), (.confirming, .character("Y")): return write(save, overwrite: true)
    case (.confirming, _):
      save.step = .typing
      save.error = "not written"
    case (_, .escape):
      dialog = nil
      return []
    case (.typing, .enter): return write(save, overwrite: false)
    case (.typing, _):
      if save.path.handle(key) { save.error = nil }
    case (.writing, _): break
    }
    dialog = .save(save)
    return []
  }

  private mutating func write(_ old: SaveDialogState, overwrite: Bool) -> [Effect] {
    var save = old
    guard !save.path.text.isEmpty else {
      save.error = "type a path"
      dialog = .save(save)
      return []
    }
    save.step = .writing
    save.error = nil
    dialog = .save(save)
    pendingPath = save.path.text
    pendingContent = PlanOfWorkload(workload: workload, plan: save.plan.plan)
    return [.save(save.plan, pins: keptPins(of: save.plan.plan), path: save.path.text, overwrite: overwrite)]
  }

  /// The outside has written the file, or could not.
  mutating func finishSaving(path: String, error: String?) {
    pendingPath = nil
    if error == nil, let content = pendingContent { saved = SavedPlan(path: path, content: content) }
    let text = error.map { "\(path) was not written: \($0)" } ?? "saved \(path)"
    guard case .save(var save) = dialog, save.step == .writing else {
      message = Message(text: text, role: error == nil ? .good : .bad)
      return
    }
    if let error {
      save.step = .typing
      save.error = error
      dialog = .save(save)
    } else {
      dialog = nil
      message = Message(text: text, role: .good)
    }
  }

  /// The file is there already: ask, in the dialog if it is still open.
  mutating func askToOverwrite(path: String) {
    pendingPath = nil
    guard case .save(var save) = dialog, save.step == .writing else {
      message = Message(text: "\(path) exists and was not overwritten", role: .bad)
      return
    }
    save.step = .confirming
    dialog = .save(save)
  }
}
