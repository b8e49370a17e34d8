extension PlanKnob {
  /// Sets the value of a knob of a stage; a knob of the plan is left alone.
  func set(_ value: Int, in stage: inout StageChoice) {
    switch self {
    case .layers: stage.layers = value
    case .nodes: stage.nodes = value
    case .gpusPerNode: stage.gpusPerNode = value
    case .microBatch: stage.microBatch = value
    case .dataParallel: stage.dataParallel = value
    case .tensorParallel: stage.tensorParallel = value
    case .zero: stage.zero = value
    case .checkpointedLayers: stage.checkpointedLayers = value
    case .recompute:
      if RecomputeKind.allCases.indices.contains(value) { stage.recompute = RecomputeKind.allCases[value] }
    case .weightOffload: stage.offload.weights = value
    case .gradientOffload: stage.offload.gradients = value
    case .optimizerOffload: stage.offload.optimizer = value
    case .activationOffload: stage.offload.activations = value
    case .stages, .gradientAccumulation, .schedule, .interleave, .sequenceParallel, .contextParallel: break
    }
  }
}
