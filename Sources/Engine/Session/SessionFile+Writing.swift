extension SessionFile {
  /// The file's text: a line for people, then YAML in the block style.
  ///
  /// Workloads, plans and stages that come again are written once and named by their place. Of a history that would
  /// make the file longer than any file that is read, the part around the present is written.
  public var text: String {
    var most = Self.mostEdits
    while true {
      let text = keeping(most).wholeText
      if text.utf8.count <= ConfigNode.maximumBytes || most == 0 { return text }
      most /= 2
    }
  }

  /// Writes the file as a whole or not at all, in place of the one before.
  public func write(to path: String) throws(OutputError) {
    try AtomicFile.write(text, to: path, overwrite: true)
  }

  private var wholeText: String {
    let name = Self.line(draft.workload.name)
    let start = "# A session of the explorer on \(name): `brume explore FILE` goes on with it\n"
    return SessionCheck.adding(to: start + node.yaml())
  }

  private var node: ConfigNode {
    var tables = SessionTables()
    let now = tables.state(draft)
    let edits = edits.map { edit in
      ConfigNode.object([
        ("title", .text(Self.line(edit.title))), ("before", .number(tables.state(edit.before))),
        ("after", .number(tables.state(edit.after))), ("seconds", edit.seconds.map { .number($0) }),
        ("fits", .flag(edit.fits)),
      ])
    }
    let saved = saved.map { saved in
      ConfigNode.object([("path", .text(Self.line(saved.path)))] + tables.pair(saved.content))
    }
    let shown = shown.map { ConfigNode.number(tables.plan($0)) }
    return .object(
      [
        ("brume", .number(ConfigNode.formatVersion)), ("kind", .word("session")),
        ("source", source.map { .text(Self.line($0)) }), ("now", .number(now)), ("shown", shown),
        ("predicted", predicted?.node), ("constraints", .list(constraints.texts.map { .text($0) })),
        ("saved", saved), ("position", .number(position)), ("edits", .list(edits)),
      ] + tables.nodes)
  }

  /// A text as files hold it: on one line, not empty, not without end.
  private static func line(_ text: String) -> String {
    let kept = text.unicodeScalars.filter { !PlainText.isForbidden($0) }
    let line = String(String.UnicodeScalarView(kept).prefix(Self.mostCharacters))
    return line.isEmpty ? "?" : line
  }

  /// Most characters of a text.
  static let mostCharacters = 4096
}

/// What drafts have in common, each once; places count from 1.
private struct SessionTables {
  private var states: [ConfigNode] = []
  private var drafts: [SessionDraft] = []
  private var workloads: [Workload] = []
  private var plans: [Plan] = []
  private var planNodes: [ConfigNode] = []
  private var stages: [StageChoice: Int] = [:]
  private var stageNodes: [ConfigNode] = []

  /// The keys of the tables with their entries.
  var nodes: [(String, ConfigNode?)] {
    [
      ("states", .list(states)), ("plans", .list(planNodes)), ("stages", .list(stageNodes)),
      ("workloads", .list(workloads.map { WorkloadWriter.node(of: $0) })),
    ]
  }

  mutating func state(_ draft: SessionDraft) -> Int {
    if let place = drafts.lastIndex(of: draft) { return place + 1 }
    let node = ConfigNode.object([
      ("workload", .number(workload(draft.workload))), ("space", .text(draft.space.name)),
      ("schedule", Self.schedule(draft.space).map { .word($0.rawValue) }),
      ("pins", .list(draft.pins.texts.map { .text($0) })), ("plan", draft.plan.map { .number(plan($0)) }),
      ("reference", draft.reference.map { .object(pair($0)) }),
    ])
    drafts.append(draft)
    states.append(node)
    return drafts.count
  }

  mutating func pair(_ pair: PlanOfWorkload) -> [(String, ConfigNode?)] {
    [("workload", .number(workload(pair.workload))), ("plan", .number(plan(pair.plan)))]
  }

  mutating func plan(_ plan: Plan) -> Int {
    if let place = plans.lastIndex(of: plan) { return place + 1 }
    planNodes.append(
      .object(PlanFile.choices(of: plan) + [("stages", .list(plan.stages.map { .number(stage($0)) }))]))
    plans.append(plan)
    return plans.count
  }

  private mutating func workload(_ workload: Workload) -> Int {
    if let place = workloads.lastIndex(of: workload) { return place + 1 }
    workloads.append(workload)
    return workloads.count
  }

  private mutating func stage(_ stage: StageChoice) -> Int {
    if let place = stages[stage] { return place }
    stageNodes.append(PlanFile.node(of: stage))
    stages[stage] = stageNodes.count
    return stageNodes.count
  }

  /// The schedule that a space was restricted to; nil where it is as it ships.
  private static func schedule(_ space: SearchSpace) -> PipelineSchedule? {
    guard let shipped = SearchSpace.named(space.name), shipped != space else { return nil }
    return PipelineSchedule.allCases.first { shipped.restricted(to: $0) == space }
  }
}
