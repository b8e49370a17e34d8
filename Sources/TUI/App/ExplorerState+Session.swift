import Engine

/// Keeping the session for the next one, and going on with one that was kept.
extension ExplorerState {
  /// Whether the plan that stands is in a file of the person's.
  public enum SavedState: Sendable, Equatable {
    /// Nothing was saved.
    case never
    /// The plan is in this file.
    case current(path: String)
    /// This file has an earlier plan.
    case older(path: String)
  }

  /// The plan that the person leaves with: their own or the best, not one that is only previewed.
  public var kept: ScoredPlan? { plans.taken ?? plans.best }

  /// How many edits are in effect.
  public var editCount: Int { history.position }

  /// Why the session cannot be kept for now, where that was told.
  public var sessionProblem: String? { session?.problem }

  /// Writing the session takes long.
  var isSavingSession: Bool { session?.isSaving ?? false }

  /// Where the plan that stands is.
  public var savedState: SavedState {
    guard let saved else { return .never }
    let isCurrent = saved.content == kept.map { PlanOfWorkload(workload: workload, plan: $0.plan) }
    return isCurrent ? .current(path: saved.path) : .older(path: saved.path)
  }

  /// From now on each change of the session is handed over; `source` is what was opened.
  public mutating func keepSession(source: String?) {
    session = SessionKeeping(source: source)
  }

  /// What has changed since the session was handed over last, as an effect.
  mutating func handOverSession() -> [Effect] {
    guard let session else { return [] }
    let stamp = SessionSnapshot.Stamp(draft: draft, kept: kept?.plan, saved: saved, revision: history.revision)
    guard stamp != session.stamp else { return [] }
    self.session?.stamp = stamp
    return [.keepSession(SessionSnapshot(self))]
  }

  /// Hears how the keeping of the session goes: what changes is said once, and the header says what stands.
  mutating func receive(_ message: SessionMessage) {
    guard let before = session else { return }
    session?.isSaving = message == .saving
    switch message {
    case .saving: break
    case .kept:
      session?.problem = nil
      if before.problem != nil { _ = say("this session is kept again", .good) }
    case .lost(let problem):
      session?.problem = problem
      if before.problem != problem { _ = say("this session is not kept: \(problem)", .warning) }
    }
  }

  /// Goes on with a session, before the first search; the state must have been made for its workload.
  ///
  /// - Parameters:
  ///   - owner: the explorer that still has the session, where one does: then this is a copy.
  ///   - score: scores a plan of a workload again; what it cannot score is left out.
  public mutating func resume(
    _ file: SessionFile, stillOpenIn owner: String? = nil, score: (PlanOfWorkload) -> ScoredPlan?
  ) {
    func draft(_ kept: SessionDraft) -> Draft {
      let reference = kept.reference.flatMap(score)
      return Draft(
        workload: kept.workload, space: kept.space, pins: kept.pins, plan: kept.plan, reference: reference,
        referenceWorkload: reference == nil ? nil : kept.reference?.workload)
    }
    let now = draft(file.draft)
    request.space = now.space
    request.pins = now.pins
    request.constraints = file.constraints
    plans = PlansState()
    plans.chosenReference = now.reference
    plans.referenceWorkload = now.referenceWorkload
    func scored(_ plan: Plan?) -> ScoredPlan? {
      plan.flatMap { score(PlanOfWorkload(workload: workload, plan: $0)) }
    }
    if let own = scored(now.plan) { plans.take(own) } else { plans.best = scored(file.shown) }
    let entries = file.edits.map { edit in
      EditHistory.Entry(
        title: edit.title, before: draft(edit.before), after: draft(edit.after), seconds: edit.seconds,
        fits: edit.fits)
    }
    history = EditHistory(entries: entries, position: file.position)
    saved = file.saved
    let count = "\(history.position) \(history.position == 1 ? "edit" : "edits")"
    let undo = history.position > 0 ? "; \(keyText("edit.undo")) undoes the last" : ""
    let copy = owner.map { "a copy of a session that is still open (\($0))" }
    _ = say("\(copy ?? "the session goes on"): \(count)\(undo)", .good)
  }
}
