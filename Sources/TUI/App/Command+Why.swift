extension Command {
  /// Keys of the Why pane.
  static let why: [Command] = [
    Command(
      "why.down", [.character("j"), .down], "down", "Go to the next part, resource or neighbour", pane: .why,
      hint: Hint(10, "move", of: ["why.down", "why.up"]), when: { $0.why.tree != nil },
      action: { $0.moveWhy(by: 1) }),
    Command(
      "why.up", [.character("k"), .up], "up", "Go to the part before", pane: .why, when: { $0.why.tree != nil },
      action: { $0.moveWhy(by: -1) }),
    Command(
      "why.unfold", [.character("l"), .right, .enter, .character("+"), .character("=")], "unfold",
      "Take the part under the cursor apart", pane: .why,
      hint: Hint(11, "unfold fold", of: ["why.unfold", "why.fold"]),
      when: { $0.why.tree != nil }, action: { $0.unfoldWhy() }),
    Command(
      "why.fold", [.character("h"), .left, .character("-")], "fold", "Close the part, or go to what it is a part of",
      pane: .why, when: { $0.why.tree != nil }, action: { $0.foldWhy() }),
    Command(
      "why.first", [.home, .character("g")], "first", "Go to the number itself", pane: .why,
      when: { $0.why.tree != nil }, action: { $0.moveWhy(by: -10_000) }),
    Command(
      "why.last", [.end, .character("G")], "last", "Go to the last neighbour", pane: .why,
      when: { $0.why.tree != nil }, action: { $0.moveWhy(by: 10_000) }),
  ]

  /// What more of each resource would buy: wherever the cursor is, as long as Why is in sight.
  static let marginal = Command(
    "why.marginal", [.character("m")], "what more would buy", "Find what more memory, GPUs and links would buy",
    hint: Hint(12, "what more buys"),
    when: { $0.isWhyInSight && $0.shown != nil && !$0.why.marginal.isRunning && !$0.why.marginal.isDone },
    action: {
      $0.why.marginal.isWanted = true
      return $0.isSearching ? $0.say("the search comes first: then what more would buy", .text) : []
    })
}
