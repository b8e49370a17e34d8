/// What a person had before them when they left the explorer: the question, the plan, the pins, the edits to go back to
/// (docs/sessions.md).
///
/// Writing and reading it gives the same value back. Scores are not in it: they are computed anew.
public struct SessionFile: Sendable, Equatable {
  /// What was opened: the name of a sample, or a path.
  public var source: String?
  /// What stands.
  public var draft: SessionDraft
  /// What stages must have in common, beyond the space.
  public var constraints = PlanConstraints()
  /// The plan on the screen, of the draft's workload: the person's own, or the best that was found.
  public var shown: Plan?
  /// Its figures at that time, for lists of sessions.
  public var predicted: PredictedFigures?
  /// What was saved last.
  public var saved: SavedPlan?
  /// The edits, oldest first; those from `position` on are undone.
  public var edits: [SessionEdit] = []
  /// How many edits are in effect.
  public var position = 0

  /// More edits are not written: those furthest from `position` go.
  public static let mostEdits = 200

  /// A session without edits.
  public init(draft: SessionDraft, source: String? = nil) {
    self.draft = draft
    self.source = source
  }

  /// The session with at most so many edits, those around the position.
  func keeping(_ most: Int) -> SessionFile {
    guard edits.count > most else { return self }
    var rest = self
    let first = max(0, min(position - most / 2, edits.count - most))
    rest.edits = Array(edits[first..<first + most])
    rest.position = min(max(0, position - first), most)
    return rest
  }
}

/// All that a person has decided at one moment.
public struct SessionDraft: Sendable, Equatable {
  /// The question.
  public var workload: Workload
  /// The space that is searched.
  public var space: SearchSpace
  /// What must not move.
  public var pins: PlanPins
  /// The person's own plan; nil follows the best.
  public var plan: Plan?
  /// The plan that differences are against; nil for the optimum.
  public var reference: PlanOfWorkload?

  /// A draft from its parts.
  public init(
    workload: Workload, space: SearchSpace, pins: PlanPins = PlanPins(), plan: Plan? = nil,
    reference: PlanOfWorkload? = nil
  ) {
    self.workload = workload
    self.space = space
    self.pins = pins
    self.plan = plan
    self.reference = reference
  }
}

/// A plan with the question that it answers.
public struct PlanOfWorkload: Sendable, Equatable {
  /// The question.
  public var workload: Workload
  /// The choices.
  public var plan: Plan

  /// A plan of a workload.
  public init(workload: Workload, plan: Plan) {
    self.workload = workload
    self.plan = plan
  }
}

/// A plan that was written to a file.
public struct SavedPlan: Sendable, Equatable {
  /// The file, as the person named it.
  public var path: String
  /// What was written.
  public var content: PlanOfWorkload

  /// A plan in a file.
  public init(path: String, content: PlanOfWorkload) {
    self.path = path
    self.content = content
  }
}

/// One edit of a session.
public struct SessionEdit: Sendable, Equatable {
  /// What was done, as a command: `2.checkpointedLayers=5`.
  public var title: String
  /// What stood before.
  public var before: SessionDraft
  /// What stood after it.
  public var after: SessionDraft
  /// The predicted seconds of an iteration after it, where they were known; finite.
  public var seconds: Double?
  /// The plan after it fits its memory.
  public var fits: Bool

  /// An edit.
  public init(
    title: String, before: SessionDraft, after: SessionDraft, seconds: Double? = nil, fits: Bool = true
  ) {
    self.title = title
    self.before = before
    self.after = after
    self.seconds = seconds
    self.fits = fits
  }
}
