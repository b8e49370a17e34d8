/// The score tape's outputs for one stage, read into passes and memory.
struct ScoreReading {
  /// Outputs of `StageModel.scoreTape`.
  let values: [Double]
  /// The stage's formulas.
  let formula: StageFormula
  /// Checkpointed layers [c].
  let checkpointed: Int

  private static var memoryStart: Int { 4 * PassSlots<Double>.count }
  private static var busyStart: Int { memoryStart + MemoryParts<Double>.count }
  private static var endStart: Int { busyStart + 4 * 4 * busyWidth }
  /// Values per part in `BusyTrace`: kernels, tensor-parallel, N, H, D.
  private static let busyWidth = 5

  /// Of each pass the one of its kind in which no optimizer steps: the first forward's and the last backward's others.
  private static let passWithoutStep = [1, 1, 2, 2]

  private var kind: CheckpointClass { CheckpointClass(checkpointed, of: formula.position.layers) }

  /// Memory parts of the strategy.
  var memoryParts: MemoryParts<Double> { MemoryParts(values: { values[$0] }, start: Self.memoryStart) }

  /// The four passes.
  func passes() -> StageScore {
    var score = StageScore()
    score.forwardFirst = pass(0, end: formula.endForwardSeconds)
    score.forward = pass(1, end: formula.endForwardSeconds)
    score.backward = pass(2, end: formula.endBackwardSeconds)
    score.backwardLast = pass(3, end: formula.endBackwardSeconds)
    return score
  }

  private func pass(_ index: Int, end: Double) -> PassTimes {
    let slots = PassSlots<Double>(values: { values[$0] }, start: index * PassSlots<Double>.count)
    var times = PassTimes()
    times.elapsed = formula.layerSeconds(slots, class: kind, checkpointed: Double(checkpointed)) + end
    let position = formula.position
    var parts = [(part: 0, count: Double(position.layers - checkpointed)), (part: 1, count: Double(checkpointed))]
    if position.isFirst { parts.append((part: 2, count: 1)) }
    if position.isLast { parts.append((part: 3, count: 1)) }
    for (part, count) in parts {
      // A tied head on the embedding's stage has no step of its own: its kernels are those of a pass without one.
      let row = part == 3 && formula.tied ? Self.passWithoutStep[index] : index
      let start = Self.busyStart + (row * 4 + part) * Self.busyWidth
      times.compute += count * values[start]
      if part == 1 { times.recomputed = count * (values[start] - values[start - Self.busyWidth]) }
      times.tensorParallel += count * values[start + 1]
      // A tied head on the embedding's stage has no states, and so no transfers, of its own.
      guard !(part == 3 && formula.tied) else { continue }
      times.collective += count * values[start + 2]
      times.hostToDevice += count * values[start + 3]
      times.deviceToHost += count * values[start + 4]
    }
    return times
  }

  /// What follows the last backward, for the layers, embedding and head of this position: part of `backwardLast`.
  ///
  /// Not for a tied head on the embedding's stage, whose states are the embedding's.
  func endWork() -> PassTimes {
    let position = formula.position
    let parts = [Double(position.layers), position.isFirst ? 1 : 0, position.isLast ? 1 : 0]
    var times = PassTimes()
    for (index, count) in parts.enumerated() {
      times.compute += count * values[Self.endStart + index]
      times.collective += count * values[Self.endStart + parts.count + index]
    }
    times.elapsed = times.compute + times.collective
    return times
  }

  /// Device memory by part, at the fullest moment.
  ///
  /// `groups` is the number of NCCL communicators of a GPU.
  func memory(workload: Workload, runtime: RuntimeProfile, isLastOfMany: Bool, groups: Int) -> MemoryBreakdown {
    let gpu = workload.cluster.nodeType.gpu
    let parts = memoryParts
    var memory = formula.fullestMoment(parts, class: kind, checkpointed: Double(checkpointed))
    let passes =
      runtime.flattensStep
      ? formula.passBytes(parts, class: kind, checkpointed: Double(checkpointed)) : memory.allocated
    memory.reserved = runtime.reservedBytes(
      passes: passes, end: runtime.flattensStep ? formula.endBytes(parts) : 0, isLastOfMany: isLastOfMany)
    memory.context = gpu.contextBytes(groups: groups)
    memory.capacity = gpu.memoryBytes.value
    memory.headroom = workload.limits.headroomBytes ?? runtime.reservedErrorBytes
    memory.spare =
      memory.capacity * workload.limits.memoryShare - memory.headroom - memory.context - memory.reserved
    return memory
  }
}
