import Testing

@testable import Engine

/// Blocks of strategies, their bounds, and what a sweep leaves out because of them.
@Suite struct StrategyBlockTests {
  /// A workload whose memory binds, so that strategies and recomputed layers matter.
  private func workload(runtime: String, layers: Int = 12) -> Workload {
    var run = TrainingRun(sequenceLength: 2048, globalBatch: 64)
    run.runtime = runtime
    return Workload(
      name: "t", model: TestMachines.gpt(hidden: 4096, layers: layers, heads: 32),
      cluster: TestMachines.cluster(nodes: 1, gpusPerNode: 8), run: run)
  }

  /// Everything in steps of a quarter: 1,250 strategies, in three blocks.
  private static let space: SearchSpace = {
    var space = SearchSpace.everything
    space.zeroLevels = [1, 3]
    space.weightEighths = [0, 2, 4, 6, 8]
    space.gradientEighths = [0, 2, 4, 6, 8]
    space.optimizerEighths = [0, 2, 4, 6, 8]
    space.activationEighths = [0, 2, 4, 6, 8]
    return space
  }()

  private func places(
    _ workload: Workload, _ model: StageModel, _ shape: PlanShape, caps: StageCaps = StageCaps()
  ) -> [StagePlace] {
    let solver = ShapeSolver(shape: shape, model: model, space: .mist)
    return (0..<shape.stages).flatMap { stage in
      (1...workload.model.layers / shape.stages + 2).map { layers in
        StagePlace(
          stage: stage, layers: layers,
          sweep: StageSweep(
            formula: solver.formula(stage: stage, layers: layers), limits: solver.limits(stage: stage),
            fixedSeconds: solver.fixedSeconds[stage], singleMicroBatch: shape.microBatches == 1),
          frontier: StageFrontier(caps: caps))
      }
    }
  }

  private static let shapes = [
    PlanShape(microBatches: 8, stages: 4, nodes: 1, gpusPerNode: 2, tensorParallel: 1, microBatch: 4),
    PlanShape(microBatches: 16, stages: 2, nodes: 1, gpusPerNode: 4, tensorParallel: 2, microBatch: 2),
    PlanShape(microBatches: 1, stages: 1, nodes: 1, gpusPerNode: 8, tensorParallel: 1, microBatch: 8),
  ]

  @Test(
    "the frontier by blocks is that of every strategy for itself",
    arguments: ["mist", "deepspeed", "megatron-lm"], [RecomputeKind.full, .selective, .selectiveOperators])
  func equalsPlainSweep(runtime: String, kind: RecomputeKind) {
    let workload = workload(runtime: runtime)
    let model = StageModel(workload: workload)
    for shape in Self.shapes {
      let settings = [shape.setting(.full), shape.setting(kind)]
      let grid = StrategyGrid(
        space: Self.space, runtime: model.runtime, dataParallel: shape.setting().weightRanks)
      var found = places(workload, model, shape)
      let isDone = found.fill(model: model, settings: settings, grid: grid, cancel: CancelToken())
      #expect(isDone)
      var expected = places(workload, model, shape)
      let block = StrategyBlock(model.searchTape(for: settings))
      for start in stride(from: 0, to: grid.strategies.count, by: StrategyBlock.capacity) {
        let end = min(start + StrategyBlock.capacity, grid.strategies.count)
        block.fill(grid.strategies, (Int32(start)..<Int32(end)).map { $0 }[...])
        for index in expected.indices {
          for setting in settings.indices {
            expected[index].sweep.recompute = setting
            for row in 0..<(block.count + 7) / 8 {
              expected[index].sweep.sweep(
                block.leaf(row, setting: setting), block.lanes(row), into: &expected[index].frontier)
            }
          }
        }
      }
      for (found, expected) in zip(found, expected) {
        #expect(found.frontier.points.map(\.stable) == expected.frontier.points.map(\.stable))
        #expect(found.frontier.points.map(\.firstLast) == expected.frontier.points.map(\.firstLast))
      }
    }
  }

  @Test("bounds of blocks are below every strategy of them, column by column but for memory's sums, and in times")
  func boundsHold() {
    let workload = workload(runtime: "mist")
    let model = StageModel(workload: workload)
    let shape = Self.shapes[0]
    let grid = StrategyGrid(space: Self.space, runtime: model.runtime, dataParallel: 2)
    let bounds = BlockBounds(model.boundTape(for: [shape.setting()]), grid.order)
    let block = StrategyBlock(model.searchTape(for: [shape.setting()]))
    let sweep = places(workload, model, shape)[7].sweep
    for number in grid.order.corners.indices {
      block.fill(grid.strategies, grid.order.block(number))
      let bound = bounds.row(number / 8, setting: 0)
      for kind in [CheckpointClass.none, .some, .all] {
        let count = Lanes(repeating: kind == .none ? 0 : kind == .all ? Double(sweep.layers) : 2)
        let least = sweep.times(bound, kind, count)
        let leastBytes = sweep.formula.demandBytes(bound.memory, class: kind, checkpointed: count, limits: sweep.limits)
        for row in 0..<(block.count + 7) / 8 {
          let values = block.leaf(row, setting: 0)
          let times = sweep.times(values, kind, count)
          let bytes = sweep.formula.demandBytes(
            values.memory, class: kind, checkpointed: count, limits: sweep.limits)
          #expect(times.stable.min() >= least.stable[number % 8] * (1 - 1e-12))
          #expect(times.firstLast.min() >= least.firstLast[number % 8] * (1 - 1e-12))
          #expect(bytes.min() >= leastBytes[number % 8] * (1 - 1e-12))
        }
      }
    }
  }

  @Test("an order holds every strategy once, lesser offload before more of the same")
  func order() {
    let grid = StrategyGrid(space: Self.space, runtime: .mist, dataParallel: 2)
    let order = grid.order
    #expect(order.indices.sorted() == grid.strategies.indices.map { Int32($0) })
    #expect(order.corners.count == 3)
    let place = Dictionary(uniqueKeysWithValues: order.indices.enumerated().map { (grid.strategies[Int($1)], $0) })
    for strategy in grid.strategies where strategy.offload.optimizer < 8 {
      var more = strategy
      more.offload.optimizer += 2
      #expect((place[strategy] ?? 0) < (place[more] ?? 0))
    }
  }

  @Test("a cancelled search of places stops")
  func cancelled() {
    let workload = workload(runtime: "mist")
    let model = StageModel(workload: workload)
    var places = places(workload, model, Self.shapes[0])
    let cancel = CancelToken()
    cancel.cancel()
    let grid = StrategyGrid(space: Self.space, runtime: model.runtime, dataParallel: 2)
    let isDone = places.fill(model: model, settings: [Self.shapes[0].setting()], grid: grid, cancel: cancel)
    #expect(!isDone)
  }
}
