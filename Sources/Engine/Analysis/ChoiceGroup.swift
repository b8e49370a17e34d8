/// Choices of a plan that are compared as one, in the order in which one plan is changed into another.
public enum ChoiceGroup: String, Sendable, Hashable, CaseIterable {
  /// Stages and their meshes.
  case pipeline
  /// How many layers each stage has.
  case layers
  /// Tensor, data and context parallelism, micro-batches and their number.
  case degrees
  /// ZeRO levels.
  case zero
  /// Which layers recompute what.
  case checkpointing
  /// Weights on the host.
  case weightOffload
  /// Gradients on the host.
  case gradientOffload
  /// Optimizer states on the host.
  case optimizerOffload
  /// Saved activations on the host.
  case activationOffload
  /// Sequence parallelism.
  case sequenceParallel
  /// The schedule and its chunks.
  case schedule

  /// For people: `ZeRO`.
  public var label: String {
    switch self {
    case .pipeline: "stages and meshes"
    case .layers: "layers of the stages"
    case .degrees: "parallel degrees and micro-batches"
    case .zero: "ZeRO"
    case .checkpointing: "checkpointing"
    case .weightOffload: "weight offload"
    case .gradientOffload: "gradient offload"
    case .optimizerOffload: "optimizer offload"
    case .activationOffload: "activation offload"
    case .sequenceParallel: "sequence parallelism"
    case .schedule: "schedule"
    }
  }

  /// Its choices; each choice of a plan is in one group.
  public var knobs: [PlanKnob] {
    switch self {
    case .pipeline: [.stages, .nodes, .gpusPerNode]
    case .layers: [.layers]
    case .degrees: [.gradientAccumulation, .contextParallel, .microBatch, .dataParallel, .tensorParallel]
    case .zero: [.zero]
    case .checkpointing: [.checkpointedLayers, .recompute]
    case .weightOffload: [.weightOffload]
    case .gradientOffload: [.gradientOffload]
    case .optimizerOffload: [.optimizerOffload]
    case .activationOffload: [.activationOffload]
    case .sequenceParallel: [.sequenceParallel]
    case .schedule: [.schedule, .interleave]
    }
  }

  /// Whether two plans have one of its choices otherwise.
  func differs(_ a: Plan, _ b: Plan) -> Bool {
    knobs.contains { knob in
      if let value = knob.value(of: a) { return value != knob.value(of: b) }
      return a.stages.map { knob.value(of: $0) } != b.stages.map { knob.value(of: $0) }
    }
  }
}
