/// Proves a solution of the problem between the stages with an independent solver, GLPK (docs/pipeline.md).
///
/// GLPK works on a thread of its own, prints nothing and leaves nothing behind. The caller waits at most for the time
/// limit and half a second; an answer that comes later is dropped.
public enum GLPKCertifier {
  /// A certificate for a problem: the best objective known, a lower bound, and what is between them.
  ///
  /// The bound holds for every choice of the problem, to GLPK's relative tolerance of 1e-7: points that only choices
  /// worse than the incumbent can have are left out, and the bound is at most the objective. Where the time runs out,
  /// it is the better one of GLPK's bound so far and of `PipelineSolver.lowerBound`.
  /// An objective below the incumbent's means that GLPK found a better choice: then the incumbent was not the optimum.
  /// - Parameters:
  ///   - incumbent: a solution of this problem; its objective is computed anew.
  ///   - timeLimitSeconds: 0 or less asks GLPK nothing: the bound is then `PipelineSolver.lowerBound`.
  ///   - cancel: looked at every 10 ms.
  /// - Throws: `CertifierError`: no choice exists, none was found or given in time, or what was given is not valid.
  public static func certify(
    _ problem: PipelineProblem, incumbent: PipelineSolution?, timeLimitSeconds: Double,
    cancel: CancelToken = CancelToken()
  ) throws(CertifierError) -> Certificate {
    var checked: PipelineSolution?
    if let incumbent {
      guard let objective = problem.objective(layers: incumbent.layers, points: incumbent.points) else {
        throw .invalid("the given solution is not one of this problem")
      }
      checked = PipelineSolution(objective: objective, layers: incumbent.layers, points: incumbent.points)
    }
    let model = try CertifierModel(problem, incumbent: checked)
    var outcome = GLPKProgramme.Outcome()
    if timeLimitSeconds > 0 { outcome = try GLPKThread.solve(model.programme, timeLimitSeconds, cancel) }
    let found = outcome.values.isEmpty ? nil : model.solution(outcome.values, of: problem)
    let best = [checked, found].compactMap { $0 }.min { $0.objective < $1.objective }
    let proved = max(model.relaxedBound, outcome.bound * model.unit)
    guard let best else {
      if outcome.isInfeasible { throw .infeasible }
      throw .undecided(bound: proved)
    }
    let bound = min(best.objective, proved)
    return Certificate(
      solver: "glpk", objective: best.objective, bound: bound,
      gap: best.objective > 0 ? (best.objective - bound) / best.objective : 0,
      covers: words(model, problem) + (outcome.hasFailed ? "; GLPK stopped on an error of its own" : ""))
  }

  private static func words(_ model: CertifierModel, _ problem: PipelineProblem) -> String {
    "every split of \(model.layers) layers over \(model.stages) stages with \(problem.microBatches) micro-batches on "
      + "the given \(model.candidates) frontier points, \(model.columns.count) of which could be in a better plan"
  }
}
