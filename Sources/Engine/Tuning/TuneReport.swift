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
    (result.pins, result.constraints) = (request.pins, request.constraints)
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
      if outcome.shapes.contains(where: { $0.isLimited && $0.lowerBound < .infinity }) {
        result.notes.append("where stages hang together (host memory, kinds) no plan was found, which proves nothing")
      }
      if let reason = unrunnable {
        result.notes.append(reason)
      } else {
        if explains { result.infeasibility = infeasibility(&result.notes) }
      }
    }
    if request.space.hasUnlikeStages, !request.searchesUnlikeStages {
      result.notes.append(
        "space \(request.space.name) has plans of unlike stages"
          + (request.space.couplesStages ? " that share choices" : "")
          + "; \(request.space.couplesStages ? "" : "under a limit on kinds ")the search tries equal meshes only"
      )
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

  /// The pins that cannot all hold; without pins, or where nothing fits without them either, what memory is missing.
  private func infeasibility(_ notes: inout [String]) -> Infeasibility {
    if !request.pins.isEmpty || !request.constraints.texts.isEmpty {
      let conflict = search.conflict()
      if !conflict.isMinimal {
        notes.append("the time ended before it was known which of the pins could be left out of the conflict")
      } else if !conflict.isSmallest {
        notes.append("each of these pins is part of the conflict; another one of fewer pins was not ruled out in time")
      }
      if !conflict.demands.isEmpty {
        let texts = conflict.demands.map(\.text)
        var answer = Infeasibility(
          stage: 0, part: .weights, missingBytes: 0,
          suggestions: [
            FittingChange(
              texts.count == 1
                ? "no plan that fits keeps \(texts[0]); without it one does"
                : "no plan that fits keeps \(texts.joined(separator: " and ")) together"
                  + (conflict.isMinimal ? "; without one of them one does" : ""))
          ])
        answer.pins = conflict.demands.compactMap(\.pin)
        answer.constraints = conflict.demands.compactMap { $0.pin == nil ? $0.text : nil }
        return answer
      }
    }
    return InfeasibilityAnalysis(workload: workload, request: request, cancel: cancel).analysis()
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
    var worker = search.memory.worker(workload, request.space)
    defer { search.memory.giveBack(worker) }
    return ranked.compactMap { index in
      let state = shapes[index]
      guard state.isSolved, let objective = state.objective else { return state.best }
      let grid = worker.grid(state.solver, quick: false)
      guard state.isLimited else {
        return worker.solve(state.solver, grid: grid, upperBound: objective, cancel: cancel).plan ?? state.best
      }
      // What was not proved depends on how far the time went: it stays as it is.
      guard state.lowerBound >= objective * (1 - 1e-9) else { return state.best }
      let kinds = request.constraints.maximumKinds
      let again = worker.solve(
        state.solver, grid: grid, upperBound: objective, maximumKinds: kinds, stop: search.stop)
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
