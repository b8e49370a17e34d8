@testable import Engine

/// A training run that the paper's artifact measured on L4 GPUs of one machine, clocks locked (docs/model.md, section 9).
///
/// All have sequences of 2048, fp16, ZeRO 1, no tensor parallelism and no offload.
struct MeasuredRun: CustomStringConvertible {
  /// One stage: its layers, and the memory of its fullest GPU where it was told, MiB.
  struct Stage {
    var layers: Int
    var checkpointed: Int
    var allocated: Double?
    var reserved: Double?

    init(_ layers: Int, _ checkpointed: Int, allocated: Double? = nil, reserved: Double? = nil) {
      self.layers = layers
      self.checkpointed = checkpointed
      self.allocated = allocated
      self.reserved = reserved
    }
  }

  /// A shipped model.
  var model: String
  /// Flash attention, or unfused kernels.
  var flash: Bool
  /// Micro-batches per iteration [G].
  var microBatches: Int
  /// Samples of one micro-batch on one rank [b].
  var microBatch: Int
  /// Data-parallel degree [dp].
  var dataParallel: Int
  /// Measured seconds of one iteration.
  var seconds: Double
  var stages: [Stage]

  var description: String {
    "\(model) \(flash ? "flash" : "no flash") S\(stages.count) dp\(dataParallel) G\(microBatches) b\(microBatch)"
  }

  /// The artifact's seven published runs (github.com/Dazz993/Mist, commit d69e530: `tuned_configs/l4-24gb/*/
  /// expected_summary.json`, README steps 2.4 and 2.5).
  static let all = [
    MeasuredRun(
      model: "gpt-1.3b", flash: false, microBatches: 32, microBatch: 1, dataParallel: 1, seconds: 9.6776,
      stages: [Stage(13, 0, allocated: 18506, reserved: 20412), Stage(11, 0, allocated: 13406, reserved: 16116)]),
    MeasuredRun(
      model: "gpt-1.3b", flash: true, microBatches: 16, microBatch: 2, dataParallel: 1, seconds: 7.8121,
      stages: [Stage(13, 0, allocated: 18357, reserved: 20310), Stage(11, 0, allocated: 13696, reserved: 16562)]),
    MeasuredRun(
      model: "gpt-2.7b", flash: false, microBatches: 64, microBatch: 1, dataParallel: 1, seconds: 21.5082,
      stages: [
        Stage(7, 2, allocated: 19757, reserved: 21974), Stage(8, 1, allocated: 19365, reserved: 20978),
        Stage(9, 0, allocated: 18871, reserved: 20396), Stage(8, 0, allocated: 15681, reserved: 19204),
      ]),
    MeasuredRun(
      model: "gpt-2.7b", flash: true, microBatches: 32, microBatch: 1, dataParallel: 2, seconds: 15.4813,
      stages: [Stage(17, 0, allocated: 19607, reserved: 20824), Stage(15, 0, allocated: 15414, reserved: 17540)]),
    MeasuredRun(
      model: "llama-1.3b", flash: true, microBatches: 16, microBatch: 2, dataParallel: 1, seconds: 8.0775,
      stages: [Stage(13, 0, allocated: 18678, reserved: 20654), Stage(11, 0, allocated: 13916, reserved: 16806)]),
    MeasuredRun(
      model: "gpt-1.3b", flash: false, microBatches: 2, microBatch: 8, dataParallel: 2, seconds: 11.329,
      stages: [Stage(24, 24, allocated: 19273.83, reserved: 21096)]),
    MeasuredRun(
      model: "gpt-1.3b", flash: false, microBatches: 16, microBatch: 2, dataParallel: 1, seconds: 9.9345,
      stages: [Stage(12, 5), Stage(12, 0)]),
  ]

  /// The run's score on the shipped L4 machine.
  func score() throws -> PlanScore {
    var workload = try WorkloadSource.make(
      model: model, cluster: "1x\(stages.count * dataParallel)xl4", sequence: 2048,
      batch: microBatch * dataParallel * microBatches)
    workload.run.precision = .fp16
    workload.run.attention = flash ? .flash : .unfused
    let plan = Plan(
      gradientAccumulation: microBatches,
      stages: stages.map {
        StageChoice(
          layers: $0.layers, nodes: 1, gpusPerNode: dataParallel, microBatch: microBatch, dataParallel: dataParallel,
          tensorParallel: 1, zero: 1, checkpointedLayers: $0.checkpointed)
      })
    return try TuningSession(workload: workload, now: { 0 }).score(plan)
  }
}
