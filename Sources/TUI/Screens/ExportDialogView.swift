import Engine

/// Draws the export dialog.
struct ExportDialogView {
  /// What it shows.
  let export: ExportDialogState

  /// Rows that it needs inside its frame, at this width.
  func height(width: Int) -> Int {
    switch export.step {
    case .offering, .over, .confirming: 3 + lines(width: width).count
    case .choosing, .working: Launcher.allCases.count + 4 + max(1, errorLines(width: width).count)
    }
  }

  /// What went wrong, wrapped; three lines at most.
  private func errorLines(width: Int) -> [String] {
    guard let error = export.error, export.step == .choosing else { return [] }
    return Array(WaitingView.wrapped(error, width: max(8, width)).prefix(3))
  }

  /// What the plan is.
  var heading: String {
    "\(Format.stepSeconds(export.plan.score.iterationSeconds)) per iteration, \(FrontierPane.choices(export.plan.plan))"
  }

  /// What it asks, wrapped; the question is the last line.
  func lines(width: Int) -> [(text: String, role: Role)] {
    func wrapped(_ texts: [String], _ role: Role) -> [(text: String, role: Role)] {
      texts.flatMap { WaitingView.wrapped($0, width: max(8, width)) }.map { ($0, role) }
    }
    switch export.step {
    case .choosing, .working: return []
    case .offering(let reasons, let nearest):
      return wrapped(["\(export.launcher.title) cannot run all of this plan:"], .warning)
        + wrapped(reasons.map { "  " + $0 }, .dialog) + wrapped(nearest, .dialog)
        + wrapped(["Export the nearest plan? y / n"], .warning)
    case .over(let text):
      return wrapped([text], .bad) + wrapped(["Export it all the same? y / n"], .warning)
    case .confirming(let path):
      return wrapped(["\(path) exists. Replace files? y / n"], .warning)
    }
  }

  /// What a launcher can do of the plan, in a few words.
  func verdict(_ index: Int) -> (text: String, role: Role) {
    let refusals = export.refusals[index]
    guard let first = refusals.first else { return ("runs this plan", .good) }
    if let other = refusals.first(where: \.isOfWorkload) { return ("cannot: \(other.what)", .bad) }
    return ("not as it is: \(first.what)" + (refusals.count > 1 ? " and \(refusals.count - 1) more" : ""), .warning)
  }

  /// Draws into the inside of its frame; the field for the folder is drawn by `putField`.
  func draw(
    _ canvas: inout Canvas, _ inner: Rect, putField: (inout Canvas, TextField, String, Rect) -> Void
  ) {
    canvas.put(heading, x: inner.x, y: inner.y, .dialog, width: inner.width)
    let asked = lines(width: inner.width)
    guard asked.isEmpty else {
      let room = max(0, inner.height - 1)
      // The question stays in sight, whatever else must go.
      let shown = asked.count > room ? Array(asked.prefix(max(0, room - 1))) + asked.suffix(min(room, 1)) : asked
      for (row, line) in shown.enumerated() {
        canvas.put(line.text, x: inner.x, y: inner.y + 1 + row, line.role, width: inner.width)
      }
      return
    }
    for (index, launcher) in Launcher.allCases.enumerated() {
      let y = inner.y + 2 + index
      let verdict = verdict(index)
      canvas.put(launcher.title, x: inner.x, y: y, .dialog, width: 19)
      canvas.put(verdict.text, x: inner.x + 20, y: y, verdict.role, width: inner.width - 20)
      if index == export.row { canvas.select(Rect(x: inner.x, y: y, width: inner.width, height: 1)) }
    }
    let y = inner.y + 3 + Launcher.allCases.count
    putField(&canvas, export.folder, "to ", Rect(x: inner.x, y: y, width: inner.width, height: 1))
    if export.step == .working { canvas.put("working", x: inner.x, y: y + 1, .dialog, width: inner.width) }
    for (row, line) in errorLines(width: inner.width).enumerated() {
      canvas.put(line, x: inner.x, y: y + 1 + row, .bad, width: inner.width)
    }
  }
}
