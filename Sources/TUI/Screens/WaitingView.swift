import Engine

/// What a pane shows before there is a plan: what is being tried, or why nothing fits.
struct WaitingView {
  /// The state that it tells of.
  let state: ExplorerState
  /// The pane that waits, or nil for the details.
  let pane: Pane?

  /// Draws the lines from the top of the area; of panes side by side only the frontier says it all.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    var row = area.y
    let isBrief = pane != .frontier && state.layout.kind != .single
    for (text, role) in isBrief ? Array(lines.prefix(1)) : lines {
      for line in WaitingView.wrapped(text, width: area.width - 2) where row < area.maxY {
        canvas.put(line, x: area.x + 1, y: row, role, width: area.width - 2)
        row += 1
      }
    }
  }

  /// What there is to say.
  var lines: [(String, Role)] {
    let progress = state.search.progress
    if let result = state.search.result, result.best == nil { return ended(result) }
    guard state.search.phase != .idle else { return [("No search has been started.", .text)] }
    guard progress.total > 0 else { return [("Reading the problem: no plan has been tried yet.", .text)] }
    var lines: [(String, Role)] = [("No plan that fits so far.", .text)]
    if !progress.current.isEmpty { lines.append(("trying       \(progress.current)", .text)) }
    lines.append(("problems     \(progress.done) of \(progress.total), \(progress.ruledOut) ruled out", .muted))
    lines.append(("tried        \(Format.count(Double(progress.configurations))) stage configurations", .muted))
    return lines
  }

  private func ended(_ result: TuneResult) -> [(String, Role)] {
    guard let reason = result.infeasibility else {
      let again = state.keyText("search.start") + " searches again."
      return [("The search was stopped before it found a plan that fits.", .warning), (again, .text)]
    }
    let memory = reason.bindsHost ? "host memory of its node" : "device memory"
    var lines: [(String, Role)] = [
      ("No plan of this space fits.", .bad),
      ("Nearest: stage \(reason.stage + 1) lacks \(Format.gibibytes(reason.missingBytes)) GiB of \(memory).", .text),
    ]
    if !reason.suggestions.isEmpty { lines.append(("What would fit:", .text)) }
    lines += reason.suggestions.map { ("· " + $0.text, .text) }
    return lines
  }

  /// Lines of at most `width` columns, broken at spaces where there are any.
  static func wrapped(_ text: String, width: Int) -> [String] {
    guard width > 0 else { return [] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let joined = lines.isEmpty && line.isEmpty ? String(word) : line + " " + word
      if CharacterWidth.of(joined) <= width || line.isEmpty {
        line = joined
      } else {
        lines.append(line)
        line = "  " + word
      }
    }
    return lines + [line]
  }
}
