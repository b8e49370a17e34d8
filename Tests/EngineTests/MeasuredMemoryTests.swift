import Testing

@testable import Engine

/// Allocated memory of the artifact's measured runs on L4 (docs/model.md, section 9.2), with the corrected rules.
@Suite struct MeasuredMemoryTests {
  /// A measured run: its plan in brief and the peak of each stage, MiB.
  struct Run {
    var hidden: Int
    var layers: Int
    var heads: Int
    var flash: Bool
    var microBatches: Int
    var microBatch: Int
    var dataParallel: Int
    /// (layers, checkpointed, allocated MiB, reserved MiB) of each stage.
    var stages: [(layers: Int, checkpointed: Int, allocated: Double, reserved: Double)]
  }

  static let runs = [
    Run(
      hidden: 2048, layers: 24, heads: 16, flash: false, microBatches: 32, microBatch: 1, dataParallel: 1,
      stages: [(13, 0, 18506, 20412), (11, 0, 13406, 16116)]),
    Run(
      hidden: 2048, layers: 24, heads: 16, flash: true, microBatches: 16, microBatch: 2, dataParallel: 1,
      stages: [(13, 0, 18357, 20310), (11, 0, 13696, 16562)]),
    Run(
      hidden: 2560, layers: 32, heads: 32, flash: false, microBatches: 64, microBatch: 1, dataParallel: 1,
      stages: [(7, 2, 19757, 21974), (8, 1, 19365, 20978), (9, 0, 18871, 20396), (8, 0, 15681, 19204)]),
    Run(
      hidden: 2560, layers: 32, heads: 32, flash: true, microBatches: 32, microBatch: 1, dataParallel: 2,
      stages: [(17, 0, 19607, 20824), (15, 0, 15414, 17540)]),
    Run(
      hidden: 2048, layers: 24, heads: 16, flash: true, microBatches: 16, microBatch: 2, dataParallel: 1,
      stages: [(13, 0, 18678, 20654), (11, 0, 13916, 16806)]),
    Run(
      hidden: 2048, layers: 24, heads: 16, flash: false, microBatches: 2, microBatch: 8, dataParallel: 2,
      stages: [(24, 24, 19273.83, 21096)]),
  ]

  /// Predicted and measured memory of all stages.
  private func predictions() throws -> [(memory: MemoryBreakdown, allocated: Double, reserved: Double)] {
    var found: [(MemoryBreakdown, Double, Double)] = []
    for run in Self.runs {
      let batch = run.microBatch * run.dataParallel * run.microBatches
      let gpus = run.stages.count * run.dataParallel
      let workload = Workload(
        name: "measured", model: TestMachines.gpt(hidden: run.hidden, layers: run.layers, heads: run.heads),
        cluster: TestMachines.cluster(nodes: 1, gpusPerNode: gpus),
        run: TrainingRun(
          sequenceLength: 2048, globalBatch: batch, precision: .fp16, attention: run.flash ? .flash : .unfused))
      let plan = Plan(
        gradientAccumulation: run.microBatches,
        stages: run.stages.map {
          StageChoice(
            layers: $0.layers, nodes: 1, gpusPerNode: run.dataParallel, microBatch: run.microBatch,
            dataParallel: run.dataParallel, tensorParallel: 1, zero: 1, checkpointedLayers: $0.checkpointed)
        })
      let score = try TuningSession(workload: workload, now: { 0 }).score(plan)
      for (stage, measured) in zip(score.stages, run.stages) {
        found.append((stage.memory, measured.allocated * 1_048_576, measured.reserved * 1_048_576))
      }
    }
    return found
  }

  @Test("allocated memory is within 2 % of the measured stages on average")
  func allocated() throws {
    let errors = try predictions().map { $0.memory.allocated / $0.allocated - 1 }
    let mean = errors.map(abs).reduce(0, +) / Double(errors.count)
    #expect(mean < 0.02, "errors \(errors)")
    #expect(errors.allSatisfy { abs($0) < 0.05 }, "errors \(errors)")
  }

  @Test("reserved memory is within 4 % of the measured stages on average")
  func reserved() throws {
    let errors = try predictions().map { $0.memory.reserved / $0.reserved - 1 }
    let mean = errors.map(abs).reduce(0, +) / Double(errors.count)
    #expect(mean < 0.04, "errors \(errors)")
  }
}
