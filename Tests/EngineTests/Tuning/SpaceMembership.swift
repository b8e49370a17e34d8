@testable import Engine

/// Whether a plan lies in a space, knob by knob: what the search and containment are checked against.
struct SpaceMembership {
  let space: SearchSpace
  let layers: Int

  func holds(_ plan: Plan) -> Bool {
    shapes(plan) && layerCounts(plan.stages.map(\.layers)) && states(plan) && recompute(plan)
  }

  private func same<Value: Equatable>(_ values: [Value]) -> Bool { values.allSatisfy { $0 == values.first } }

  private func shapes(_ plan: Plan) -> Bool {
    let stages = plan.stages
    if let most = space.maximumStages, stages.count > most { return false }
    if !space.unlikeMeshes, !same(stages.map { [$0.nodes, $0.gpusPerNode] }) { return false }
    if !space.unlikeTensorParallel, !same(stages.map(\.tensorParallel)) { return false }
    if let allowed = space.tensorParallel, !stages.allSatisfy({ allowed.contains($0.tensorParallel) }) { return false }
    if let allowed = space.microBatches, !stages.allSatisfy({ allowed.contains($0.microBatch) }) { return false }
    let sliced = stages.contains { $0.tensorParallel > 1 }
    return (!sliced || space.sequenceParallel.contains(plan.sequenceParallel))
      && space.contextParallel.contains(plan.contextParallel)
      && (stages.count == 1 || space.interleave.contains(plan.interleave))
  }

  private func layerCounts(_ counts: [Int]) -> Bool {
    if let slack = space.layerSlack {
      let even = Double(layers) / Double(counts.count)
      guard counts.allSatisfy({ abs(Double($0) - even) <= Double(slack) }) else { return false }
    }
    switch space.layerRule {
    case .any: return true
    case .equal: return same(counts)
    case .equalInner: return same(Array(counts.dropFirst().dropLast()))
    }
  }

  private func states(_ plan: Plan) -> Bool {
    let isStaged = plan.stages.count > 1
    let levels = isStaged ? space.stagedZeroLevels ?? space.zeroLevels : space.zeroLevels
    for stage in plan.stages {
      let share = stage.offload
      guard levels.contains(stage.zero), space.weightEighths.contains(share.weights),
        space.gradientEighths.contains(share.gradients), space.optimizerEighths.contains(share.optimizer),
        space.activationEighths.contains(share.activations)
      else { return false }
      if isStaged, !space.stagedOffload, share != .none { return false }
      if space.weightsNeedGradients, share.weights > 0, share.gradients == 0 { return false }
    }
    return !space.statesAlike || (same(plan.stages.map(\.zero)) && same(plan.stages.map(\.offload)))
  }

  private func recompute(_ plan: Plan) -> Bool {
    let working = plan.stages.filter { $0.checkpointedLayers > 0 }
    guard working.allSatisfy({ space.recomputeKinds.contains($0.recompute) }) else { return false }
    if space.checkpointing != .any, !same(working.map(\.recompute)) { return false }
    switch space.checkpointing {
    case .any: return true
    case .none: return working.isEmpty
    case .allOrNoneAlike:
      return working.isEmpty || plan.stages.allSatisfy { $0.checkpointedLayers == $0.layers }
    case .sameCount:
      let most = plan.stages.map(\.checkpointedLayers).max() ?? 0
      return plan.stages.allSatisfy { $0.checkpointedLayers == min(most, $0.layers) }
    }
  }
}
