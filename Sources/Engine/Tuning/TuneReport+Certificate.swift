extension TuneReport {
  /// GLPK's bound over every shape that its kernel bound does not rule out.
  func certificate(_ outcome: ShapeSearch.Shared, _ best: ScoredPlan) -> Certificate? {
    let shapes = outcome.shapes
    let deadline = search.elapsed + Self.certifySeconds
    let objective = best.score.closedFormSeconds
    let worker = search.memory.worker(workload, request.space)
    defer { search.memory.giveBack(worker) }
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
      let grid = worker.grid(state.solver, quick: false)
      var problems = 0
      worker.eachProblem(state.solver, grid: grid, upperBound: upperBound, cancel: cancel) { problem in
        problems += 1
        guard PipelineSolver.lowerBound(problem) <= objective else { return }
        let incumbent = PipelineSolver.solve(problem, upperBound: .infinity, isCancelled: { false })
        bound = min(bound, self.proved(problem, incumbent, by: deadline) ?? upperBound)
      }
      bound = min(bound, upperBound)
      if problems > 0 { solved += 1 }
    }
    let unlike = !request.searchesUnlikeStages ? nil : certifyUnlike(objective, worker, by: deadline)
    if cancel.isCancelled { return nil }
    bound = min(bound, unlike?.bound ?? .infinity)
    let proved = min(bound, objective)
    return Certificate(
      solver: "glpk", objective: objective, bound: proved, gap: (objective - proved) / objective,
      covers: "\(solved) combinations of \(request.space.shapeDimensions) by GLPK on their stage frontiers, "
        + "\(shapes.count - solved) by their kernel bound" + (unlike?.covers ?? ""))
  }

  /// GLPK's bound over every group of plans of unlike stages; nil where the space has none.
  private func certifyUnlike(
    _ objective: Double, _ worker: ShapeWorker, by deadline: Double
  ) -> (bound: Double, covers: String)? {
    let groups = MeshGroup.all(workload: workload, space: request.space, pins: request.pins)
    guard !groups.isEmpty else { return nil }
    var (bound, solved) = (Double.infinity, 0)
    for group in groups {
      if cancel.isCancelled { return nil }
      let solver = MeshSolver(group: group, model: worker.model, space: request.space, pins: request.pins)
      var evaluated = 0
      let upperBound = objective * 1.001
      let problem = solver.problem(
        upperBound: upperBound, worker: worker, cancel: cancel, evaluated: &evaluated)
      // Without a problem no plan of the group is as good.
      guard let problem, MeshPipelineSolver.lowerBound(problem) <= objective else {
        bound = min(bound, upperBound)
        continue
      }
      let incumbent = MeshPipelineSolver.solve(problem, upperBound: upperBound, isCancelled: { cancel.isCancelled })
      solved += 1
      bound = min(bound, proved(problem, incumbent, by: deadline) ?? upperBound)
    }
    return (bound, "; \(solved) groups of unlike stages by GLPK, \(groups.count - solved) by their bounds")
  }

  /// GLPK's bound on one problem; nil where no plan exists at all.
  private func proved(
    _ problem: MeshPipelineProblem, _ incumbent: MeshPipelineSolution?, by deadline: Double
  ) -> Double? {
    do {
      return try GLPKMeshCertifier.certify(
        problem, incumbent: incumbent, timeLimitSeconds: max(0, deadline - search.elapsed), cancel: cancel
      ).bound
    } catch .infeasible {
      return nil
    } catch .undecided(let bound) {
      return bound
    } catch {
      return 0
    }
  }

  /// GLPK's bound on one problem; nil where no choice exists at all.
  private func proved(_ problem: PipelineProblem, _ incumbent: PipelineSolution?, by deadline: Double) -> Double? {
    do {
      return try GLPKCertifier.certify(
        problem, incumbent: incumbent, timeLimitSeconds: max(0, deadline - search.elapsed), cancel: cancel
      ).bound
    } catch .infeasible {
      return nil
    } catch .undecided(let bound) {
      return bound
    } catch {
      return 0
    }
  }

  /// Longest time that GLPK gets for all problems together, seconds; what is left then has the bound of relaxations.
  private static let certifySeconds = 8.0
}
