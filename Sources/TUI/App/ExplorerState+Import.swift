import Engine

/// What people run today, as a plan.
extension ExplorerState {
  /// A key in the import dialog.
  mutating func handleImportKey(_ key: Key, _ old: ImportDialogState) -> [Effect] {
    var importing = old
    switch key {
    case .escape:
      dialog = nil
      // What is still being read is no longer waited for.
      importTicket += 1
      return []
    case _ where importing.isWorking: return []
    case .enter: return order(importing)
    case .down, .tab: importing.row = min(ImportDialogState.rows.upperBound, importing.row + 1)
    case .up, .backTab: importing.row = max(ImportDialogState.rows.lowerBound, importing.row - 1)
    default:
      if importing.path.handle(key) { importing.error = nil }
    }
    dialog = .importing(importing)
    return []
  }

  private mutating func order(_ old: ImportDialogState) -> [Effect] {
    var importing = old
    guard !importing.path.text.isEmpty else {
      importing.error = "type the path of a launch script or of its configuration"
      dialog = .importing(importing)
      return []
    }
    importing.isWorking = true
    importing.error = nil
    dialog = .importing(importing)
    importTicket += 1
    let order = ImportOrder(path: importing.path.text, launcher: importing.launcher, workload: workload)
    return [.importPlan(order, ticket: importTicket)]
  }

  /// The outside has read the file, or could not: what is run today is the reference then, and previewed.
  mutating func finishImport(_ answer: ImportAnswer, ticket: Int) -> [Effect] {
    guard ticket == importTicket, case .importing(var importing) = dialog else { return [] }
    switch answer {
    case .failed(let reason):
      importing.isWorking = false
      importing.error = reason
      dialog = .importing(importing)
      return []
    case .found(let launcher, let found, let scored):
      dialog = nil
      let isOther = found.workload != workload
      let effects = edit("import \(importing.path.text)") { draft in
        draft.reference = scored
        guard isOther else { return }
        if found.workload.run.launcher != draft.workload.run.launcher { draft.space = launcher.space }
        draft.workload = found.workload
        draft.plan = nil
      }
      remember(scored)
      plans.preview = scored
      return effects + say(Self.remark(launcher, found), found.warnings.isEmpty ? .good : .warning)
    }
  }

  /// What was read, and what of it does not count.
  private static func remark(_ launcher: Launcher, _ found: LaunchImport) -> String {
    var text = "what \(launcher.title) runs is the reference"
    if !found.unknown.isEmpty { text += "; not known: \(found.unknown.joined(separator: ", "))" }
    if !found.warnings.isEmpty { text += "; not modelled: \(found.warnings.joined(separator: "; "))" }
    if !found.assumed.isEmpty { text += "; assumed: \(found.assumed.joined(separator: "; "))" }
    return text
  }
}
