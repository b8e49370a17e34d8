/// A choice of a plan that can be pinned, named as in plan files (docs/formats.md, "Pins").
///
/// Values of all knobs are whole numbers: shares are eighths, words count from 0 in the order of `words`.
public enum PlanKnob: String, Sendable, Hashable, CaseIterable {
  /// Pipeline stages [S], of the plan.
  case stages
  /// Micro-batches per iteration [G], of the plan.
  case gradientAccumulation
  /// Order of the passes, of the plan.
  case schedule
  /// Model chunks on each GPU [v], of the plan.
  case interleave
  /// Sequence parallelism, of the plan.
  case sequenceParallel
  /// Context-parallel degree [cp], of the plan.
  case contextParallel
  /// Transformer layers of a stage [L].
  case layers
  /// Nodes of a stage's mesh.
  case nodes
  /// GPUs on each of them.
  case gpusPerNode
  /// Samples of one micro-batch on one rank [b].
  case microBatch
  /// Data-parallel degree [dp].
  case dataParallel
  /// Tensor-parallel degree [tp].
  case tensorParallel
  /// ZeRO level.
  case zero
  /// Layers of a stage that recompute [c].
  case checkpointedLayers
  /// What they recompute.
  case recompute
  /// Share of the weights on the host [WO].
  case weightOffload = "offload.weights"
  /// Share of the gradients on the host [GO].
  case gradientOffload = "offload.gradients"
  /// Share of the optimizer states on the host [OO].
  case optimizerOffload = "offload.optimizer"
  /// Share of the saved activations on the host [AO].
  case activationOffload = "offload.activations"
}

extension PlanKnob {
  /// One value for the whole plan: no stage can have its own.
  public var isOfPlan: Bool {
    switch self {
    case .stages, .gradientAccumulation, .schedule, .interleave, .sequenceParallel, .contextParallel: true
    default: false
    }
  }

  /// Values are shares of a state, in eighths.
  public var isShare: Bool { rawValue.hasPrefix("offload.") }

  /// The words that its values stand for; nil where they are numbers.
  public var words: [String]? {
    switch self {
    case .schedule: PipelineSchedule.allCases.map(\.rawValue)
    case .sequenceParallel: ["false", "true"]
    case .recompute: RecomputeKind.allCases.map(\.rawValue)
    default: nil
    }
  }

  /// What a value must look like, for messages.
  var expectation: String {
    if let words { return words.joined(separator: " or ") }
    return isShare ? "a share from 0 to 1 in steps of 0.125" : "a whole number"
  }

  /// The value that a person wrote; nil where it is none of this knob.
  public func value(_ text: some StringProtocol) -> Int? {
    if let words {
      let plain =
        self == .sequenceParallel ? ["off": "false", "on": "true"][String(text)] ?? String(text) : String(text)
      return words.firstIndex(of: plain)
    }
    guard isShare else {
      return Int(text).flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
    }
    guard let share = Double(text), (0...1).contains(share), share * 8 == (share * 8).rounded() else { return nil }
    return Int(share * 8)
  }

  /// A value as a person writes it.
  public func text(_ value: Int) -> String {
    if let words { return words.indices.contains(value) ? words[value] : "\(value)" }
    guard isShare else { return "\(value)" }
    // Eighths are short decimals; 0 and 1 need none.
    return value % 8 == 0 ? "\(value / 8)" : "\(Double(value) / 8)"
  }

  /// The value of a knob of the plan as a whole; nil for a knob of stages.
  func value(of plan: Plan) -> Int? {
    switch self {
    case .stages: plan.stages.count
    case .gradientAccumulation: plan.gradientAccumulation
    case .schedule: PipelineSchedule.allCases.firstIndex(of: plan.interleave > 1 ? .interleaved : plan.schedule)
    case .interleave: plan.interleave
    case .sequenceParallel: plan.sequenceParallel ? 1 : 0
    case .contextParallel: plan.contextParallel
    default: nil
    }
  }

  /// The value of a knob of a stage; nil for a knob of the plan.
  func value(of stage: StageChoice) -> Int? {
    switch self {
    case .layers: stage.layers
    case .nodes: stage.nodes
    case .gpusPerNode: stage.gpusPerNode
    case .microBatch: stage.microBatch
    case .dataParallel: stage.dataParallel
    case .tensorParallel: stage.tensorParallel
    case .zero: stage.zero
    case .checkpointedLayers: stage.checkpointedLayers
    case .recompute: RecomputeKind.allCases.firstIndex(of: stage.recompute)
    case .weightOffload: stage.offload.weights
    case .gradientOffload: stage.offload.gradients
    case .optimizerOffload: stage.offload.optimizer
    case .activationOffload: stage.offload.activations
    default: nil
    }
  }
}
