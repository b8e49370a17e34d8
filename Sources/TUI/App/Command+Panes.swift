extension Command {
  /// Keys of the frontier.
  static let frontier: [Command] = [
    Command(
      [.character("l"), .right, .character("j"), .down], "more memory", "Preview the next plan: more memory, less time",
      pane: .frontier, hint: Hint(11, "h l", "preview"), when: { !$0.search.frontier.isEmpty },
      action: { $0.movePreview(by: 1) }),
    Command(
      [.character("h"), .left, .character("k"), .up], "less memory", "Preview the plan before: less memory, more time",
      pane: .frontier, when: { !$0.search.frontier.isEmpty },
      action: { $0.movePreview(by: -1) }),
    Command(
      [.home, .character("g")], "least memory", "Preview the plan with the least memory", pane: .frontier,
      when: { !$0.search.frontier.isEmpty }, action: { $0.movePreview(by: -$0.search.frontier.count) }),
    Command(
      [.end, .character("G")], "fastest", "Preview the fastest plan", pane: .frontier,
      when: { !$0.search.frontier.isEmpty }, action: { $0.movePreview(by: $0.search.frontier.count) }),
    Command(
      [.character("x")], "axis", "Change the axis: seconds or tokens per second",
      pane: .frontier, hint: Hint(13, "x", "axis"), when: { $0.shown != nil },
      action: {
        $0.showsThroughput.toggle()
        return []
      }),
  ]

  /// Keys of the stage table.
  static let stages: [Command] = [
    Command(
      [.character("j"), .down], "down", "Go to the next stage", pane: .stages, hint: Hint(11, "h j k l", "move"),
      when: { $0.shown != nil },
      action: { $0.moveStage(by: 1, withPlanRow: true) }),
    Command(
      [.character("k"), .up], "up", "Go to the stage before, above the first one to the plan", pane: .stages,
      when: { $0.shown != nil }, action: { $0.moveStage(by: -1, withPlanRow: true) }),
    Command(
      [.character("l"), .right], "right", "Go to the next column", pane: .stages, when: { $0.shown != nil },
      action: { $0.moveColumn(by: 1) }),
    Command(
      [.character("h"), .left], "left", "Go to the column before", pane: .stages, when: { $0.shown != nil },
      action: { $0.moveColumn(by: -1) }),
    Command(
      [.home, .character("g")], "first", "Go to the plan's own row", pane: .stages, when: { $0.shown != nil },
      action: { $0.moveStage(by: -10_000, withPlanRow: true) }),
    Command(
      [.end, .character("G")], "last", "Go to the last stage", pane: .stages, when: { $0.shown != nil },
      action: { $0.moveStage(by: 10_000, withPlanRow: true) }),
    Command(
      [.character("n")], "next best", "Preview the next best plan with another S, tp, G, ZeRO", pane: .stages,
      hint: Hint(12, "n N", "next best"), when: { $0.bestPlans.count > 1 }, action: { $0.previewBest(by: 1) }),
    Command(
      [.character("N")], "best before", "Preview the one before among the best plans", pane: .stages,
      when: { $0.bestPlans.count > 1 }, action: { $0.previewBest(by: -1) }),
    fold(.stages),
  ]

  /// Keys of the memory bars.
  static let memory: [Command] = [
    Command(
      [.character("j"), .down], "down", "Go to the next stage", pane: .memory, hint: Hint(11, "j k", "stage"),
      when: { $0.shown != nil },
      action: { $0.moveStage(by: 1, withPlanRow: false) }),
    Command(
      [.character("k"), .up], "up", "Go to the stage before", pane: .memory, when: { $0.shown != nil },
      action: { $0.moveStage(by: -1, withPlanRow: false) }),
    fold(.memory),
  ]

  private static func fold(_ pane: Pane) -> Command {
    Command(
      [.character("z")], "fold", "Show runs of like stages as one row, or each stage", pane: pane,
      hint: Hint(14, "z", "fold"),
      when: { $0.canFoldStages || $0.isUnfolded },
      action: {
        $0.isUnfolded.toggle()
        return []
      })
  }

  /// Keys of the timeline.
  static let timeline: [Command] = [
    Command(
      [.character("l"), .right], "next", "Go to the next start or end of a pass of the stage",
      pane: .timeline, hint: Hint(11, "h l", "time"), when: { $0.shownTimeline != nil },
      action: { $0.moveTimelineCursor(forward: true) }),
    Command(
      [.character("h"), .left], "before", "Go to the start or end before", pane: .timeline,
      when: { $0.shownTimeline != nil }, action: { $0.moveTimelineCursor(forward: false) }),
    Command(
      [.character("j"), .down], "stage down", "Go to the next stage", pane: .timeline, hint: Hint(12, "j k", "stage"),
      when: { $0.shown != nil },
      action: { $0.moveStage(by: 1, withPlanRow: false) }),
    Command(
      [.character("k"), .up], "stage up", "Go to the stage before", pane: .timeline, when: { $0.shown != nil },
      action: { $0.moveStage(by: -1, withPlanRow: false) }),
    Command(
      [.character("+"), .character("=")], "zoom in", "Show half as much time, around the cursor", pane: .timeline,
      hint: Hint(13, "+ -", "zoom"), when: { $0.shownTimeline != nil }, action: { $0.zoomTimeline(closer: true) }),
    Command(
      [.character("-")], "zoom out", "Show twice as much time", pane: .timeline,
      when: { $0.timeline.zoom > 1 }, action: { $0.zoomTimeline(closer: false) }),
    Command(
      [.character(">"), .pageDown], "later", "Move the picture to later moments", pane: .timeline,
      when: { $0.timeline.zoom > 1 }, action: { $0.panTimeline(later: true) }),
    Command(
      [.character("<"), .pageUp], "earlier", "Move the picture to earlier moments", pane: .timeline,
      when: { $0.timeline.zoom > 1 }, action: { $0.panTimeline(later: false) }),
    Command(
      [.home, .character("g")], "start", "Go to the start of the iteration", pane: .timeline,
      when: { $0.shownTimeline != nil }, action: { $0.setTimelineCursor(0) }),
    Command(
      [.end, .character("G")], "end", "Go to the end of the iteration", pane: .timeline,
      when: { $0.shownTimeline != nil }, action: { $0.setTimelineCursor(.infinity) }),
    Command(
      [.character("z")], "fold", "Leave out the steady part, or show it", pane: .timeline, hint: Hint(14, "z", "fold"),
      when: { $0.shownTimeline.flatMap(TimelineFold.init) != nil }, action: { $0.foldTimeline() }),
  ]
}
