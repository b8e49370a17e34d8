import Engine

extension Command {
  /// Keys of the comparison.
  static let comparing: [Command] =
    [
      compared(
        "right", [.character("l"), .right], "right", "Go to the next column",
        hint: Hint(11, "column", of: ["compare.left", "compare.right"]), action: { $0.moveCompared(by: 1) }),
      compared(
        "left", [.character("h"), .left], "left", "Go to the column before", action: { $0.moveCompared(by: -1) }),
      compared("first", [.home], "first", "Go to this plan", action: { $0.moveCompared(by: -1000) }),
      compared("last", [.end], "last", "Go to the last column", action: { $0.moveCompared(by: 1000) }),
      compared(
        "down", [.character("j"), .down, .pageDown], "down", "Scroll to the rows below",
        action: { $0.scrollCompared(by: 1) }),
      compared(
        "up", [.character("k"), .up, .pageUp], "up", "Scroll to the rows above", action: { $0.scrollCompared(by: -1) }),
      compared(
        "take", [.enter], "take column", "Take its plan, open its question, or search it", hint: Hint(7, "take"),
        when: { !$0.isPreview }, action: { $0.takeCompared() }),
      compared(
        "reference", [.character("b")], "refer to column", "Make the plan of the column the reference",
        hint: Hint(8, "reference"), action: { $0.referToCompared() }),
      compared(
        "stop", [.escape], "stop searching", "Stop searching columns; what was found stays", hint: Hint(2, "stop"),
        when: { !$0.isPreview && $0.isSearchingColumns },
        action: { $0.stopComparing() }),
      compared(
        "cluster", [.character("x")], "another cluster", "Choose another kind of node to compare with",
        hint: Hint(9, "cluster"), action: { $0.openClusters() }),
    ]
    + WhatIf.allCases.map { kind in
      let (name, key, help) = kind.command
      return compared(name, [.character(key)], name.replacing("-", with: " "), help, action: { $0.ask(kind) })
    }

  /// Keys of the measured runs.
  static let measured: [Command] = [
    Command(
      "runs.down", [.character("j"), .down], "down", "Go to the next run", pane: .runs,
      hint: Hint(11, "run", of: ["runs.down", "runs.up"]), when: { $0.shown != nil }, action: { $0.moveRun(by: 1) }),
    Command(
      "runs.up", [.character("k"), .up], "up", "Go to the run before", pane: .runs, when: { $0.shown != nil },
      action: { $0.moveRun(by: -1) }),
    Command(
      "runs.first", [.home, .character("g")], "first", "Go to the nearest run", pane: .runs, when: { $0.shown != nil },
      action: { $0.moveRun(by: -1000) }),
    Command(
      "runs.last", [.end, .character("G")], "last", "Go to the last run", pane: .runs, when: { $0.shown != nil },
      action: { $0.moveRun(by: 1000) }),
    Command(
      "runs.robust", [.character("r")], "robust", "Say what the plan loses if the hardware is off", pane: .runs,
      hint: Hint(7, "robust"), when: { $0.shown != nil && $0.judgement?.isRunning != true }, action: { $0.judge() }),
    Command(
      "runs.stop", [.escape], "stop judging", "Stop judging the plan", pane: .runs, hint: Hint(2, "stop"),
      when: { !$0.isPreview && $0.compare.judgement?.isRunning == true }, action: { $0.stopJudging() }),
  ]

  private static func compared(
    _ id: String, _ keys: [Key], _ name: String, _ help: String, hint: Hint? = nil,
    when isAvailable: @escaping @Sendable (ExplorerState) -> Bool = { _ in true },
    action: @escaping @Sendable (inout ExplorerState) -> [Effect]
  ) -> Command {
    Command("compare.\(id)", keys, name, help, pane: .compare, hint: hint, when: isAvailable, action: action)
  }
}

extension WhatIf {
  /// Its id behind `compare.`, its key and its help: capitals are for more of something.
  fileprivate var command: (name: String, key: Character, help: String) {
    switch self {
    case .twiceTheGPUs: ("twice-gpus", "N", "What if there were twice the GPUs?")
    case .halfTheGPUs: ("half-gpus", "n", "What if there were half the GPUs?")
    case .twiceTheBatch: ("twice-batch", "A", "What if the batch were twice as large?")
    case .halfTheBatch: ("half-batch", "a", "What if the batch were half as large?")
    case .twiceTheSequence: ("twice-sequence", "D", "What if samples were twice as long?")
    case .halfTheSequence: ("half-sequence", "d", "What if samples were half as long?")
    case .otherPrecision: ("precision", "f", "What if products were in fp8, or in 16 bits again?")
    case .otherGPU: ("next-gpu", "v", "What if the nodes had the next kind of GPU?")
    case .noOffload: ("no-offload", "o", "What if nothing were offloaded?")
    case .allTheMemory: ("all-memory", "m", "What if all of the device memory could be used?")
    }
  }

  /// The id of its command.
  var commandID: String { "compare." + command.name }
}
