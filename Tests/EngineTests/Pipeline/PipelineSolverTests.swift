import Testing

@testable import Engine

@Suite struct PipelineSolverTests {
  private func point(_ stable: Double, _ delta: Double) -> StagePoint {
    StagePoint(stable: stable, firstLast: stable + delta, tag: 0)
  }

  @Test("the closed form counts the slowest stage once a round and an extra only beyond the fill before it")
  func closedForm() {
    // 3 * 3 + (2 + 3) + max(0, 1, 4 - 2) = 16
    #expect(ClosedForm.closedFormSeconds(stable: [2, 3], delta: [1, 4], microBatches: 4) == 16)
    // Negative extras never make a plan faster than its stages.
    #expect(ClosedForm.closedFormSeconds(stable: [2, 3], delta: [-1, -2], microBatches: 4) == 14)
    #expect(ClosedForm.closedFormSeconds(stable: [5], delta: [0], microBatches: 1) == 5)
  }

  @Test("three layers on two stages: the hand-computed optimum changes with the number of micro-batches")
  func byHand() throws {
    // Stage 1: 1 layer (1, +5), 2 layers (3, 0); stage 2: 1 layer (2, 0), 2 layers (2.5, 0).
    let options = [[[], [point(1, 5)], [point(3, 0)], []], [[], [point(2, 0)], [point(2.5, 0)], []]]
    // 1+2: 3.5 + 2.5 (G-1) + 5; 2+1: 5 + 3 (G-1). They cross at G - 1 = 7.
    let few = try #require(PipelineSolver.solve(PipelineProblem(microBatches: 4, layers: 3, options: options)))
    #expect(few == PipelineSolution(objective: 14, layers: [2, 1], points: [0, 0]))
    let many = try #require(PipelineSolver.solve(PipelineProblem(microBatches: 16, layers: 3, options: options)))
    #expect(many == PipelineSolution(objective: 46, layers: [1, 2], points: [0, 0]))
  }

  @Test("the solver equals brute force on 1,000 random small problems")
  func bruteForce() throws {
    var noise = SyntheticPipelines.Sequence(seed: 2026)
    var solvable = 0
    for trial in 0..<1000 {
      let problem = SmallPipelines.random(&noise)
      let expected = SmallPipelines.bruteForce(problem)
      #expect(PipelineSolver.lowerBound(problem) <= expected * (1 + 1e-12), "trial \(trial)")
      guard let solution = PipelineSolver.solve(problem) else {
        #expect(expected == .infinity, "trial \(trial)")
        continue
      }
      solvable += 1
      #expect(abs(solution.objective - expected) <= 1e-12 * expected, "trial \(trial)")
      #expect(problem.objective(layers: solution.layers, points: solution.points) == solution.objective)
    }
    #expect(solvable > 500 && solvable < 1000)
  }

  @Test("with stages that take more as the slowest one the solver and GLPK equal brute force")
  func slowestExtra() throws {
    var noise = SyntheticPipelines.Sequence(seed: 2027)
    var (solvable, changed) = (0, 0)
    for trial in 0..<600 {
      let problem = SmallPipelines.randomWithExtra(&noise)
      let expected = SmallPipelines.bruteForce(problem)
      #expect(PipelineSolver.lowerBound(problem) <= expected * (1 + 1e-12), "trial \(trial)")
      guard let solution = PipelineSolver.solve(problem) else {
        #expect(expected == .infinity, "trial \(trial)")
        continue
      }
      solvable += 1
      #expect(abs(solution.objective - expected) <= 1e-12 * expected, "trial \(trial)")
      let stated = try #require(problem.objective(layers: solution.layers, points: solution.points))
      #expect(abs(stated - expected) <= 1e-12 * expected)
      var without = problem
      without.slowestExtra = []
      if PipelineSolver.solve(without)?.layers != solution.layers { changed += 1 }
      let bounded = PipelineSolver.solve(problem, upperBound: solution.objective * 1.01)
      #expect(bounded == solution, "trial \(trial)")
      guard trial < 120 else { continue }
      let given = trial.isMultiple(of: 2) ? solution : nil
      let certificate = try GLPKCertifier.certify(problem, incumbent: given, timeLimitSeconds: 10)
      #expect(abs(certificate.bound - expected) <= 1e-6 * expected, "trial \(trial)")
    }
    // What the slowest stage has more decides some of them.
    #expect(solvable > 300 && changed > 30, "\(solvable) and \(changed)")
  }

