extension PlanPins {
  /// Whether plans of a shape can keep the pins: all that stages of one shape have alike.
  func allows(_ shape: PlanShape) -> Bool {
    guard lastNamedStage <= shape.stages else { return false }
    // What stages have alike is pinned for all of them wherever it is pinned.
    return pins.allSatisfy { pin in shape.value(of: pin.knob).map(pin.values.allows) ?? true }
  }

  /// What each stage of a shape is held to in its layers, states and recomputation; empty where nothing is.
  func stages(of shape: PlanShape) -> [StagePins] {
    let all = (0..<shape.stages).map { stage($0, of: shape.stages) }
    return all.contains { $0.holds(StagePins.inner) } ? all : []
  }
}

extension PlanShape {
  /// The value of a knob that all plans of the shape have alike; nil for the knobs of single stages.
  func value(of knob: PlanKnob) -> Int? {
    switch knob {
    case .stages: stages
    case .gradientAccumulation: microBatches
    case .schedule: PipelineSchedule.allCases.firstIndex(of: interleave > 1 ? .interleaved : schedule)
    case .interleave: interleave
    case .sequenceParallel: sequenceParallel ? 1 : 0
    case .contextParallel: contextParallel
    case .nodes: nodes
    case .gpusPerNode: gpusPerNode
    case .microBatch: microBatch
    case .dataParallel: dataParallel
    case .tensorParallel: tensorParallel
    case .layers, .zero, .checkpointedLayers, .recompute, .weightOffload, .gradientOffload, .optimizerOffload,
      .activationOffload:
      nil
    }
  }
}

extension StagePins {
  /// The knobs that a stage of a shape chooses by itself.
  static let inner: [PlanKnob] = [.layers, .checkpointedLayers, .recompute] + states

  /// How a stage stores its states.
  static let states: [PlanKnob] = [
    .zero, .weightOffload, .gradientOffload, .optimizerOffload, .activationOffload,
  ]

  /// Whether a strategy is allowed; `levels` are the ZeRO levels that mean the same as the strategy's.
  func allows(_ strategy: Strategy, levels: [Int]) -> Bool {
    let share = strategy.offload
    return levels.contains { allows(.zero, $0) } && allows(.weightOffload, share.weights)
      && allows(.gradientOffload, share.gradients) && allows(.optimizerOffload, share.optimizer)
      && allows(.activationOffload, share.activations)
  }

  /// Whether a kind of recomputation is allowed, where something is recomputed.
  func allows(_ kind: RecomputeKind) -> Bool {
    RecomputeKind.allCases.firstIndex(of: kind).map { allows(.recompute, $0) } ?? false
  }

  /// The allowed numbers of recomputed layers of a stage with `layers`, in rising order; nil where none is forbidden.
  ///
  /// Of `chunks` model chunks each recomputes as many.
  func checkpointed(layers: Int, chunks: Int) -> [Int]? {
    guard values[.checkpointedLayers] != nil else { return nil }
    let all = stride(from: 0, through: layers, by: chunks)
    let allowed = all.filter { allows(.checkpointedLayers, $0) }
    return allowed.count == layers / chunks + 1 ? nil : allowed
  }

  /// `usual` where it is allowed, else the first kind that is.
  func kind(or usual: RecomputeKind) -> RecomputeKind {
    allows(usual) ? usual : RecomputeKind.allCases.first(where: allows) ?? usual
  }

  /// `usual` where it is allowed, else the lowest level that is.
  func level(or usual: Int) -> Int {
    allows(.zero, usual) ? usual : (0...3).first { allows(.zero, $0) } ?? usual
  }
}
