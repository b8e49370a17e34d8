/// Turns what a search knows into an answer: status, bound, alternatives, certificate, notes.
struct TuneReport {
  /// The workload.
  let workload: Workload
  /// What was asked.
  let request: TuneRequest
  /// The search that ran.
  let search: ShapeSearch
  /// Its flag.
  let cancel: CancelToken
  /// Where nothing fits, says why and what would.
  var explains = true

  /// The answer.
  func result() -> TuneResult {
    let outcome = search.outcome
    let listed = self.listed(outcome.shapes)
    var result = TuneResult(status: .cancelled)
    result.configurations = outcome.progress.configurations
    result.plans = outcome.progress.total
    result.firstPlanSeconds = outcome.firstPlanSeconds
    result.covers = covers(outcome)
    let stopped = cancel.isCancelled || outcome.timedOut
    if let best = listed.first {
      result.best = best
      result.alternatives = listed.dropFirst().sorted { $0.score.iterationSeconds < $1.score.iterationSeconds }
      let bound = min(best.score.closedFormSeconds, outcome.shapes.map(\.lowerBound).min() ?? 0)
      // What the space has beyond the search may be faster.
      result.lowerBoundSeconds = request.space.exceedsSearch ? 0 : bound
      // An equal bound proves the optimum; rounding in sums of up to thousands of terms stays below 1e-9.
      let isProved = !stopped && bound >= best.score.closedFormSeconds * (1 - 1e-9)
      result.status = isProved && !request.space.exceedsSearch ? .optimal : .feasible
      if request.certify && !stopped { result.certificate = certificate(outcome.shapes, best) }
      result.notes = notes(result)
    } else if !stopped {
      result.status = .infeasible
      if outcome.shapes.contains(where: { $0.solver.hostLimitPerGPU != nil }) {
        result.notes.append("stages that share a node's host memory were tried with equal parts of it only")
      }
      if let reason = unrunnable {
        result.notes.append(reason)
      } else {
        let analysis = InfeasibilityAnalysis(workload: workload, request: request, cancel: cancel)
        if explains { result.infeasibility = analysis.analysis() }
      }
    }
    if request.space.exceedsSearch {
      result.notes.append(
        "space \(request.space.name) has plans of unlike stages; the search tries equal meshes and one tp only")
    }
    result.seconds = search.elapsed
    return result
  }

  /// Why the runtime can run no plan of the space at all, whatever the memory; nil where it can.
  private var unrunnable: String? {
    let runtime = RuntimeProfile.of(workload.run)
    guard request.space.restricted(to: runtime).zeroLevels.isEmpty else { return nil }
    return "the runtime \(runtime.name) has none of the ZeRO levels of space \(request.space.name)"
  }

  /// The best plan and the alternatives, one a shape; each solved again under its own objective as the bound, so that
  /// which of several equally good plans is shown does not depend on the order of the work.
  private func listed(_ shapes: [ShapeState]) -> [ScoredPlan] {
    let ranked = shapes.indices.filter { shapes[$0].best != nil }
      .sorted { (shapes[$0].objective ?? 0, $0) < (shapes[$1].objective ?? 0, $1) }
      .prefix(request.alternatives + 1)
    guard !cancel.isCancelled else { return ranked.compactMap { shapes[$0].best } }
    var worker = ShapeWorker(workload: workload, space: request.space)
    return ranked.compactMap { index in
      let state = shapes[index]
      guard state.isSolved, let objective = state.objective else { return state.best }
      let grid = worker.grid(state.solver.shape, quick: false)
      let again = worker.solve(state.solver, grid: grid, upperBound: objective, cancel: cancel)
      return again.plan ?? state.best
    }
  }

  private func covers(_ outcome: ShapeSearch.Shared) -> String {
    let solved = outcome.shapes.filter(\.isSolved).count
    let space = request.space
    return "space \(space.name), \(space.schedules): \(outcome.shapes.count) combinations of \(space.shapeDimensions) "
      + "(\(solved) solved exactly, \(outcome.shapes.count - solved) ruled out by their bound)"
  }

  /// GLPK's bound over every shape that its kernel bound does not rule out.
  private func certificate(_ shapes: [ShapeState], _ best: ScoredPlan) -> Certificate? {
    let objective = best.score.closedFormSeconds
    let worker = ShapeWorker(workload: workload, space: request.space)
    // Room above the optimum, so that GLPK's problem holds the optimum itself and its rivals.
    let upperBound = objective * 1.001
    var bound = Double.infinity
    var solved = 0
    for state in shapes {
      if cancel.isCancelled { return nil }
      guard state.solver.bounds.lowerBound <= objective else {
        bound = min(bound, state.solver.bounds.lowerBound)
        continue
      }
      let grid = worker.grid(state.solver.shape, quick: false)
      var problems = 0
      worker.eachProblem(state.solver, grid: grid, upperBound: upperBound, cancel: cancel) { problem in
        problems += 1
        guard PipelineSolver.lowerBound(problem) <= objective else { return }
        let incumbent = PipelineSolver.solve(problem, upperBound: .infinity, isCancelled: { false })
        bound = min(bound, self.proved(problem, incumbent) ?? upperBound)
      }
      bound = min(bound, upperBound)
      if problems > 0 { solved += 1 }
    }
    let proved = min(bound, objective)
    return Certificate(
      solver: "glpk", objective: objective, bound: proved, gap: (objective - proved) / objective,
      covers: "\(solved) combinations of \(request.space.shapeDimensions) by GLPK on their stage frontiers, "
        + "\(shapes.count - solved) by their kernel bound")
  }

  /// GLPK's bound on one problem; nil where no choice exists at all.
  private func proved(_ problem: PipelineProblem, _ incumbent: PipelineSolution?) -> Double? {
    do {
      return try GLPKCertifier.certify(
        problem, incumbent: incumbent, timeLimitSeconds: Self.certifySeconds, cancel: cancel
      ).bound
    } catch .infeasible {
      return nil
    } catch .undecided(let bound) {
      return bound
    } catch {
      return 0
    }
  }

  /// Longest time that GLPK gets for one shape, seconds.
  private static let certifySeconds = 10.0

  private func notes(_ result: TuneResult) -> [String] {
    guard let best = result.best else { return [] }
    var notes: [String] = []
    if let faster = result.alternatives.first, faster.score.iterationSeconds < best.score.iterationSeconds {
      let shape =
        "S \(faster.plan.stages.count), G \(faster.plan.gradientAccumulation), "
        + "tp \(faster.plan.stages.first?.tensorParallel ?? 1)"
        + (faster.plan.interleave > 1 ? ", v \(faster.plan.interleave)" : "")
      notes.append("the alternative with \(shape) simulates faster than the optimum of the closed form")
    }
    return notes
  }
}
