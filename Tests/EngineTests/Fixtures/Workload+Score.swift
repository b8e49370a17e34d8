@testable import Engine

extension Workload {
  /// The score of a plan by a scorer of its own.
  func score(_ plan: Plan) throws -> PlanScore {
    var scorer = PlanScorer(model: StageModel(workload: self))
    return try scorer.score(plan)
  }
}
