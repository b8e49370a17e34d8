/// The line at the bottom: a message, or the keys that matter here.
struct HintLine {
  /// The state that it tells of.
  let state: ExplorerState

  /// Draws into one row.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard area.height > 0 else { return }
    if let message = state.message {
      canvas.put(message.text, x: area.x + 1, y: area.y, message.role, width: area.width - 2)
      return
    }
    var column = area.x + 1
    for (key, name) in hints {
      let width = CharacterWidth.of(key) + 1 + CharacterWidth.of(name)
      guard column + width <= area.maxX - 1 else { break }
      column = canvas.put(key, x: column, y: area.y, .key)
      column = canvas.put(" " + name, x: column, y: area.y, .muted) + 3
    }
  }

  private static func hints(_ export: ExportDialogState) -> [(key: String, name: String)] {
    switch export.step {
    case .choosing: [("↑ ↓", "launcher"), ("type", "the folder"), ("Enter", "export"), ("Esc", "cancel")]
    case .working: [("Esc", "cancel")]
    case .offering, .over, .confirming: [("y", "yes"), ("any other key", "no"), ("Esc", "cancel")]
    }
  }

  /// Keys and names, the most useful first.
  var hints: [(key: String, name: String)] {
    switch state.dialog {
    case .help(let help) where help.isPalette:
      return [("Tab", "complete"), ("↑ ↓", "choose"), ("Enter", "do it"), ("Esc", "close")]
    case .help: return [("type", "to search"), ("↑ ↓", "choose"), ("Enter", "do it"), ("Esc", "close")]
    case .cell:
      return [
        ("j k", "choose"), ("type", "a value"), ("Enter", "take"), ("t", "take solved"), ("p", "take and pin"),
        ("Esc", "leave"),
      ]
    case .history: return [("j k", "choose"), ("Enter", "go back to it"), ("Esc", "close")]
    case .save(let save) where save.step == .confirming: return [("y", "overwrite"), ("any other key", "keep it")]
    case .save: return [("Enter", "save"), ("Esc", "cancel")]
    case .importing(let importing):
      return importing.isWorking
        ? [("Esc", "cancel")] : [("↑ ↓", "launcher"), ("type", "the file"), ("Enter", "import"), ("Esc", "cancel")]
    case .export(let export): return Self.hints(export)
    case .settings(let settings): return SettingsDialogView.hints(settings)
    case .clusters: return [("j k", "choose"), ("Enter", "compare with it"), ("Esc", "close")]
    case .copy: return [("↑ ↓", "choose"), ("Enter", "copy"), ("Esc", "close")]
    case .details: return [("↑ ↓", "scroll"), ("any other key", "close")]
    case nil: break
    }
    let hinted = Command.available(in: state).compactMap { command in command.hint.map { (command, $0) } }
    return hinted.sorted { $0.1.order < $1.1.order }.compactMap { command, hint in
      let keys = (hint.ids.isEmpty ? [command.id] : hint.ids).compactMap { state.keymap.keys(of: $0).first?.label }
      return keys.isEmpty ? nil : (keys.joined(separator: " "), hint.name)
    }
  }
}
