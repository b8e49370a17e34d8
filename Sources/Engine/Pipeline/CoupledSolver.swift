/// Solves a `CoupledProblem` with GLPK: always with a bound, always within the time that it is given.
enum CoupledSolver {
  /// GLPK is not asked about more columns: their relaxation alone would take the time.
  static let mostColumns = 6000

  /// The best choice, and a bound that holds whatever happens.
  ///
  /// - Parameters:
  ///   - incumbent: a choice that keeps the limits, if one is known.
  ///   - upperBound: only choices at least this good are asked for, seconds: the bound is never above it.
  ///   - timeLimitSeconds: 0 or less asks GLPK nothing.
  static func solve(
    _ problem: CoupledProblem, incumbent: [Int]?, upperBound: Double, timeLimitSeconds: Double, cancel: CancelToken
  ) -> CoupledAnswer {
    let known = incumbent.flatMap { chosen in problem.objective(chosen).map { (chosen, $0) } }
    let limit = min(upperBound, known?.1 ?? .infinity)
    var answer = CoupledAnswer(chosen: known?.0, objective: known?.1 ?? .infinity, bound: limit)
    guard let model = CoupledModel(problem, incumbent: known?.0, limit: limit) else { return answer }
    answer.bound = min(limit, model.relaxedBound)
    guard timeLimitSeconds > 0, model.columns.count <= mostColumns else { return answer }
    guard let outcome = try? GLPKThread.solve(model.programme, timeLimitSeconds, cancel) else { return answer }
    if outcome.isInfeasible { answer.bound = limit }
    answer.bound = min(limit, max(answer.bound, outcome.bound * model.unit))
    if let chosen = model.chosen(outcome.values), let objective = problem.objective(chosen),
      objective < answer.objective
    {
      (answer.chosen, answer.objective) = (chosen, objective)
    }
    answer.bound = min(answer.bound, answer.objective)
    return answer
  }
}
