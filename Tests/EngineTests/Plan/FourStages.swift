@testable import Engine

/// A plan that can be edited in all directions: four stages of 1 x 4 GPUs on two nodes, 24 layers, batch 64.
enum FourStages {
  /// What it trains, and where.
  static let workload = Workload(
    name: "four", model: TestMachines.gpt(hidden: 1024, layers: 24, heads: 16),
    cluster: TestMachines.cluster(nodes: 2, gpusPerNode: 8),
    run: TrainingRun(sequenceLength: 1024, globalBatch: 64))

  /// The plan, with a change.
  static func plan(_ change: (inout Plan) -> Void = { _ in }) -> Plan {
    let stage = StageChoice(
      layers: 6, nodes: 1, gpusPerNode: 4, microBatch: 2, dataParallel: 4, tensorParallel: 1, zero: 1,
      checkpointedLayers: 2)
    var plan = Plan(gradientAccumulation: 8, stages: Array(repeating: stage, count: 4))
    change(&plan)
    return plan
  }
}
