extension Command {
  /// Keys for the plan that is shown.
  static let plan: [Command] = [
    Command(
      "plan.take", [.enter], "take", "Take the plan that is previewed", hint: Hint(1, "take"), when: { $0.isPreview },
      action: {
        guard let plan = $0.plans.preview else { return [] }
        return $0.take(plan, "take the previewed plan")
      }),
    Command(
      "plan.return", [.escape], "return", "Return from the preview", hint: Hint(2, "return"), when: { $0.isPreview },
      action: {
        $0.plans.preview = nil
        return []
      }),
    Command(
      "plan.take-better", [.character("t")], "take better", "Take the better plan that the search has found",
      hint: Hint(0, "take better"),
      when: { $0.better != nil },
      action: {
        guard let better = $0.better else { return [] }
        return $0.take(better, "take the better plan")
      }),
    Command(
      "plan.solve", [.character("t")], "solve", "Solve again what is not pinned, and take it",
      hint: Hint(10, "solve"), when: { $0.shown != nil && $0.better == nil && $0.solving == nil },
      action: { $0.solve() }),
    Command(
      "plan.pin", [.character("*")], "pin plan", "Pin the whole plan, or release it", when: { $0.shown != nil },
      action: { $0.togglePlanPins() }),
    Command(
      "plan.unpin", [.character("X")], "unpin all", "Release all pins", when: { !$0.request.pins.isEmpty },
      action: { $0.unpinAll() }),
    Command(
      "edit.undo", [.character("u")], "undo", "Undo the last edit", hint: Hint(15, "undo"),
      when: { $0.history.position > 0 }, action: { $0.undo(by: -1) }),
    Command(
      "edit.redo", [.character("U"), .control("r")], "redo", "Do again what was undone",
      when: { $0.history.position < $0.history.entries.count }, action: { $0.undo(by: 1) }),
    Command(
      "edit.history", [.character("H")], "history", "List the edits with scores, to go back to any",
      when: { !$0.history.entries.isEmpty },
      action: {
        $0.dialog = .history(row: $0.history.position)
        return []
      }),
    Command(
      "plan.reference", [.character("b")], "reference", "Compare with the plan that is shown from now on",
      hint: Hint(23, "reference"),
      when: { $0.shown != nil && $0.shown != $0.plans.reference && $0.focus != .compare },
      action: {
        let shown = $0.shown
        let effects = $0.edit("reference") { $0.reference = shown }
        return effects + $0.say("this plan is the reference now", .good)
      }),
    Command(
      "plan.save", [.character("s")], "save", "Save the plan that is shown to a file", hint: Hint(21, "save"),
      when: { $0.shown != nil },
      action: {
        if let plan = $0.shown { $0.dialog = .save(SaveDialogState(plan: plan, path: TextField($0.defaultPath))) }
        return []
      }),
    Command(
      "plan.export", [.character("e")], "export", "Write the launcher's files of this plan",
      hint: Hint(22, "export"), when: { $0.shown != nil }, action: { $0.openExport() }),
    Command(
      "plan.import", [.character("I")], "import", "Read what is run today; it is the reference",
      action: {
        $0.dialog = .importing(ImportDialogState())
        return []
      }),
  ]

  /// Keys for the panes that speak of what another one shows.
  static let side: [Command] = [
    Command(
      "side.why", [.character("w")], "why?", "Say where the number under the cursor is from",
      hint: Hint(13, "why"), when: { $0.shown != nil }, action: { $0.toggleSide(.why) }),
    marginal,
    Command(
      "side.compare", [.character("c")], "compare with", "Compare the plan with others, or close that",
      hint: Hint(14, "compare"), when: { $0.shown != nil }, action: { $0.toggleSide(.compare, takesKeys: true) }),
    Command(
      "side.close", [.escape], "close", "Close what was opened beside the panes", hint: Hint(3, "close"),
      when: {
        $0.side != nil && !$0.isPreview && ($0.focus.isSide || $0.layout.kind != .single)
          && !($0.focus == .compare && $0.isSearchingColumns)
          && !($0.focus == .runs && $0.compare.judgement?.isRunning == true)
      },
      action: {
        $0.closeSide()
        return []
      }),
  ]

  /// Keys for the search.
  static let search: [Command] = [
    Command(
      "search.stop", [.escape], "stop", "Stop the search and keep what it has found", hint: Hint(3, "stop"),
      when: {
        $0.isWorking && !$0.isPreview
          && ($0.side == nil || $0.layout.kind == .single && !$0.focus.isSide)
      },
      action: { $0.stopWork() }),
    Command(
      "search.start", [.character("r")], "search again", "Search again",
      when: { !$0.isSearching && $0.focus != .runs },
      action: { $0.startSearch() }),
  ]

  /// Keys for the screen and the program.
  static let screen: [Command] =
    Pane.allCases.map { pane in
      Command(
        "pane.\(pane.name)", [.character(Character("\(pane.rawValue)"))], pane.title.lowercased(),
        "Go to the pane \(pane.title)",
        action: {
          $0.focus = pane
          return []
        })
    } + [
      Command(
        "pane.next", [.tab], "next pane", "Go to the next pane", hint: Hint(20, "next pane"),
        action: {
          $0.moveFocus(by: 1)
          return []
        }),
      Command(
        "pane.before", [.backTab], "pane before", "Go to the pane before",
        action: {
          $0.moveFocus(by: -1)
          return []
        }),
      Command(
        "app.details", [.character("i")], "details", "Show in full what the two lines on top say",
        hint: Hint(24, "in full"),
        action: {
          $0.dialog = .details(scroll: 0)
          return []
        }),
      Command("app.redraw", [.control("l")], "redraw", "Draw the screen anew", action: { _ in [.redraw] }),
      Command(
        "app.suspend", [.control("z")], "suspend", "Suspend Brume; `fg` in the shell comes back",
        action: { _ in [.suspend] }),
      Command(
        "app.help", [.character("?"), .function(1)], "help", "Show what works here", hint: Hint(5, "help"),
        action: {
          $0.dialog = .help(HelpDialogState())
          return []
        }),
      Command(
        "app.command", [.character(":")], "command", "Run a command by its name",
        action: {
          $0.dialog = .help(HelpDialogState(isPalette: true))
          return []
        }),
      Command("app.quit", [.character("q")], "quit", "Leave Brume", hint: Hint(6, "quit"), action: { $0.quit() }),
      Command(
        "app.quit-now", [.control("c")], "quit now", "Leave Brume whatever it is doing", action: { _ in [.quit] }),
    ]
}
