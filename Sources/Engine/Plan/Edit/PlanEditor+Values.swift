extension PlanEditor {
  /// The values of a cell that are worth a try, rising: those of the space, or the numbers that divide what they must,
  /// and the present one. Empty where the plan has no such cell, or where it is not edited by itself.
  public func values(of cell: PlanCell, in plan: Plan, space: SearchSpace) -> [Int] {
    guard let current = cell.value(in: plan) else { return [] }
    let found = possible(cell, in: plan, space: space.restricted(to: RuntimeProfile.of(workload.run)))
    return found.isEmpty ? [] : Set(found + [current]).sorted()
  }

  /// The plan with the next value of a cell above the present one, or below it, that the least repair can reach.
  ///
  /// Throws why the nearest one cannot be where none can; nil at the end of the values.
  public func stepping(
    _ cell: PlanCell, up: Bool, in plan: Plan, space: SearchSpace
  ) throws(PlanEditError) -> (value: Int, plan: Plan)? {
    guard let current = cell.value(in: plan) else { throw .notHere }
    let values = values(of: cell, in: plan, space: space)
    guard !values.isEmpty else { throw .notHere }
    var nearest: PlanEditError?
    for value in up ? values.filter({ $0 > current }) : values.reversed().filter({ $0 < current }) {
      do throws(PlanEditError) {
        return (value, try setting(cell, to: value, in: plan))
      } catch {
        // A number that does not divide is no reason by itself: a further one may.
        if case .indivisible = error, nearest != nil { continue }
        nearest = nearest ?? error
      }
    }
    if let nearest { throw nearest }
    return nil
  }

  private func possible(_ cell: PlanCell, in plan: Plan, space: SearchSpace) -> [Int] {
    let stage = cell.stage.flatMap { plan.stages.indices.contains($0) ? plan.stages[$0] : nil }
    let batch = workload.run.globalBatch
    switch cell.knob {
    case .layers: return plan.stages.count > 1 ? Array(1...workload.model.layers) : []
    case .checkpointedLayers: return space.checkpointing == .none ? [0] : Array(0...(stage?.layers ?? 0))
    case .zero: return space.zeroLevels
    case .recompute: return space.recomputeKinds.compactMap(RecomputeKind.allCases.firstIndex)
    case .weightOffload: return space.weightEighths
    case .gradientOffload: return space.gradientEighths
    case .optimizerOffload: return space.optimizerEighths
    case .activationOffload: return space.activationEighths
    case .microBatch: return PlanShape.divisors(of: batch / max(1, stage?.dataParallel ?? 1))
    case .gradientAccumulation: return PlanShape.divisors(of: batch)
    case .tensorParallel, .dataParallel:
      return PlanShape.divisors(of: stage.map { $0.nodes * $0.gpusPerNode } ?? 1)
    case .contextParallel: return space.contextParallel
    case .stages:
      return PlanShape.divisors(of: plan.gpuCount).filter {
        $0 <= min(space.maximumStages ?? .max, workload.model.layers)
      }
    case .interleave: return space.interleave
    case .schedule: return Array(PipelineSchedule.allCases.indices)
    case .sequenceParallel: return space.sequenceParallel.map { $0 ? 1 : 0 }
    case .nodes, .gpusPerNode: return []
    }
  }
}
