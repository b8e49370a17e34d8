import Foundation
import Testing

@testable import Engine

@Suite struct GLPKCertifierTests {
  @Test("GLPK agrees with the solver on 200 random problems, with and without its answer handed in")
  func agrees() throws {
    var noise = SyntheticPipelines.Sequence(seed: 31)
    for trial in 0..<200 {
      let problem = SmallPipelines.random(&noise)
      guard let solution = PipelineSolver.solve(problem) else {
        #expect(throws: CertifierError.infeasible) {
          try GLPKCertifier.certify(problem, incumbent: nil, timeLimitSeconds: 10)
        }
        continue
      }
      let given = trial.isMultiple(of: 2) ? solution : nil
      let certificate = try GLPKCertifier.certify(problem, incumbent: given, timeLimitSeconds: 10)
      #expect(abs(certificate.objective - solution.objective) <= 1e-6 * solution.objective, "trial \(trial)")
      #expect(certificate.gap >= 0 && certificate.gap < 1e-6, "trial \(trial)")
      #expect(certificate.bound <= solution.objective, "trial \(trial)")
    }
  }

  @Test("a solution that is not the best is found out")
  func exposes() throws {
    let options = [
      [[], [StagePoint(stable: 1, firstLast: 6, tag: 0)], [StagePoint(stable: 3, firstLast: 3, tag: 0)], []],
      [[], [StagePoint(stable: 2, firstLast: 2, tag: 0)], [StagePoint(stable: 2.5, firstLast: 2.5, tag: 0)], []],
    ]
    let problem = PipelineProblem(microBatches: 4, layers: 3, options: options)
    // The objective that it claims is wrong too: it is computed anew.
    let worse = PipelineSolution(objective: 1, layers: [1, 2], points: [0, 0])
    let certificate = try GLPKCertifier.certify(problem, incumbent: worse, timeLimitSeconds: 10)
    #expect(certificate.objective == 14)
    #expect(abs(certificate.bound - 14) < 1e-6)
    #expect(certificate.solver == "glpk")
  }

  @Test("what is no solution of the problem, and no stage at all, are errors by name")
  func invalid() {
    let problem = SyntheticPipelines.frontier(layers: 6, stages: 2, microBatches: 4, points: 2)
    let alien = PipelineSolution(objective: 1, layers: [5, 2], points: [0, 0])
    #expect(throws: CertifierError.invalid("the given solution is not one of this problem")) {
      try GLPKCertifier.certify(problem, incumbent: alien, timeLimitSeconds: 1)
    }
    #expect(throws: CertifierError.infeasible) {
      try GLPKCertifier.certify(
        PipelineProblem(microBatches: 4, layers: 2, options: []), incumbent: nil, timeLimitSeconds: 1)
    }
    var wild = problem
    wild.options[0][1].append(StagePoint(stable: 1e300, firstLast: -1e300, tag: 9))
    #expect(throws: CertifierError.self) {
      try GLPKCertifier.certify(wild, incumbent: nil, timeLimitSeconds: 1)
    }
  }

  @Test("without time the bound is the solver's own, and there is a gap instead of a wait")
  func noTime() throws {
    let problem = SyntheticPipelines.frontier(layers: 24, stages: 4, microBatches: 4, points: 3)
    let optimum = try #require(PipelineSolver.solve(problem))
    let lower = PipelineSolver.lowerBound(problem)
    let certificate = try GLPKCertifier.certify(problem, incumbent: optimum, timeLimitSeconds: 0)
    #expect(certificate.objective == optimum.objective)
    #expect(certificate.bound == min(lower, optimum.objective))
    #expect(certificate.gap > 0 && certificate.gap < 0.5)
    #expect(throws: CertifierError.undecided(bound: lower)) {
      try GLPKCertifier.certify(problem, incumbent: nil, timeLimitSeconds: 0)
    }
  }

  @Test("a model that is too large for the time ends at the limit, with a bound that holds")
  func timeLimit() throws {
    let problem = SyntheticPipelines.frontier(layers: 96, stages: 16, microBatches: 2, points: 6)
    let optimum = try #require(PipelineSolver.solve(problem))
    let clock = ContinuousClock()
    let begin = clock.now
    let outcome = Result<Certificate, any Error> {
      try GLPKCertifier.certify(problem, incumbent: nil, timeLimitSeconds: 0.02)
    }
    #expect(clock.now - begin < .seconds(20))
    switch outcome {
    case .success(let certificate):
      #expect(certificate.bound <= optimum.objective && certificate.objective >= optimum.objective * (1 - 1e-9))
    case .failure(let error):
      guard case .undecided(let bound)? = error as? CertifierError else { throw error }
      #expect(bound <= optimum.objective && bound > 0.9 * optimum.objective)
    }
  }

  @Test("a certifier that is cancelled before or during its work throws at once and lets its thread end")
  func cancelled() {
    let problem = SyntheticPipelines.frontier(layers: 96, stages: 16, microBatches: 2, points: 6)
    let cancel = CancelToken()
    let clock = ContinuousClock()
    let begin = clock.now
    // A thread, not a task: the certifiers of other tests may hold all threads that tasks run on.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.03)
      cancel.cancel()
    }
    #expect(throws: CertifierError.cancelled) {
      try GLPKCertifier.certify(problem, incumbent: nil, timeLimitSeconds: 60, cancel: cancel)
    }
    #expect(throws: CertifierError.cancelled) {
      try GLPKCertifier.certify(problem, incumbent: nil, timeLimitSeconds: 60, cancel: cancel)
    }
    #expect(clock.now - begin < .seconds(20))
  }

  @Test("an error inside GLPK is an outcome, not the end of the process, and the next solve works")
  func survives() throws {
    let problem = SyntheticPipelines.frontier(layers: 12, stages: 3, microBatches: 8, points: 3)
    let model = try CertifierModel(problem, incumbent: nil)
    // GLPK calls its abort path on a tolerance outside 0...1.
    let failed = GLPKProgramme.solve(model.programme, timeLimitSeconds: 5, cancel: CancelToken(), integerTolerance: 7)
    #expect(failed.hasFailed && failed.values.isEmpty && failed.bound > 0)
    let solved = GLPKProgramme.solve(model.programme, timeLimitSeconds: 5, cancel: CancelToken())
    #expect(!solved.hasFailed && solved.bound >= failed.bound)
    let solution = try #require(model.solution(solved.values, of: problem))
    #expect(abs(solution.objective - (PipelineSolver.solve(problem)?.objective ?? 0)) <= 1e-6 * solution.objective)
  }

  @Test("48 layers on 8 stages close within a second")
  func closes() throws {
    for microBatches in [4, 16, 64] {
      let problem = SyntheticPipelines.frontier(layers: 48, stages: 8, microBatches: microBatches, points: 6)
      let optimum = try #require(PipelineSolver.solve(problem))
      let certificate = try GLPKCertifier.certify(problem, incumbent: optimum, timeLimitSeconds: 1)
      #expect(certificate.gap < 1e-6, "G \(microBatches)")
    }
  }

  @Test("50 solves, several at once, all prove the same")
  func repeated() async throws {
    let problem = SyntheticPipelines.frontier(layers: 12, stages: 3, microBatches: 8, points: 3)
    let optimum = try #require(PipelineSolver.solve(problem))
    let objectives = await withTaskGroup(of: Double.self) { group in
      for _ in 0..<50 {
        group.addTask {
          (try? GLPKCertifier.certify(problem, incumbent: optimum, timeLimitSeconds: 10).bound) ?? -1
        }
      }
      return await group.reduce(into: [Double]()) { $0.append($1) }
    }
    #expect(objectives.count == 50)
    #expect(objectives.allSatisfy { abs($0 - optimum.objective) <= 1e-6 * optimum.objective })
  }
}
