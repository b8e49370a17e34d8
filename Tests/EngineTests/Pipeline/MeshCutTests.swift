import Testing

@testable import Engine

@Suite struct MeshCutTests {
  @Test("a cut never drops a place of an optimal plan, its bounds hold, and it drops most of the rest")
  func keepsOptima() throws {
    var noise = SyntheticPipelines.Sequence(seed: 78)
    var (kept, all) = (0, 0)
    for trial in 0..<500 {
      let problem = SmallMeshes.random(&noise)
      let optimum = SmallMeshes.bruteForce(problem)
      guard optimum.objective < .infinity else { continue }
      for factor in [1, 1.05, 1.5] {
        let cut = try #require(MeshCut(problem, upperBound: optimum.objective * factor))
        #expect(optimum.places.isSubset(of: cut.survivors), "trial \(trial), factor \(factor)")
        for (place, bound) in zip(cut.survivors, cut.bounds) {
          #expect(bound <= optimum.objective * factor * (1 + 1e-8), "trial \(trial)")
          if optimum.places.contains(place) { #expect(bound <= optimum.objective * (1 + 1e-9), "trial \(trial)") }
        }
        kept += cut.survivors.count
        all += problem.options.count
      }
      let below = try #require(MeshCut(problem, upperBound: MeshPipelineSolver.lowerBound(problem) * 0.99))
      #expect(below.survivors.isEmpty)
    }
    #expect(kept > 0 && kept < all / 10)
  }

  @Test("a cut with the most optimistic point of each place keeps the optimum of the true points")
  func optimistic() throws {
    var noise = SyntheticPipelines.Sequence(seed: 79)
    for trial in 0..<300 {
      let problem = SmallMeshes.random(&noise)
      guard let optimum = MeshPipelineSolver.solve(problem) else { continue }
      var easy = problem
      easy.options = MeshOptions(
        stages: problem.maximumStages, kinds: problem.kinds.count, layers: problem.layers
      ) { place, points in
        let options = problem.options[place]
        guard let stable = options.map(\.stable).min(), let full = options.map(\.firstLast).min() else { return }
        points.append(StagePoint(stable: 0.99 * stable, firstLast: full - 0.01, tag: 0))
      }
      let cut = try #require(MeshCut(easy, upperBound: optimum.objective))
      let left = Set(cut.survivors)
      var rest = problem
      rest.options = MeshOptions(
        stages: problem.maximumStages, kinds: problem.kinds.count, layers: problem.layers
      ) { place, points in
        if left.contains(place) { points += problem.options[place] }
      }
      #expect(MeshPipelineSolver.solve(rest) == optimum, "trial \(trial)")
    }
  }

  @Test("survivors come in the order of the options, and a cancelled cut is none")
  func order() throws {
    let shape = SyntheticMeshes.Shape(
      layers: 12, devices: 16, devicesPerNode: 4, sizes: [1, 2, 4, 8], microBatches: 8, batch: 256, maximumStages: 6,
      points: 2)
    let problem = SyntheticMeshes.problem(shape)
    let optimum = try #require(MeshPipelineSolver.solve(problem))
    let cut = try #require(MeshCut(problem, upperBound: optimum.objective * 1.1))
    let positions = cut.survivors.map { problem.options.index($0) }
    #expect(positions == positions.sorted() && Set(positions).count == positions.count && positions.count > 10)
    #expect(positions.map { problem.options.place($0) } == cut.survivors)
    #expect(MeshCut(problem, upperBound: optimum.objective) { true } == nil)
  }
}
