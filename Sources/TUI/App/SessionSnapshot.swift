import Engine

/// All of a session that is kept for the next one, as a value: cheap to take, turned into a file elsewhere.
public struct SessionSnapshot: Sendable {
  let source: String?
  let draft: Draft
  let constraints: PlanConstraints
  let kept: ScoredPlan?
  let saved: SavedPlan?
  let history: EditHistory

  /// The session of a state as it stands.
  init(_ state: ExplorerState) {
    source = state.session?.source
    draft = state.draft
    constraints = state.request.constraints
    kept = state.kept
    saved = state.saved
    history = state.history
  }

  /// The session as a file holds it.
  ///
  /// Complexity: O(edits that are written).
  public var file: SessionFile {
    var file = SessionFile(draft: Self.kept(draft), source: source)
    file.constraints = constraints
    file.shown = kept?.plan
    file.predicted = kept.flatMap { PredictedFigures(finite: $0.score) }
    file.saved = saved
    file.edits = history.entries.map { entry in
      SessionEdit(
        title: entry.title, before: Self.kept(entry.before), after: Self.kept(entry.after),
        seconds: entry.seconds.flatMap { $0.isFinite ? $0 : nil }, fits: entry.fits)
    }
    file.position = history.position
    return file
  }

  private static func kept(_ draft: Draft) -> SessionDraft {
    let reference = draft.reference.map {
      PlanOfWorkload(workload: draft.referenceWorkload ?? draft.workload, plan: $0.plan)
    }
    return SessionDraft(
      workload: draft.workload, space: draft.space, pins: draft.pins, plan: draft.plan, reference: reference)
  }

  /// What tells a session that has changed from one that has not.
  struct Stamp: Sendable, Equatable {
    /// What stands.
    var draft: Draft
    /// The plan that a file would hold.
    var kept: Plan?
    /// What was saved last.
    var saved: SavedPlan?
    /// Changes of the history.
    var revision: Int
  }
}

/// How a session is kept.
struct SessionKeeping: Sendable {
  /// What was opened: the name of a sample, or a path.
  var source: String?
  /// What was handed over last.
  var stamp: SessionSnapshot.Stamp?
  /// Why the session cannot be kept for now.
  var problem: String?
  /// Writing it takes long.
  var isSaving = false
}
