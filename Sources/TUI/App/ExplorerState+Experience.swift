import Engine

/// What measured runs say of the shown plan: found once when the plan changes, not in each frame, where it would take
/// most of the time.
struct PlanExperience: Sendable {
  /// The question.
  let workload: Workload
  /// The plan.
  let plan: ScoredPlan
  /// How far its prediction is to be trusted.
  let confidence: PlanConfidence
  /// The measured runs nearest to it, the nearest first; nil where nobody looks at them.
  let runs: [NearRun]?
}

extension ExplorerState {
  /// Most runs that are listed.
  private static let mostRuns = 64

  /// How far the prediction of a plan is to be trusted.
  func confidence(in plan: ScoredPlan) -> PlanConfidence {
    if let experience, experience.plan == plan, experience.workload == workload { return experience.confidence }
    return PlanConfidence(workload: workload, plan: plan.plan, score: plan.score, records: records)
  }

  /// Measured runs, those nearest to the shown plan first.
  var nearRuns: [NearRun] {
    guard let shown else { return [] }
    if let experience, let runs = experience.runs, experience.plan == shown, experience.workload == workload {
      return runs
    }
    return records.nearest(to: RunFeatures(workload: workload, plan: shown.plan), count: Self.mostRuns)
  }

  /// Finds out what the frames that follow show, where it is not known.
  mutating func gatherExperience() {
    guard let shown else { return }
    let showsRuns = layout.area(.runs) != nil
    if let experience, experience.runs != nil || !showsRuns, experience.plan == shown, experience.workload == workload {
      return
    }
    experience = PlanExperience(
      workload: workload, plan: shown, confidence: confidence(in: shown), runs: showsRuns ? nearRuns : nil)
  }
}
