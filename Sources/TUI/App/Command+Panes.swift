extension Command {
  /// Keys of the frontier.
  static let frontier: [Command] = [
    Command(
      "frontier.more", [.character("l"), .right, .character("j"), .down], "more memory",
      "Go to the next plan: more memory or GPUs, less time",
      pane: .frontier, hint: Hint(11, "preview", of: ["frontier.less", "frontier.more"]),
      when: { $0.hasFrontier },
      action: { $0.movePreview(by: 1) }),
    Command(
      "frontier.less", [.character("h"), .left, .character("k"), .up], "less memory",
      "Go to the plan before: less memory or GPUs, more time",
      pane: .frontier, when: { $0.hasFrontier },
      action: { $0.movePreview(by: -1) }),
    Command(
      "frontier.least", [.home, .character("g")], "least memory",
      "Go to the plan with the least memory, or fewest GPUs",
      pane: .frontier,
      when: { $0.hasFrontier }, action: { $0.movePreview(by: -10_000) }),
    Command(
      "frontier.fastest", [.end, .character("G")], "fastest", "Go to the fastest plan", pane: .frontier,
      when: { $0.hasFrontier }, action: { $0.movePreview(by: 10_000) }),
    Command(
      "frontier.axis", [.character("x")], "axis", "Trade time against memory, or against GPUs",
      pane: .frontier, hint: Hint(12, "axes", of: ["frontier.axis", "frontier.height"]), when: { $0.shown != nil },
      action: { $0.changeAcross() }),
    Command(
      "frontier.height", [.character("v")], "height", "Show seconds, tokens per second, or money",
      pane: .frontier, when: { $0.shown != nil }, action: { $0.changeUp() }),
    Command(
      "frontier.take-size", [.enter], "take size", "Make the size under the cursor the cluster",
      pane: .frontier, hint: Hint(1, "take size"), when: { $0.showsSizes && $0.sizes.point != nil && !$0.isPreview },
      action: { $0.takeSize() }),
  ]

  /// Keys of the stage table.
  static let stages: [Command] = [
    Command(
      "stages.down", [.character("j"), .down], "down", "Go to the next row", pane: .stages,
      hint: Hint(11, "move", of: ["stages.left", "stages.down", "stages.up", "stages.right"]),
      when: { $0.shown != nil },
      action: { $0.moveStage(by: 1, withPlanRow: true) }),
    Command(
      "stages.up", [.character("k"), .up], "up", "Go to the row before, or up to the plan",
      pane: .stages,
      when: { $0.shown != nil }, action: { $0.moveStage(by: -1, withPlanRow: true) }),
    Command(
      "stages.right", [.character("l"), .right], "right", "Go to the next column", pane: .stages,
      when: { $0.shown != nil },
      action: { $0.moveColumn(by: 1) }),
    Command(
      "stages.left", [.character("h"), .left], "left", "Go to the column before", pane: .stages,
      when: { $0.shown != nil },
      action: { $0.moveColumn(by: -1) }),
    Command(
      "stages.first", [.home, .character("g")], "first", "Go to the plan's own row", pane: .stages,
      when: { $0.shown != nil },
      action: { $0.moveStage(by: -10_000, withPlanRow: true) }),
    Command(
      "stages.last", [.end, .character("G")], "last", "Go to the last stage", pane: .stages, when: { $0.shown != nil },
      action: { $0.moveStage(by: 10_000, withPlanRow: true) }),
    Command(
      "stages.next-best", [.character("n")], "next best", "Preview the next best plan with another S, tp, G, ZeRO",
      pane: .stages,
      hint: Hint(12, "next best", of: ["stages.next-best", "stages.best-before"]), when: { $0.bestPlans.count > 1 },
      action: { $0.previewBest(by: 1) }),
    Command(
      "stages.best-before", [.character("N")], "best before", "Preview the one before among the best plans",
      pane: .stages,
      when: { $0.bestPlans.count > 1 }, action: { $0.previewBest(by: -1) }),
    fold(.stages),
  ]

  /// Keys that change the plan in the stage table.
  static let editing: [Command] = [
    Command(
      "stages.values", [.enter], "values", "List the values of the cell with their scores",
      pane: .stages, hint: Hint(8, "values"), when: { $0.shown != nil && !$0.isPreview },
      action: { $0.openCellList() }),
    Command(
      "stages.increase", [.character("+"), .character("=")], "increase", "Change the cell to its next higher value",
      pane: .stages, hint: Hint(7, "change", of: ["stages.increase", "stages.decrease"]), when: { $0.shown != nil },
      action: { $0.step(up: true) }),
    Command(
      "stages.decrease", [.character("-")], "decrease", "Change the cell to its next lower value", pane: .stages,
      when: { $0.shown != nil }, action: { $0.step(up: false) }),
    Command(
      "stages.layer-back", [.character("[")], "layer back", "Move a layer to the stage before", pane: .stages,
      hint: Hint(9, "layer", of: ["stages.layer-back", "stages.layer-on"]),
      when: { $0.selectedRow != nil && !$0.isTableTurned }, action: { $0.moveLayer(after: false) }),
    Command(
      "stages.layer-on", [.character("]")], "layer on", "Move a layer to the stage after", pane: .stages,
      when: { $0.selectedRow != nil && !$0.isTableTurned }, action: { $0.moveLayer(after: true) }),
    Command(
      "stages.pin", [.character("p")], "pin", "Pin the cell at its value, or release it", pane: .stages,
      hint: Hint(9, "pin"), when: { $0.shown != nil }, action: { $0.togglePin() }),
    Command(
      "stages.pin-row", [.character("P")], "pin row", "Pin all choices of the row, or release them", pane: .stages,
      when: { $0.shown != nil }, action: { $0.toggleRowPins() }),
  ]

  /// Keys of the memory bars.
  static let memory: [Command] = [
    Command(
      "memory.down", [.character("j"), .down], "down", "Go to the next stage", pane: .memory,
      hint: Hint(11, "stage", of: ["memory.down", "memory.up"]),
      when: { $0.shown != nil },
      action: { $0.moveStage(by: 1, withPlanRow: false) }),
    Command(
      "memory.up", [.character("k"), .up], "up", "Go to the stage before", pane: .memory, when: { $0.shown != nil },
      action: { $0.moveStage(by: -1, withPlanRow: false) }),
    fold(.memory),
  ]

  private static func fold(_ pane: Pane) -> Command {
    Command(
      "\(pane.name).fold", [.character("z")], "fold", "Show runs of like stages as one row, or each stage", pane: pane,
      hint: Hint(14, "fold"),
      when: { $0.canFoldStages || $0.isUnfolded },
      action: {
        $0.isUnfolded.toggle()
        return []
      })
  }

  /// Keys of the timeline.
  static let timeline: [Command] = [
    Command(
      "timeline.next", [.character("l"), .right], "next", "Go to the next start or end of a pass",
      pane: .timeline, hint: Hint(11, "time", of: ["timeline.before", "timeline.next"]),
      when: { $0.shownTimeline != nil },
      action: { $0.moveTimelineCursor(forward: true) }),
    Command(
      "timeline.before", [.character("h"), .left], "before", "Go to the start or end before", pane: .timeline,
      when: { $0.shownTimeline != nil }, action: { $0.moveTimelineCursor(forward: false) }),
    Command(
      "timeline.down", [.character("j"), .down], "stage down", "Go to the next stage", pane: .timeline,
      hint: Hint(12, "stage", of: ["timeline.down", "timeline.up"]),
      when: { $0.shown != nil },
      action: { $0.moveStage(by: 1, withPlanRow: false) }),
    Command(
      "timeline.up", [.character("k"), .up], "stage up", "Go to the stage before", pane: .timeline,
      when: { $0.shown != nil },
      action: { $0.moveStage(by: -1, withPlanRow: false) }),
    Command(
      "timeline.zoom-in", [.character("+"), .character("=")], "zoom in", "Show half as much time, around the cursor",
      pane: .timeline,
      hint: Hint(13, "zoom", of: ["timeline.zoom-in", "timeline.zoom-out"]), when: { $0.shownTimeline != nil },
      action: { $0.zoomTimeline(closer: true) }),
    Command(
      "timeline.zoom-out", [.character("-")], "zoom out", "Show twice as much time", pane: .timeline,
      when: { $0.timeline.zoom > 1 }, action: { $0.zoomTimeline(closer: false) }),
    Command(
      "timeline.later", [.character(">"), .pageDown], "later", "Move the picture to later moments", pane: .timeline,
      when: { $0.timeline.zoom > 1 }, action: { $0.panTimeline(later: true) }),
    Command(
      "timeline.earlier", [.character("<"), .pageUp], "earlier", "Move the picture to earlier moments", pane: .timeline,
      when: { $0.timeline.zoom > 1 }, action: { $0.panTimeline(later: false) }),
    Command(
      "timeline.start", [.home, .character("g")], "start", "Go to the start of the iteration", pane: .timeline,
      when: { $0.shownTimeline != nil }, action: { $0.setTimelineCursor(0) }),
    Command(
      "timeline.end", [.end, .character("G")], "end", "Go to the end of the iteration", pane: .timeline,
      when: { $0.shownTimeline != nil }, action: { $0.setTimelineCursor(.infinity) }),
    Command(
      "timeline.lanes", [.character("v")], "lanes", "Show lanes of the stage, of all stages, or none",
      pane: .timeline, hint: Hint(15, "lanes"), when: { $0.shownTimeline != nil },
      action: { $0.changeTimelineLanes() }),
    Command(
      "timeline.fold", [.character("z")], "fold", "Leave out the steady part, or show it", pane: .timeline,
      hint: Hint(14, "fold"),
      when: { $0.shownTimeline.flatMap(TimelineFold.init) != nil }, action: { $0.foldTimeline() }),
  ]
}
