/// Why a plan does not lie in a space.
struct SpaceBreach: Equatable {
  /// What the space does not have, in words.
  var words: String
  /// The choices that would have to change.
  var knobs: Set<PlanKnob>

  /// A breach.
  init(_ words: String, _ knobs: Set<PlanKnob>) {
    self.words = words
    self.knobs = knobs
  }
}

/// Whether a plan lies in a space, knob by knob, and which knobs keep it out (docs/spaces.md).
///
/// A statement of each rule apart from the search: it judges plans that were not searched for, and the search and
/// containment are tested against it.
struct SpaceMembership {
  /// The space.
  let space: SearchSpace
  /// Layers of the model.
  let layers: Int

  /// Whether the plan lies in the space. Complexity: O(stages).
  func holds(_ plan: Plan) -> Bool { breaches(plan).isEmpty }

  /// The first knob whose value the space does not have, in words; nil where the plan lies in the space.
  ///
  /// Complexity: O(stages).
  func breach(_ plan: Plan) -> String? { breaches(plan).first?.words }

  /// All that keeps the plan out of the space, each rule at most once; empty where it lies in the space.
  ///
  /// Complexity: O(stages).
  func breaches(_ plan: Plan) -> [SpaceBreach] {
    shapes(plan) + sequence(plan) + layerCounts(plan.stages.map(\.layers)) + states(plan) + recompute(plan)
  }

  private func same<Value: Equatable>(_ values: [Value]) -> Bool { values.allSatisfy { $0 == values.first } }

  private func shapes(_ plan: Plan) -> [SpaceBreach] {
    let stages = plan.stages
    var found: [SpaceBreach] = []
    if let most = space.maximumStages, stages.count > most {
      found.append(SpaceBreach("\(stages.count) stages", [.stages, .layers, .nodes, .gpusPerNode, .dataParallel]))
    }
    if !space.unlikeMeshes, !same(stages.map { [$0.nodes, $0.gpusPerNode] }) {
      found.append(SpaceBreach("stages of unlike meshes", [.nodes, .gpusPerNode, .dataParallel, .layers]))
    }
    if !space.unlikeTensorParallel, !same(stages.map(\.tensorParallel)) {
      found.append(
        SpaceBreach("unlike tensor-parallel degrees", [.tensorParallel, .dataParallel, .microBatch]))
    }
    if let allowed = space.tensorParallel, let other = stages.first(where: { !allowed.contains($0.tensorParallel) }) {
      found.append(
        SpaceBreach("tensor-parallel degree \(other.tensorParallel)", [.tensorParallel, .dataParallel, .microBatch]))
    }
    if let allowed = space.microBatches, let other = stages.first(where: { !allowed.contains($0.microBatch) }) {
      found.append(SpaceBreach("micro-batch \(other.microBatch)", [.microBatch, .gradientAccumulation]))
    }
    return found
  }

  private func sequence(_ plan: Plan) -> [SpaceBreach] {
    var found: [SpaceBreach] = []
    let sliced = plan.stages.contains { $0.tensorParallel > 1 }
    if sliced, !space.sequenceParallel.contains(plan.sequenceParallel) {
      found.append(
        SpaceBreach(plan.sequenceParallel ? "sequence parallelism" : "no sequence parallelism", [.sequenceParallel]))
    }
    if !space.contextParallel.contains(plan.contextParallel) {
      found.append(
        SpaceBreach("context parallelism \(plan.contextParallel)", [.contextParallel, .dataParallel, .microBatch]))
    }
    if plan.stages.count > 1, !space.interleave.contains(plan.interleave) {
      found.append(SpaceBreach("\(plan.interleave) chunks a GPU", [.interleave, .schedule]))
    }
    return found
  }

  private func layerCounts(_ counts: [Int]) -> [SpaceBreach] {
    if let slack = space.layerSlack {
      let even = Double(layers) / Double(counts.count)
      if let other = counts.first(where: { abs(Double($0) - even) > Double(slack) }) {
        return [SpaceBreach("\(other) layers in a stage", [.layers])]
      }
    }
    switch space.layerRule {
    case .any: return []
    case .equal: return same(counts) ? [] : [SpaceBreach("unequal layers", [.layers])]
    case .equalInner:
      return same(Array(counts.dropFirst().dropLast()))
        ? [] : [SpaceBreach("unequal layers of inner stages", [.layers])]
    }
  }

  private func states(_ plan: Plan) -> [SpaceBreach] {
    let isStaged = plan.stages.count > 1
    let levels = isStaged ? space.stagedZeroLevels ?? space.zeroLevels : space.zeroLevels
    var found: [SpaceBreach] = []
    func note(_ breach: SpaceBreach) {
      if !found.contains(where: { $0.knobs == breach.knobs }) { found.append(breach) }
    }
    for stage in plan.stages {
      let share = stage.offload
      if !levels.contains(stage.zero) { note(SpaceBreach("ZeRO \(stage.zero)", [.zero])) }
      for (what, eighths, allowed, knob) in [
        ("weights", share.weights, space.weightEighths, PlanKnob.weightOffload),
        ("gradients", share.gradients, space.gradientEighths, .gradientOffload),
        ("optimizer states", share.optimizer, space.optimizerEighths, .optimizerOffload),
        ("activations", share.activations, space.activationEighths, .activationOffload),
      ] where !allowed.contains(eighths) { note(SpaceBreach("\(eighths)/8 of \(what) offloaded", [knob])) }
      if isStaged, !space.stagedOffload, share != .none {
        note(SpaceBreach("offload in several stages", Self.offload))
      }
      if space.weightsNeedGradients, share.weights > 0, share.gradients == 0 {
        note(SpaceBreach("weights offloaded without gradients", [.weightOffload, .gradientOffload]))
      }
    }
    if space.statesAlike, !(same(plan.stages.map(\.zero)) && same(plan.stages.map(\.offload))) {
      var knobs = Self.offload
      if !same(plan.stages.map(\.zero)) { knobs.insert(.zero) }
      note(SpaceBreach("states unlike from stage to stage", knobs))
    }
    return found
  }

  private static let offload: Set<PlanKnob> = [.weightOffload, .gradientOffload, .optimizerOffload, .activationOffload]

  private func recompute(_ plan: Plan) -> [SpaceBreach] {
    let working = plan.stages.filter { $0.checkpointedLayers > 0 }
    var found: [SpaceBreach] = []
    if let other = working.first(where: { !space.recomputeKinds.contains($0.recompute) }) {
      found.append(SpaceBreach("\(other.recompute.rawValue) recomputation", [.recompute, .checkpointedLayers]))
    }
    if space.checkpointing != .any, !same(working.map(\.recompute)) {
      found.append(SpaceBreach("several kinds of recomputation", [.recompute, .checkpointedLayers]))
    }
    let counts = plan.stages.map(\.checkpointedLayers)
    let all = plan.stages.allSatisfy { $0.checkpointedLayers == $0.layers }
    let holds =
      switch space.checkpointing {
      case .any: true
      case .none: working.isEmpty
      case .allOrNoneAlike: working.isEmpty || all
      case .sameCount:
        working.allSatisfy { $0.recompute == .full }
          ? plan.stages.allSatisfy { $0.checkpointedLayers == min(counts.max() ?? 0, $0.layers) } : all
      }
    if !holds {
      found.append(
        SpaceBreach("checkpointed layers \(counts.map { "\($0)" }.joined(separator: ", "))", [.checkpointedLayers]))
    }
    return found
  }
}
