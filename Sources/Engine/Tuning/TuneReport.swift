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
    let listed = self.listed(outcome)
    var result = TuneResult(status: .cancelled)
    result.configurations = outcome.progress.configurations
    result.plans = outcome.progress.total
    result.firstPlanSeconds = outcome.firstPlanSeconds
    result.covers = covers(outcome)
    let stopped = cancel.isCancelled || outcome.timedOut
    if let best = listed.first {
      result.best = best
      result.alternatives = listed.dropFirst().sorted { $0.score.iterationSeconds < $1.score.iterationSeconds }
      let bound = min(
        best.score.closedFormSeconds, outcome.shapes.map(\.lowerBound).min() ?? .infinity,
        outcome.unlike?.lowerBound ?? (request.space.hasUnlikeStages ? 0 : .infinity))
      result.lowerBoundSeconds = bound
      // An equal bound proves the optimum; rounding in sums of up to thousands of terms stays below 1e-9.
      let isProved = !stopped && bound >= best.score.closedFormSeconds * (1 - 2e-9)
      result.status = isProved ? .optimal : .feasible
      if request.certify && !stopped { result.certificate = certificate(outcome, best) }
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
    if request.space.hasUnlikeStages, request.space.couplesStages {
      result.notes.append(
        "space \(request.space.name) has plans of unlike stages that share choices; the search tries equal meshes only")
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
  private func listed(_ outcome: ShapeSearch.Shared) -> [ScoredPlan] {
    let shapes = listed(outcome.shapes)
    guard let unlike = outcome.unlike?.best else { return shapes }
    return [unlike] + shapes.prefix(request.alternatives)
  }

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
      + "(\(solved) solved exactly, \(outcome.shapes.count - solved) ruled out by their bound)" + unlike(outcome)
  }

  private func unlike(_ outcome: ShapeSearch.Shared) -> String {
    guard let unlike = outcome.unlike else { return "" }
    return
      "; stages of unlike meshes and degrees under 1f1b: \(unlike.groups) combinations of G and how the sequence is "
      + "split (\(unlike.solved) solved exactly, \(unlike.done - unlike.solved) ruled out by their bound)"
  }

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
