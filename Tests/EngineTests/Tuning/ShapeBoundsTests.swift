import Testing

@testable import Engine

/// What rules shapes and points out, against scored plans.
@Suite struct ShapeBoundsTests {
  /// A fixed stream of random numbers.
  private struct Stream: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state &* 0x2545_F491_4F6C_DD1D
    }
  }

  private func workload(_ random: inout Stream) -> Workload {
    let nodes = [1, 2, 4].randomElement(using: &random) ?? 1
    let cluster = TestMachines.cluster(nodes: nodes, gpusPerNode: [2, 4, 8].randomElement(using: &random) ?? 2)
    return Workload(
      name: "random",
      model: TestMachines.gpt(
        hidden: 1024, layers: [4, 8, 12].randomElement(using: &random) ?? 4, heads: 16),
      cluster: cluster,
      run: TrainingRun(
        sequenceLength: 1024, globalBatch: [8, 32, 48].randomElement(using: &random) ?? 8, precision: .fp16),
      limits: Limits(headroomBytes: 0))
  }

  /// A random plan of a shape.
  private func plan(_ shape: PlanShape, layers: Int, _ random: inout Stream) -> Plan {
    var counts = [Int](repeating: layers / shape.stages, count: shape.stages)
    counts[0] += layers - counts.reduce(0, +)
    if shape.interleave == 1 {
      for _ in 0..<shape.stages {
        let from = Int.random(in: 0..<shape.stages, using: &random)
        let to = Int.random(in: 0..<shape.stages, using: &random)
        guard counts[from] > 1 else { continue }
        counts[from] -= 1
        counts[to] += 1
      }
    }
    let kinds = RecomputeKind.allCases
    let stages = counts.map { count in
      StageChoice(
        layers: count, nodes: shape.nodes, gpusPerNode: shape.gpusPerNode, microBatch: shape.microBatch,
        dataParallel: shape.dataParallel, tensorParallel: shape.tensorParallel,
        zero: Int.random(in: 0...3, using: &random),
        checkpointedLayers: Int.random(in: 0...count / shape.interleave, using: &random) * shape.interleave,
        recompute: kinds.randomElement(using: &random) ?? .full,
        offload: Offload(
          weights: Int.random(in: 0...8, using: &random), gradients: Int.random(in: 0...8, using: &random),
          optimizer: Int.random(in: 0...8, using: &random), activations: Int.random(in: 0...8, using: &random)))
    }
    return Plan(
      gradientAccumulation: shape.microBatches, stages: stages, sequenceParallel: shape.sequenceParallel,
      contextParallel: shape.contextParallel, interleave: shape.interleave)
  }

  @Test("no plan of a random shape is faster than the shape's bound, or outside what a bound of its own time leaves")
  func bounds() throws {
    var random = Stream(state: 42)
    var seen: Set<Int> = []
    for _ in 0..<12 {
      let workload = workload(&random)
      let model = StageModel(workload: workload)
      var scorer = PlanScorer(model: model)
      let shapes = PlanShape.all(workload: workload, space: .everything)
      for _ in 0..<25 {
        let shape = try #require(shapes.randomElement(using: &random))
        seen.insert(shape.interleave)
        let plan = plan(shape, layers: workload.model.layers, &random)
        let score = try scorer.score(plan)
        let bounds = ShapeSolver(shape: shape, model: model, space: .everything).bounds
        #expect(bounds.lowerBound <= score.closedFormSeconds * (1 + 1e-12), "\(shape)")
        for (stage, (choice, part)) in zip(plan.stages, score.stages).enumerated() {
          let share = part.stableSeconds / Double(shape.interleave)
          let caps = bounds.caps(stage: stage, layers: choice.layers, upperBound: score.closedFormSeconds)
          #expect(share <= caps.stable && share + part.deltaSeconds <= caps.firstLast, "\(shape)")
          let range = bounds.layerRange(stage: stage, upperBound: score.closedFormSeconds, slack: nil)
          #expect(range?.contains(choice.layers) == true, "\(shape)")
        }
      }
    }
    #expect(seen.contains(1) && seen.contains(2), "the seeds draw both schedules")
  }

  @Test("the closed form of interleaved stages is that of parts of stages with as many times the micro-batches")
  func parts() {
    var random = Stream(state: 7)
    for _ in 0..<500 {
      let stages = Int.random(in: 2...8, using: &random)
      let (chunks, rounds) = (Int.random(in: 1...6, using: &random), stages * Int.random(in: 1...5, using: &random))
      let stable = (0..<stages).map { _ in Double.random(in: 0.5...2, using: &random) }
      let delta = (0..<stages).map { _ in Double.random(in: -0.4...4, using: &random) }
      let whole = ClosedForm.closedFormSeconds(
        stable: stable, delta: delta, microBatches: rounds, interleave: chunks)
      let parts = ClosedForm.closedFormSeconds(
        stable: stable.map { $0 / Double(chunks) }, delta: delta, microBatches: rounds * chunks)
      #expect(abs(parts / whole - 1) < 1e-12)
    }
  }

  @Test("of two stages with the same t + d the slower one can win where stages are interleaved: less d is exposed")
  func dominance() {
    // t 1, d 9 beside t 2, d 8; the other stage takes 5: (2 - 1/2) * 5 + sum t / 2 + d.
    let fast = ClosedForm.closedFormSeconds(stable: [1, 5], delta: [9, 0], microBatches: 2, interleave: 2)
    let slow = ClosedForm.closedFormSeconds(stable: [2, 5], delta: [8, 0], microBatches: 2, interleave: 2)
    #expect(fast == 19.5)
    #expect(slow == 19)
    // On t/v and t/v + d neither dominates: 0.5 and 9.5 beside 1 and 9.
    var frontier = StageFrontier()
    frontier.insert(stable: 0.5, firstLast: 9.5, tag: 0)
    frontier.insert(stable: 1, firstLast: 9, tag: 1)
    #expect(frontier.points.count == 2)
  }
}