  @Test("an upper bound keeps the optimum when above it and leaves nothing when not")
  func upperBound() throws {
    var noise = SyntheticPipelines.Sequence(seed: 7)
    for _ in 0..<200 {
      let problem = SmallPipelines.random(&noise)
      guard let optimum = PipelineSolver.solve(problem) else { continue }
      #expect(PipelineSolver.solve(problem, upperBound: optimum.objective) == nil)
      #expect(PipelineSolver.solve(problem, upperBound: optimum.objective * 0.9) == nil)
      let above = try #require(PipelineSolver.solve(problem, upperBound: optimum.objective * (1 + 1e-9)))
      #expect(abs(above.objective - optimum.objective) <= 1e-12 * optimum.objective)
    }
  }

  @Test("among equal choices the same one is returned whatever the upper bound, so threads cannot change an answer")
  func tiesDoNotDependOnTheBound() throws {
    // Two choices of 12 s: layers 4, 1, 3 with T = 3.75, V = 8.25, and layers 5, 1, 2 with T = 4.5, V = 7.5.
    // A search that starts from a bound of 12.1 s meets them the other way round.
    let times: [[Int: [(Double, Double)]]] = [
      [1: [(1, 0.25)], 2: [(3, 5)], 4: [(3.75, 5.75), (4.75, 5.5)], 5: [(4.5, 4)], 6: [(7.25, 7.5)]],
      [1: [(0.75, 0)], 3: [(3.25, 3.25), (3.75, 2.75)], 5: [(6.25, 6.25)], 6: [(6.25, 6.5)], 8: [(11, 11.75)]],
      [
        1: [(1, 0.5)], 2: [(2.25, 3.75)], 3: [(1.75, 2.5)], 5: [(4.25, 5)], 6: [(5.5, 5.75)], 7: [(4.75, 5)],
        8: [(6.5, 6)],
      ],
    ]
    let options = times.map { stage in
      (0...8).map { count in (stage[count] ?? []).map { StagePoint(stable: $0.0, firstLast: $0.1, tag: 0) } }
    }
    let tied = PipelineProblem(microBatches: 2, layers: 8, options: options)
    let optimum = try #require(PipelineSolver.solve(tied))
    #expect(optimum.objective == 12)
    #expect(PipelineSolver.solve(tied, upperBound: 12.1) == optimum)
    var noise = SyntheticPipelines.Sequence(seed: 8)
    for trial in 0..<300 {
      let problem = SmallPipelines.random(&noise)
      guard let optimum = PipelineSolver.solve(problem) else { continue }
      for slack in [1e-12, 1e-6, 0.01, 0.1, 1] {
        let bounded = PipelineSolver.solve(problem, upperBound: optimum.objective * (1 + slack))
        #expect(bounded == optimum, "trial \(trial), slack \(slack)")
      }
    }
  }

  @Test("a cancelled solve returns nothing, however far it was")
  func cancelled() {
    let problem = SyntheticPipelines.frontier(layers: 24, stages: 6, microBatches: 4, points: 4)
    var asked = 0
    _ = PipelineSolver.solve(problem) {
      asked += 1
      return false
    }
    #expect(asked > 12)
    for limit in [0, 1, 5, asked - 1] {
      var left = limit
      let answer = PipelineSolver.solve(problem) {
        left -= 1
        return left < 0
      }
      #expect(answer == nil)
    }
  }

  @Test("points that are not numbers are left out, and a problem without stages or layers has no answer")
  func odd() throws {
    let broken = [[], [point(.nan, 0), point(1, .infinity), point(2, 1)]]
    let solution = try #require(
      PipelineSolver.solve(PipelineProblem(microBatches: 3, layers: 1, options: [broken])))
    #expect(solution == PipelineSolution(objective: 7, layers: [1], points: [2]))
    #expect(PipelineSolver.solve(PipelineProblem(microBatches: 3, layers: 1, options: [])) == nil)
    #expect(PipelineSolver.solve(PipelineProblem(microBatches: 3, layers: 1, options: [broken, broken])) == nil)
    #expect(PipelineSolver.solve(PipelineProblem(microBatches: 3, layers: 2, options: [[[]], [[]]])) == nil)
  }

  @Test("a larger problem has the optimum that a coarse scan over all caps finds")
  func everyCap() throws {
    for (stages, microBatches) in [(4, 2), (6, 8), (3, 64)] {
      let problem = SyntheticPipelines.frontier(
        layers: 16, stages: stages, microBatches: microBatches, points: 4, seed: UInt64(stages))
      let solution = try #require(PipelineSolver.solve(problem))
      let options = try #require(StageOptions(problem))
      var programme = CappedProgramme(options: options, bounds: CompletionBounds(options))
      var best = Double.infinity
      for cap in Set(options.stable) {
        guard let choice = programme.solve(cap: cap, limit: .infinity, isCancelled: { false }) else { continue }
        best = min(best, Double(microBatches - 1) * choice.slowest + choice.whole)
      }
      #expect(abs(solution.objective - best) <= 1e-12 * best)
    }
  }
}
