extension SessionFile {
  /// The keys at the top of a session file.
  static let keys = [
    "brume", "kind", SessionCheck.key, "source", "now", "shown", "predicted", "constraints", "saved", "position",
    "edits", "states", "plans", "stages", "workloads",
  ]

  /// True for a file that says `kind: session`.
  public static func isSession(_ root: ConfigNode) -> Bool {
    guard let mapping = try? root.anyMapping(), let kind = mapping["kind"] else { return false }
    return (try? kind.string()) == "session"
  }

  /// Reads the session file at a path; errors name file, line and field.
  public static func read(_ path: String) throws(InputError) -> SessionFile {
    try parse(try ConfigNode.readText(path), file: path)
  }

  /// Reads a session file's text; `file` is for messages.
  public static func parse(_ text: String, file: String) throws(InputError) -> SessionFile {
    try SessionFile(try ConfigNode.parse(text, file: file), text: text)
  }

  /// Reads a parsed session file: every key, every range, every place in a table.
  ///
  /// Of the plans only the shown one is checked against its workload's rules: an edit that broke one is a part of the
  /// history like any other.
  /// - Parameter text: what was parsed, as it was in the file.
  init(_ root: ConfigNode, text: String) throws(InputError) {
    // A newer file may have other keys: its version is what is wrong with it.
    try root.anyMapping().checkFormat()
    try SessionCheck.verify(text, file: root.place.file)
    let mapping = try root.mapping(Self.keys)
    let kind = try mapping.required("kind", "session")
    guard try kind.string() == "session" else { throw kind.wrong("session") }
    let tables = try SessionReader(mapping)
    source = try mapping["source"].map { node throws(InputError) in try Self.line(node, "what was opened") }
    draft = try tables.state(try mapping.required("now", "a place among the states"))
    shown = try mapping["shown"].map { node throws(InputError) in try tables.plan(node) }
    predicted = try mapping["predicted"].map { node throws(InputError) in try PredictedFigures(node) }
    constraints = try Self.constraints(mapping["constraints"])
    saved = try mapping["saved"].map { node throws(InputError) in
      let pair = try node.mapping(["path", "workload", "plan"])
      return SavedPlan(
        path: try Self.line(try pair.required("path", "a path"), "a path"), content: try tables.pair(pair))
    }
    for item in try mapping["edits"]?.list(0...Self.mostEdits) ?? [] { edits.append(try Self.edit(item, tables)) }
    position = try mapping.int("position", 0...edits.count, or: edits.count)
    guard let shown, let node = mapping["shown"] else { return }
    do {
      try PlanRules(workload: draft.workload).check(shown)
    } catch {
      throw .conflict(at: node.place, problem: "\(error)", remedy: "the plan does not belong to its workload")
    }
  }

  private static func edit(_ node: ConfigNode, _ tables: SessionReader) throws(InputError) -> SessionEdit {
    let mapping = try node.mapping(["title", "before", "after", "seconds", "fits"])
    let most = Double.greatestFiniteMagnitude
    return SessionEdit(
      title: try line(try mapping.required("title", "what was done"), "what was done"),
      before: try tables.state(try mapping.required("before", "a place among the states")),
      after: try tables.state(try mapping.required("after", "a place among the states")),
      seconds: try mapping["seconds"].map { node throws(InputError) in try node.double(-most...most) },
      fits: try mapping.bool("fits", or: true))
  }

  private static func line(_ node: ConfigNode, _ what: String) throws(InputError) -> String {
    try node.string(what, maximum: mostCharacters)
  }

  private static func constraints(_ node: ConfigNode?) throws(InputError) -> PlanConstraints {
    guard let node else { return PlanConstraints() }
    var texts: [String] = []
    for item in try node.list(0...10) { texts.append(try item.string("a constraint")) }
    do throws(ConstraintError) {
      return try PlanConstraints(texts: texts)
    } catch {
      throw .conflict(at: node.place, problem: "\(error)", remedy: "write it as for --constraint")
    }
  }
}

/// The tables of a session file, read from its end to its start: stages, plans, workloads, states.
private struct SessionReader {
  private var workloads: [Workload] = []
  private var plans: [Plan] = []
  private var states: [SessionDraft] = []

  /// Most entries of a table.
  private static let most = 0...100_000

  init(_ mapping: ConfigMapping) throws(InputError) {
    for item in try mapping.required("workloads", "a list of workloads").list(Self.most) {
      workloads.append(try WorkloadSource.workload(item, folder: nil, defaultName: nil))
    }
    var stages: [StageChoice] = []
    for item in try mapping["stages"]?.list(Self.most) ?? [] { stages.append(try PlanReader.stage(item)) }
    for item in try mapping["plans"]?.list(Self.most) ?? [] {
      plans.append(try PlanReader.plan(item) { node throws(InputError) in try Self.item(node, of: stages) })
    }
    for item in try mapping.required("states", "a list of states").list(Self.most) { states.append(try draft(item)) }
  }

  /// The state that a node names.
  func state(_ node: ConfigNode) throws(InputError) -> SessionDraft { try Self.item(node, of: states) }

  /// The plan that a node names.
  func plan(_ node: ConfigNode) throws(InputError) -> Plan { try Self.item(node, of: plans) }

  /// The plan and the workload that a mapping names.
  func pair(_ mapping: ConfigMapping) throws(InputError) -> PlanOfWorkload {
    PlanOfWorkload(
      workload: try Self.item(try mapping.required("workload", "a place among the workloads"), of: workloads),
      plan: try plan(try mapping.required("plan", "a place among the plans")))
  }

  private func draft(_ node: ConfigNode) throws(InputError) -> SessionDraft {
    let mapping = try node.mapping(["workload", "space", "schedule", "pins", "plan", "reference"])
    let name = try mapping.required("space", "the name of a space")
    return SessionDraft(
      workload: try Self.item(try mapping.required("workload", "a place among the workloads"), of: workloads),
      space: try Self.space(name, schedule: mapping["schedule"]), pins: try PlanFile.pins(mapping["pins"]),
      plan: try mapping["plan"].map { node throws(InputError) in try plan(node) },
      reference: try mapping["reference"].map { node throws(InputError) in
        try pair(try node.mapping(["workload", "plan"]))
      })
  }

  private static func space(_ node: ConfigNode, schedule: ConfigNode?) throws(InputError) -> SearchSpace {
    let name = try node.string("the name of a space")
    guard let space = SearchSpace.named(name) else {
      let known = SearchSpace.all.map(\.name)
      throw .unknownName(
        at: node.place, kind: "space", name: name, suggestion: Suggestion.nearest(to: name, in: known), known: known)
    }
    guard let schedule else { return space }
    guard let restricted = space.restricted(to: try schedule.choice(PipelineSchedule.self)) else {
      throw schedule.wrong("a schedule that space \(name) has plans of")
    }
    return restricted
  }

  /// The entry whose place, from 1, a node gives.
  private static func item<Item>(_ node: ConfigNode, of items: [Item]) throws(InputError) -> Item {
    guard !items.isEmpty else { throw node.wrong("left out: its table is empty") }
    return items[try node.int(1...items.count) - 1]
  }
}
