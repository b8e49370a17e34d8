/// What a file or a sample holds: a workload, a plan with its workload, or a session of the explorer.
public struct InputDocument: Sendable, Equatable {
  /// The question; a plan's own where a plan was read.
  public var workload: Workload
  /// The plan, where the file says `kind: plan`.
  public var plan: PlanFile?
  /// The session, where the file says `kind: session`; `plan` is then the one that was shown.
  public var session: SessionFile?

  /// A workload alone.
  public init(workload: Workload) { self.workload = workload }

  /// A workload with a plan, or a session.
  init(workload: Workload, plan: PlanFile?, session: SessionFile? = nil) {
    self.workload = workload
    self.plan = plan
    self.session = session
  }

  /// Reads a file, a sample by its name, or (`-`) the text of standard input.
  ///
  /// `set` holds `key.path=value` assignments to the file's keys (`run.batch=64`, in a plan
  /// `plan.gradientAccumulation=8`); paths inside a file are relative to its folder.
  public static func load(
    _ nameOrPath: String, set assignments: [String] = [], standardInput: String? = nil
  ) throws(InputError) -> InputDocument {
    let found = try WorkloadSource.text(nameOrPath, standardInput: standardInput)
    let root = try ConfigNode.parse(found.text, file: found.file).applying(assignments)
    if SessionFile.isSession(root) {
      let session = try SessionFile(root, text: found.text)
      let plan = session.shown.map { PlanFile(workload: session.draft.workload, plan: $0, pins: session.draft.pins) }
      return InputDocument(workload: session.draft.workload, plan: plan, session: session)
    }
    if PlanFile.isPlan(root) {
      let plan = try PlanFile(root, folder: found.folder)
      return InputDocument(workload: plan.workload, plan: plan)
    }
    try root.mapping(WorkloadSource.keys).checkFormat()
    return InputDocument(
      workload: try WorkloadSource.workload(root, folder: found.folder, defaultName: found.name), plan: nil)
  }

  /// The workload in a file, a sample or standard input, as `load`; of a plan file its own, whatever its plan is, and of a
  /// session the one that stood.
  ///
  /// A search asks only this: assignments may leave the file with a plan that its changed workload cannot have.
  public static func question(
    _ nameOrPath: String, set assignments: [String] = [], standardInput: String? = nil
  ) throws(InputError) -> Workload {
    let found = try WorkloadSource.text(nameOrPath, standardInput: standardInput)
    let root = try ConfigNode.parse(found.text, file: found.file).applying(assignments)
    if SessionFile.isSession(root) { return try SessionFile(root, text: found.text).draft.workload }
    guard PlanFile.isPlan(root) else {
      try root.mapping(WorkloadSource.keys).checkFormat()
      return try WorkloadSource.workload(root, folder: found.folder, defaultName: found.name)
    }
    let mapping = try root.mapping(PlanFile.keys)
    try mapping.checkFormat()
    let node = try mapping.required("workload", "the workload that the plan is for")
    return try WorkloadSource.workload(node, folder: found.folder, defaultName: nil)
  }
}
