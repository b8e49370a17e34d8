import Engine

extension ExplorerState {
  /// Opens the export dialog for the plan that is shown, on the launcher of the workload.
  mutating func openExport() -> [Effect] {
    guard let plan = shown else { return [] }
    let launcher = workload.run.launcher ?? Launcher.allCases.first { $0.runtimes.contains(workload.run.runtime) }
    let row = launcher.flatMap(Launcher.allCases.firstIndex) ?? 0
    let refusals = Launcher.allCases.map { $0.refusals(plan.plan, of: workload) }
    var export = ExportDialogState(plan: plan, refusals: refusals, row: row, folder: TextField())
    export.folder = TextField(exportFolder(export.launcher))
    dialog = .export(export)
    return []
  }

  /// Where files go when nobody says otherwise: `gpt-22b-32xl4-megatron-lm`.
  private func exportFolder(_ launcher: Launcher) -> String {
    defaultPath.replacing(".plan.yaml", with: "") + "-" + launcher.rawValue
  }

  /// A key in the export dialog.
  mutating func handleExportKey(_ key: Key, _ old: ExportDialogState) -> [Effect] {
    var export = old
    let isYes = key == .character("y") || key == .character("Y")
    switch (export.step, key) {
    case (_, .escape):
      dialog = nil
      return []
    case (.working, _): return []
    case (.choosing, .enter):
      export.agreed = .init()
      return order(export)
    case (.choosing, .down), (.choosing, .tab): move(&export, by: 1)
    case (.choosing, .up), (.choosing, .backTab): move(&export, by: -1)
    case (.choosing, _):
      if export.folder.handle(key) { (export.error, export.hasTyped) = (nil, true) }
    case (.offering, _) where isYes: export.agreed.nearest = true
    case (.over, _) where isYes: export.agreed.over = true
    case (.confirming, _) where isYes: export.agreed.overwrite = true
    default: (export.step, export.error) = (.choosing, "not written")
    }
    if isYes, export.step != .choosing { return order(export) }
    dialog = .export(export)
    return []
  }

  private func move(_ export: inout ExportDialogState, by steps: Int) {
    export.row = max(0, min(Launcher.allCases.count - 1, export.row + steps))
    export.error = nil
    if !export.hasTyped { export.folder = TextField(exportFolder(export.launcher)) }
  }

  private mutating func order(_ old: ExportDialogState) -> [Effect] {
    var export = old
    guard !export.folder.text.isEmpty else {
      (export.step, export.error) = (.choosing, "type a folder")
      dialog = .export(export)
      return []
    }
    export.step = .working
    export.error = nil
    dialog = .export(export)
    return [
      .export(
        ExportOrder(
          plan: export.plan, launcher: export.launcher, folder: export.folder.text,
          takesNearest: export.agreed.nearest, allowsOver: export.agreed.over, overwrite: export.agreed.overwrite))
    ]
  }

  /// The outside has exported, or asks, or could not.
  mutating func finishExport(_ answer: ExportAnswer) {
    var text = ""
    var isGood = false
    if case .written(let folder, let files) = answer {
      (text, isGood) = ("wrote \(files.joined(separator: ", ")) to \(folder)", true)
    }
    if case .failed(let reason) = answer { text = reason }
    guard case .export(var export) = dialog, export.step == .working else {
      // The dialog was left meanwhile: only what has happened is told.
      if !text.isEmpty { message = Message(text: text, role: isGood ? .good : .bad) }
      return
    }
    switch answer {
    case .written:
      dialog = nil
      message = Message(text: text, role: .good)
      return
    case .offer(let reasons, let nearest):
      export.step = nearest.isEmpty ? .choosing : .offering(reasons: reasons, nearest: nearest)
      if nearest.isEmpty { export.error = "no plan that it can run: " + reasons.joined(separator: "; ") }
    case .over(let text): export.step = .over(text)
    case .exists(let path): export.step = .confirming(path: path)
    case .failed(let reason): (export.step, export.error) = (.choosing, reason)
    }
    dialog = .export(export)
  }
}
