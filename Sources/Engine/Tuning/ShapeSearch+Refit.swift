extension ShapeSearch {
  /// A plan of an easier request scored under this one's limits, if it still fits.
  func refit(_ plan: ScoredPlan) -> ScoredPlan? {
    var scorer = PlanScorer(model: StageModel(workload: workload))
    guard let score = try? scorer.score(plan.plan), score.fits else { return nil }
    return ScoredPlan(plan: plan.plan, score: score)
  }
}
