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

  /// Keys and names, the most useful first.
  var hints: [(key: String, name: String)] {
    switch state.dialog {
    case .help: return [("type", "to search"), ("↑ ↓", "choose"), ("Enter", "do it"), ("Esc", "close")]
    case .save(let save) where save.step == .confirming: return [("y", "overwrite"), ("any other key", "keep it")]
    case .save: return [("Enter", "save"), ("Esc", "cancel")]
    case .details: return [("↑ ↓", "scroll"), ("any other key", "close")]
    case nil: break
    }
    let hints = Command.available(in: state).compactMap(\.hint)
    return hints.sorted { $0.order < $1.order }.map { ($0.keys, $0.name) }
  }
}
