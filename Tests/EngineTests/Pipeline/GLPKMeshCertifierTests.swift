import Foundation
import Testing

@testable import Engine

@Suite struct GLPKMeshCertifierTests {
  /// Random problems that GLPK must agree on; all 1,500 of the evaluation where there is time.
  private static let trials = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1" ? 1500 : 300

  private static let shape = SyntheticMeshes.Shape(
    layers: 24, devices: 32, devicesPerNode: 8, sizes: [1, 2, 4, 8, 16, 32], microBatches: 8, batch: 256,
    maximumStages: 12, points: 3)

  @Test("GLPK agrees with the solver on random problems, with and without its answer handed in")
  func agrees() throws {
    var noise = SyntheticPipelines.Sequence(seed: 2027)
    for trial in 0..<Self.trials {
      let problem = SmallMeshes.random(&noise)
      guard let solution = MeshPipelineSolver.solve(problem) else {
        #expect(throws: CertifierError.infeasible, "trial \(trial)") {
          try GLPKMeshCertifier.certify(problem, incumbent: nil, timeLimitSeconds: 10)
        }
        continue
      }
      let given = trial.isMultiple(of: 4) ? solution : nil
      let certificate = try GLPKMeshCertifier.certify(problem, incumbent: given, timeLimitSeconds: 10)
      #expect(abs(certificate.objective - solution.objective) <= 1e-6 * solution.objective, "trial \(trial)")
      #expect(certificate.gap >= 0 && certificate.gap < 1e-6, "trial \(trial)")
      #expect(certificate.bound <= solution.objective, "trial \(trial)")
    }
  }

  @Test("each detail of the programme is a relaxation of the one before, and the first two are exact")
  func details() throws {
    var noise = SyntheticPipelines.Sequence(seed: 40)
    for trial in 0..<40 {
      let problem = SmallMeshes.random(&noise)
      guard let optimum = MeshPipelineSolver.solve(problem), let layout = MeshLayout(problem) else { continue }
      let limit = Double.greatestFiniteMagnitude
      let table = try #require(MeshStageTable(problem, layout, limit: limit) { false })
      var least: [MeshCertifierModel.Detail: Double] = [:]
      for stages in 1...problem.maximumStages {
        let lattice = try #require(
          MeshLattice(problem, layout, table, limit: limit, stages: stages) { false })
        for detail in [MeshCertifierModel.Detail.states, .offsets, .sums] {
          let model = try #require(
            MeshCertifierModel(
              problem, layout, table, lattice, stages: stages, detail: detail, limit: limit, unit: 1, incumbent: nil,
              most: 100_000, isCancelled: { false }))
          guard model.hasPlans else { continue }
          let outcome = GLPKProgramme.solve(model.programme, timeLimitSeconds: 10, cancel: CancelToken())
          least[detail] = min(least[detail] ?? .infinity, outcome.objective)
        }
      }
      #expect(abs((least[.states] ?? 0) - optimum.objective) < 1e-6 * optimum.objective, "trial \(trial)")
      #expect(abs((least[.offsets] ?? 0) - optimum.objective) < 1e-6 * optimum.objective, "trial \(trial)")
      #expect((least[.sums] ?? .infinity) <= optimum.objective * (1 + 1e-6), "trial \(trial)")
    }
  }

  @Test("a solution that is not the best is found out, and one of another problem is an error by name")
  func exposes() throws {
    let problem = SyntheticMeshes.problem(Self.shape)
    let optimum = try #require(MeshPipelineSolver.solve(problem))
    let worse = MeshPipelineSolution(
      objective: 1,
      stages: optimum.stages.map { .init(kind: $0.kind, layers: $0.layers, point: 2) })
    let claimed = try #require(problem.objective(worse.stages))
    #expect(claimed > optimum.objective)
    let certificate = try GLPKMeshCertifier.certify(problem, incumbent: worse, timeLimitSeconds: 10)
    #expect(certificate.objective < claimed && certificate.bound <= optimum.objective)
    #expect(certificate.solver == "glpk")
    let alien = MeshPipelineSolution(objective: 1, stages: [.init(kind: 0, layers: 25, point: 0)])
    #expect(throws: CertifierError.invalid("the given solution is not one of this problem")) {
      try GLPKMeshCertifier.certify(problem, incumbent: alien, timeLimitSeconds: 1)
    }
  }

  @Test("unlike meshes on 32 GPUs close within a second")
  func closes() throws {
    for microBatches in [4, 8, 32] {
      var shape = Self.shape
      shape.microBatches = microBatches
      let problem = SyntheticMeshes.problem(shape)
      let optimum = try #require(MeshPipelineSolver.solve(problem))
      let certificate = try GLPKMeshCertifier.certify(problem, incumbent: optimum, timeLimitSeconds: 2)
      #expect(certificate.objective == optimum.objective && certificate.gap < 1e-6, "G \(microBatches)")
    }
  }

  @Test("a large problem without an incumbent is not laid out whole: the solver's own plan bounds it")
  func largeWithoutIncumbent() throws {
    var shape = Self.shape
    shape.layers = 40
    shape.maximumStages = 20
    let problem = SyntheticMeshes.problem(shape)
    #expect(problem.options.count > 20_000)
    let certificate = try GLPKMeshCertifier.certify(problem, incumbent: nil, timeLimitSeconds: 5)
    #expect(certificate.objective == MeshPipelineSolver.solve(problem)?.objective && certificate.gap < 1e-6)
  }

  @Test("without time the bound is that of the relaxations, and a cancelled certificate is none")
  func noTime() throws {
    let problem = SyntheticMeshes.problem(Self.shape)
    let optimum = try #require(MeshPipelineSolver.solve(problem))
    let certificate = try GLPKMeshCertifier.certify(problem, incumbent: optimum, timeLimitSeconds: 0)
    #expect(certificate.objective == optimum.objective && certificate.gap >= 0 && certificate.gap < 0.1)
    #expect(certificate.covers.contains("GLPK was not asked"))
    #expect(throws: CertifierError.self) {
      try GLPKMeshCertifier.certify(problem, incumbent: nil, timeLimitSeconds: 0)
    }
    let cancel = CancelToken()
    cancel.cancel()
    #expect(throws: CertifierError.cancelled) {
      try GLPKMeshCertifier.certify(problem, incumbent: optimum, timeLimitSeconds: 10, cancel: cancel)
    }
  }
}
