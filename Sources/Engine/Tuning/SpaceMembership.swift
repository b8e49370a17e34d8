/// Whether a plan lies in a space, knob by knob, and which knob keeps it out (docs/spaces.md).
///
/// A statement of each rule apart from the search: it judges plans that were not searched for, and the search and
/// containment are tested against it.
struct SpaceMembership {
  /// The space.
  let space: SearchSpace
  /// Layers of the model.
  let layers: Int

  /// Whether the plan lies in the space. Complexity: O(stages).
  func holds(_ plan: Plan) -> Bool { breach(plan) == nil }

  /// The first knob whose value the space does not have, in words; nil where the plan lies in the space.
  ///
  /// Complexity: O(stages).
  func breach(_ plan: Plan) -> String? {
    shapes(plan) ?? sequence(plan) ?? layerCounts(plan.stages.map(\.layers)) ?? states(plan) ?? recompute(plan)
  }

  private func same<Value: Equatable>(_ values: [Value]) -> Bool { values.allSatisfy { $0 == values.first } }

  private func shapes(_ plan: Plan) -> String? {
    let stages = plan.stages
    if let most = space.maximumStages, stages.count > most { return "\(stages.count) stages" }
    if !space.unlikeMeshes, !same(stages.map { [$0.nodes, $0.gpusPerNode] }) { return "stages of unlike meshes" }
    if !space.unlikeTensorParallel, !same(stages.map(\.tensorParallel)) { return "unlike tensor-parallel degrees" }
    if let allowed = space.tensorParallel, let other = stages.first(where: { !allowed.contains($0.tensorParallel) }) {
      return "tensor-parallel degree \(other.tensorParallel)"
    }
    if let allowed = space.microBatches, let other = stages.first(where: { !allowed.contains($0.microBatch) }) {
      return "micro-batch \(other.microBatch)"
    }
    return nil
  }

  private func sequence(_ plan: Plan) -> String? {
    let sliced = plan.stages.contains { $0.tensorParallel > 1 }
    if sliced, !space.sequenceParallel.contains(plan.sequenceParallel) {
      return plan.sequenceParallel ? "sequence parallelism" : "no sequence parallelism"
    }
    if !space.contextParallel.contains(plan.contextParallel) { return "context parallelism \(plan.contextParallel)" }
    guard plan.stages.count == 1 || space.interleave.contains(plan.interleave) else {
      return "\(plan.interleave) chunks a GPU"
    }
    return nil
  }

  private func layerCounts(_ counts: [Int]) -> String? {
    if let slack = space.layerSlack {
      let even = Double(layers) / Double(counts.count)
      if let other = counts.first(where: { abs(Double($0) - even) > Double(slack) }) {
        return "\(other) layers in a stage"
      }
    }
    switch space.layerRule {
    case .any: return nil
    case .equal: return same(counts) ? nil : "unequal layers"
    case .equalInner: return same(Array(counts.dropFirst().dropLast())) ? nil : "unequal layers of inner stages"
    }
  }

  private func states(_ plan: Plan) -> String? {
    let isStaged = plan.stages.count > 1
    let levels = isStaged ? space.stagedZeroLevels ?? space.zeroLevels : space.zeroLevels
    for stage in plan.stages {
      let share = stage.offload
      if !levels.contains(stage.zero) { return "ZeRO \(stage.zero)" }
      for (what, eighths, allowed) in [
        ("weights", share.weights, space.weightEighths), ("gradients", share.gradients, space.gradientEighths),
        ("optimizer states", share.optimizer, space.optimizerEighths),
        ("activations", share.activations, space.activationEighths),
      ] where !allowed.contains(eighths) { return "\(eighths)/8 of \(what) offloaded" }
      if isStaged, !space.stagedOffload, share != .none { return "offload in several stages" }
      if space.weightsNeedGradients, share.weights > 0, share.gradients == 0 {
        return "weights offloaded without gradients"
      }
    }
    guard space.statesAlike else { return nil }
    return same(plan.stages.map(\.zero)) && same(plan.stages.map(\.offload)) ? nil : "states unlike from stage to stage"
  }

  private func recompute(_ plan: Plan) -> String? {
    let working = plan.stages.filter { $0.checkpointedLayers > 0 }
    if let other = working.first(where: { !space.recomputeKinds.contains($0.recompute) }) {
      return "\(other.recompute.rawValue) recomputation"
    }
    if space.checkpointing != .any, !same(working.map(\.recompute)) { return "several kinds of recomputation" }
    let counts = plan.stages.map(\.checkpointedLayers)
    let holds =
      switch space.checkpointing {
      case .any: true
      case .none: working.isEmpty
      case .allOrNoneAlike: working.isEmpty || plan.stages.allSatisfy { $0.checkpointedLayers == $0.layers }
      case .sameCount: plan.stages.allSatisfy { $0.checkpointedLayers == min(counts.max() ?? 0, $0.layers) }
      }
    return holds ? nil : "checkpointed layers \(counts.map { "\($0)" }.joined(separator: ", "))"
  }
}
