import Engine

/// Something that can be copied.
struct CopyItem: Sendable, Equatable {
  /// What it is, for the menu.
  var label: String
  /// What is copied.
  var text: String
}

/// The menu of what can be copied.
struct CopyDialogState: Sendable, Equatable {
  /// What was under the cursor when it opened, whatever arrives meanwhile.
  let items: [CopyItem]
  /// The item under the cursor.
  var row = 0
}

extension ExplorerState {
  /// Longest text that is sent for the clipboard, bytes: what xterm takes of one sequence (100,000 bytes of base64,
  /// less its frame), as OSC 52's other terminals take as much or more.
  static let mostClipboardBytes = 74_994

  /// What can be copied where the cursor is, the nearest to it first.
  func copyable() -> [CopyItem] {
    guard let shown else { return [] }
    let score = shown.score
    var items = [
      CopyItem(label: "seconds per iteration", text: "\(score.iterationSeconds)"),
      CopyItem(label: "the plan's figures", text: CopyText.figures(score)),
    ]
    let stage = selectedStage
    if shown.plan.stages.indices.contains(stage), score.stages.indices.contains(stage), stageRow >= 0 {
      let text = CopyText.row(stage, shown.plan.stages[stage], score.stages[stage])
      items.insert(CopyItem(label: "stage \(stage + 1)", text: text), at: focus == .frontier ? 2 : 0)
    }
    if focus == .stages, let cell = copyableCell(shown) { items.insert(cell, at: 0) }
    let pins = keptPins(of: shown.plan)
    items.append(
      CopyItem(label: "the plan as a file", text: PlanFile(workload: workload, scored: shown, pins: pins).text))
    items.append(CopyItem(label: exportLabel, text: exportCommand))
    return items
  }

  /// The value under the cursor of the stage table: of a choice as a person gives it to `--pin` or `--set`.
  private func copyableCell(_ shown: ScoredPlan) -> CopyItem? {
    switch cellUnderCursor {
    case .plan(let cell):
      return cell.value(in: shown.plan).map { value in
        CopyItem(label: cell.title, text: cell.pins(value).map(\.text).joined(separator: " "))
      }
    case .run(let knob): return CopyItem(label: knob.title, text: knob.text(of: workload))
    case nil:
      let (column, stage) = (StageColumn.all[selectedColumn], selectedStage)
      guard stageRow >= 0, shown.plan.stages.indices.contains(stage), shown.score.stages.indices.contains(stage)
      else { return nil }
      let text = column.value(shown.plan.stages[stage], [shown.score.stages[stage]])
      return CopyItem(label: "\(column.title) of stage \(stage + 1)", text: text)
    }
  }

  /// The command that exports the plan, for the launcher of the workload.
  private var exportCommand: String {
    let launcher = workload.run.launcher ?? Launcher.allCases.first { $0.runtimes.contains(workload.run.runtime) }
    let path = savedPath ?? defaultPath
    // Of a quoted ~ the shell would make no home directory.
    let word = path.hasPrefix("~/") ? "~/" + ShellText.quoted(String(path.dropFirst(2))) : ShellText.quoted(path)
    return "brume export \(word) --to \(launcher?.rawValue ?? Launcher.megatronLM.rawValue)"
  }

  private var exportLabel: String {
    savedPath == nil ? "the command that exports it, once it is saved" : "the command that exports it"
  }

  /// Opens the menu.
  mutating func openCopy() -> [Effect] {
    dialog = .copy(CopyDialogState(items: copyable()))
    return []
  }

  /// A key in the menu: a number is the item of that number.
  mutating func handleCopyKey(_ key: Key, _ old: CopyDialogState) -> [Effect] {
    var menu = old
    let last = max(0, menu.items.count - 1)
    switch key {
    case .down, .tab, .character("j"): menu.row = min(last, menu.row + 1)
    case .up, .backTab, .character("k"): menu.row = max(0, menu.row - 1)
    case .enter: return copy(menu.row, of: menu)
    case .character(let character):
      guard let number = character.wholeNumberValue, menu.items.indices.contains(number - 1) else { return [] }
      return copy(number - 1, of: menu)
    case .escape:
      dialog = nil
      return []
    default: break
    }
    dialog = .copy(menu)
    return []
  }

  /// Copies an item: through the terminal where it takes that and the text is short enough, else into a file.
  private mutating func copy(_ index: Int, of menu: CopyDialogState) -> [Effect] {
    dialog = nil
    guard menu.items.indices.contains(index) else { return [] }
    let item = menu.items[index]
    let bytes = item.text.utf8.count
    guard settings.copyTarget == .terminal, terminal.takesCopies, bytes <= Self.mostClipboardBytes else {
      return [.copyToFile(item.text)]
    }
    _ = say("\(item.label): \(bytes) bytes sent to the terminal's clipboard", .good)
    return [.copy(item.text)]
  }

  /// A copy was written to a file, or could not be.
  mutating func finishCopying(path: String, error: String?) {
    if let error {
      _ = say("nothing was copied: \(error)", .bad)
    } else {
      _ = say("copied into \(path)", .good)
    }
  }
}

/// Parts of a plan as text for other programs.
enum CopyText {
  /// Time, throughput, memory and MFU of a plan, on one line.
  static func figures(_ score: PlanScore) -> String {
    "\(Format.stepSeconds(score.iterationSeconds)) per iteration, \(Format.count(score.tokensPerSecond)) tokens/s, "
      + "MFU \(Format.percent(score.mfu)), \(Format.gibibytes(score.peakReservedBytes)) GiB reserved at the peak"
  }

  /// The columns of a stage, `name value` with commas between.
  static func row(_ index: Int, _ choice: StageChoice, _ score: StageScore) -> String {
    let columns = StageColumn.all.map { "\($0.title) \($0.value(choice, [score]))" }
    return "stage \(index + 1): " + columns.joined(separator: ", ")
  }
}
