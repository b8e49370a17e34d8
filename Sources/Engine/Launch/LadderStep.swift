/// One thing that a person changes in a launch file, with what has to follow it.
///
/// Sizes that a launcher derives from others (data-parallel ranks, micro-batches of a step) follow by themselves.
enum LadderStep: String, CaseIterable, Sendable {
  /// Micro-batch.
  case microBatch = "micro-batch"
  /// Tensor parallelism, with sequence parallelism where it is new.
  case tensorParallel = "tensor parallelism"
  /// Pipeline stages and their layers.
  case stages = "pipeline stages"
  /// Layers of the stages.
  case layers = "layers of the stages"
  /// Chunks of a stage.
  case interleave = "interleaved stages"
  /// Sequence parallelism.
  case sequenceParallel = "sequence parallelism"
  /// Context parallelism.
  case contextParallel = "context parallelism"
  /// ZeRO level.
  case zero = "sharding"
  /// Recomputed layers.
  case recompute = "recomputation"
  /// Shares on the host.
  case offload = "offload"

  /// The choices of a plan that may change.
  var knobs: Set<PlanKnob> {
    switch self {
    case .microBatch: [.microBatch, .gradientAccumulation]
    case .tensorParallel: [.tensorParallel, .dataParallel, .gradientAccumulation]
    case .stages: [.stages, .layers, .nodes, .gpusPerNode, .dataParallel, .gradientAccumulation]
    case .layers: [.layers]
    case .interleave: [.interleave]
    case .sequenceParallel: [.sequenceParallel]
    case .contextParallel: [.contextParallel, .dataParallel, .gradientAccumulation]
    case .zero: [.zero]
    case .recompute: [.recompute, .checkpointedLayers]
    case .offload: PlanKnob.offloads
    }
  }

  /// Whether the two plans differ in it.
  func differs(_ a: Plan, _ b: Plan) -> Bool {
    let derived: Set<PlanKnob> = [.dataParallel, .gradientAccumulation, .nodes, .gpusPerNode]
    let own = self == .stages ? [.stages] : knobs.subtracting(derived)
    return PlanChange.all(from: a, to: b).contains { own.contains($0.knob) }
  }
}
