import Testing

@testable import Engine

@Suite struct MeshPipelineSolverTests {
  @Test("two stages on three GPUs: the hand-computed optimum gives the larger mesh more layers, and the node has a say")
  func byHand() throws {
    // A layer takes 6 s on one GPU, 3 s on two; the last stage has 2 s of head. Point-to-point 1 s inside, 4 s across.
    let kinds = [1, 2].map { MeshKind(devices: $0, insideSeconds: 1, acrossSeconds: 4) }
    let options = MeshOptions(stages: 2, kinds: 2, layers: 3) { place, points in
      let stable = 6.0 * Double(place.layers) / Double(place.kind + 1) + (place.behind == 0 ? 2 : 0)
      points.append(StagePoint(stable: stable, firstLast: stable, tag: 0))
    }
    var problem = MeshPipelineProblem(
      microBatches: 5, layers: 3, devices: 3, devicesPerNode: 3, kinds: kinds, maximumStages: 2, mayIdle: false,
      options: options)
    // One node: 1 GPU with 1 layer (6 + 1) before 2 GPUs with 2 (6 + 2): 4 * 8 + 15 = 47.
    // The other way round the last stage is 8 s and the first 7 s: 47 too. The one that ends with the smaller mesh wins.
    let inside = try #require(MeshPipelineSolver.solve(problem))
    #expect(inside.objective == 47)
    #expect(inside.stages.map(\.kind) == [1, 0] && inside.stages.map(\.layers) == [2, 1])
    // Nodes of 2: two GPUs must come first, and the boundary lies between nodes: (6 + 4), 8: 4 * 10 + 18 = 58.
    problem.devices = 3
    problem.devicesPerNode = 2
    let across = try #require(MeshPipelineSolver.solve(problem))
    #expect(across.objective == 58 && across.stages == inside.stages)
    // Two nodes that are 40 s apart: all layers on one take 4 * 11 + 11 = 55; without leaving a node over, 43 s for the
    // first stage and 8 s for the last: 4 * 43 + 51 = 223.
    problem.devices = 4
    problem.kinds[1].acrossSeconds = 40
    problem.kinds[0].acrossSeconds = 40
    problem.mayIdle = true
    let idle = try #require(MeshPipelineSolver.solve(problem))
    #expect(idle == MeshPipelineSolution(objective: 55, stages: [.init(kind: 1, layers: 3, point: 0)]))
    problem.mayIdle = false
    #expect(MeshPipelineSolver.solve(problem)?.objective == 223)
  }

  @Test("the solver equals brute force on 1,500 random small problems, and the lower bound is one")
  func bruteForce() {
    var noise = SyntheticPipelines.Sequence(seed: 2027)
    var (solvable, unlike) = (0, 0)
    for trial in 0..<1500 {
      let problem = SmallMeshes.random(&noise)
      let expected = SmallMeshes.bruteForce(problem).objective
      #expect(MeshPipelineSolver.lowerBound(problem) <= expected * (1 + 1e-12), "trial \(trial)")
      guard let solution = MeshPipelineSolver.solve(problem) else {
        #expect(expected == .infinity, "trial \(trial)")
        continue
      }
      solvable += 1
      unlike += Set(solution.stages.map { problem.kinds[$0.kind].devices }).count > 1 ? 1 : 0
      #expect(abs(solution.objective - expected) <= 1e-9, "trial \(trial)")
      #expect(problem.objective(solution.stages) == solution.objective, "trial \(trial)")
    }
    #expect(solvable > 700 && solvable < 1200 && unlike > 60)
  }

  @Test("an upper bound above the optimum changes nothing, ties included, and one at or below it leaves nothing")
  func upperBound() {
    var noise = SyntheticPipelines.Sequence(seed: 12)
    for trial in 0..<300 {
      let problem = SmallMeshes.random(&noise)
      guard let optimum = MeshPipelineSolver.solve(problem) else { continue }
      for slack in [1e-9, 1e-6, 0.01, 0.1, 1] {
        let bounded = MeshPipelineSolver.solve(problem, upperBound: optimum.objective * (1 + slack))
        #expect(bounded == optimum, "trial \(trial), slack \(slack)")
      }
      #expect(MeshPipelineSolver.solve(problem, upperBound: optimum.objective) == nil, "trial \(trial)")
      #expect(MeshPipelineSolver.solve(problem, upperBound: optimum.objective * 0.9) == nil, "trial \(trial)")
    }
  }

  @Test("equal meshes with a boundary that costs nothing have the optimum of the solver between equal stages")
  func equalMeshes() throws {
    let seconds = (0..<4).map { behind in (1...12).map { 0.3 * Double($0) + (behind == 0 ? 0.5 : 0) } }
    let options = MeshOptions(stages: 4, kinds: 1, layers: 12) { place, points in
      for tag in 0..<3 {
        let stable = seconds[place.behind][place.layers - 1] * (1 + 0.1 * Double(tag)) + (place.isFirst ? 0.2 : 0)
        points.append(StagePoint(stable: stable, firstLast: stable * (1.9 - 0.3 * Double(tag)), tag: tag))
      }
    }
    let meshes = MeshPipelineProblem(
      microBatches: 8, layers: 12, devices: 8, devicesPerNode: 4,
      kinds: [MeshKind(devices: 2, insideSeconds: 0, acrossSeconds: 0)], maximumStages: 4, mayIdle: false,
      options: options)
    let equal = PipelineProblem(
      microBatches: 8, layers: 12,
      options: (0..<4).map { stage in
        [[]]
          + (1...12).map { Array(options[MeshPlace(behind: 3 - stage, isFirst: stage == 0, kind: 0, layers: $0)]) }
      })
    let (one, other) = (MeshPipelineSolver.solve(meshes), PipelineSolver.solve(equal))
    #expect(abs(try #require(one).objective - (try #require(other)).objective) < 1e-12)
  }

  @Test("odd nodes, many stages and meshes of several nodes tile: every answer is a plan of its problem")
  func tiles() throws {
    for (devices, node, sizes) in [(36, 6, [1, 2, 3, 6, 12, 18]), (62, 1, [2, 5, 7, 31]), (24, 12, [3, 4, 12, 24])] {
      let shape = SyntheticMeshes.Shape(
        layers: 20, devices: devices, devicesPerNode: node, sizes: sizes, microBatches: 8, batch: 8 * 5040,
        maximumStages: 20, points: 3)
      let problem = SyntheticMeshes.problem(shape)
      let solution = try #require(MeshPipelineSolver.solve(problem))
      #expect(problem.objective(solution.stages) == solution.objective)
      let lower = MeshPipelineSolver.lowerBound(problem)
      #expect(lower <= solution.objective && lower > 0.9 * solution.objective)
    }
  }

  @Test("a cancelled solve returns nothing, however far it was")
  func cancelled() {
    let shape = SyntheticMeshes.Shape(
      layers: 12, devices: 16, devicesPerNode: 4, sizes: [1, 2, 4, 8, 16], microBatches: 8, batch: 256,
      maximumStages: 6, points: 3)
    let problem = SyntheticMeshes.problem(shape)
    var asked = 0
    #expect(
      MeshPipelineSolver.solve(problem) {
        asked += 1
        return false
      } != nil)
    #expect(asked > 100)
    for limit in [0, 1, 20, asked / 2, asked - 1] {
      var left = limit
      let answer = MeshPipelineSolver.solve(problem) {
        left -= 1
        return left < 0
      }
      #expect(answer == nil, "\(limit) of \(asked)")
    }
  }

  @Test("points that are not numbers or negative are left out, and sizes that make no sense have no answer")
  func odd() {
    let kinds = [MeshKind(devices: 1, insideSeconds: 0, acrossSeconds: 0)]
    let options = MeshOptions(stages: 1, kinds: 1, layers: 1) { _, points in
      points = [(Double.nan, 0.0), (1, .infinity), (-1, 0), (2, 3)].map {
        StagePoint(stable: $0.0, firstLast: $0.1, tag: 0)
      }
    }
    let problem = MeshPipelineProblem(
      microBatches: 3, layers: 1, devices: 1, devicesPerNode: 1, kinds: kinds, maximumStages: 1, mayIdle: false,
      options: options)
    #expect(MeshPipelineSolver.solve(problem)?.stages == [.init(kind: 0, layers: 1, point: 3)])
    #expect(MeshPipelineSolver.solve(problem)?.objective == 7)
    let edits: [(inout MeshPipelineProblem) -> Void] = [
      { $0.microBatches = 0 }, { $0.layers = 2 }, { $0.devices = 0 }, { $0.devicesPerNode = 0 }, { $0.kinds = [] },
      { $0.maximumStages = 2 }, { $0.kinds[0].devices = 2 }, { $0.kinds[0].acrossSeconds = .nan },
      {
        $0.devicesPerNode = 3; $0.devices = 5; $0.kinds[0].devices = 4
      },
    ]
    for (index, edit) in edits.enumerated() {
      var changed = problem
      edit(&changed)
      #expect(MeshPipelineSolver.solve(changed) == nil, "edit \(index)")
      #expect(MeshPipelineSolver.lowerBound(changed) == .infinity, "edit \(index)")
    }
    let stages = [MeshPipelineSolution.Stage(kind: 0, layers: 1, point: 3)]
    #expect(problem.objective(stages) == 7)
    for wrong in [(1, 1, 3), (0, 2, 3), (0, 0, 3), (0, 1, 4), (0, 1, -1), (0, 1, 0)] {
      #expect(problem.objective([.init(kind: wrong.0, layers: wrong.1, point: wrong.2)]) == nil)
    }
  }
}
