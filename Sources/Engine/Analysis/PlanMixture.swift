/// Plans that have some groups of choices from one plan and the others from another.
///
/// What must follow does: data-parallel ranks follow the mesh, the number of micro-batches follows the ranks, recomputed
/// layers follow the layers. A stage takes its choices from the stage at its place in a plan with another number of them.
struct PlanMixture {
  /// The workload of both.
  let workload: Workload
  /// The plan that gives the other groups.
  let old: Plan
  /// The plan that gives the groups that are taken.
  let new: Plan

  /// The mixture; nil where its numbers do not divide. It may break rules of plans. Complexity: O(stages).
  func plan(taking groups: Set<ChoiceGroup>) -> Plan? {
    func source(_ group: ChoiceGroup) -> Plan { groups.contains(group) ? new : old }
    var plan = source(.pipeline)
    let count = plan.stages.count
    func place(_ group: ChoiceGroup, _ index: Int) -> StageChoice {
      let stages = source(group).stages
      return stages[index * stages.count / count]
    }
    let schedule = source(.schedule)
    // The schedule of several stages is none of a single one.
    (plan.schedule, plan.interleave) =
      count == 1 && schedule.stages.count > 1
      ? (.oneForwardOneBackward, 1) : (schedule.schedule, schedule.interleave)
    plan.sequenceParallel = source(.sequenceParallel).sequenceParallel
    for index in plan.stages.indices {
      plan.stages[index].layers = place(.layers, index).layers
      plan.stages[index].zero = place(.zero, index).zero
      plan.stages[index].offload = Offload(
        weights: place(.weightOffload, index).offload.weights,
        gradients: place(.gradientOffload, index).offload.gradients,
        optimizer: place(.optimizerOffload, index).offload.optimizer,
        activations: place(.activationOffload, index).offload.activations)
      let recomputing = place(.checkpointing, index)
      plan.stages[index].recompute = recomputing.recompute
      plan.stages[index].checkpointedLayers = checkpointed(
        recomputing, layers: plan.stages[index].layers, chunks: plan.interleave,
        isSamePlace: source(.checkpointing).stages.count == count)
    }
    let degrees = source(.degrees)
    plan.contextParallel = degrees.contextParallel
    plan.gradientAccumulation = degrees.gradientAccumulation
    for index in plan.stages.indices {
      let given = place(.degrees, index)
      let ranks = plan.stages[index].nodes * plan.stages[index].gpusPerNode
      let slices = given.tensorParallel * degrees.contextParallel
      guard ranks.isMultiple(of: slices) else { return nil }
      plan.stages[index].tensorParallel = given.tensorParallel
      plan.stages[index].dataParallel = ranks / slices
      plan.stages[index].microBatch = given.microBatch
    }
    return matchingBatch(plan)
  }

  /// Recomputed layers of a stage that has other layers: all stay all, a number stays one as far as it goes, and of a
  /// stage at another place the share stays.
  private func checkpointed(_ given: StageChoice, layers: Int, chunks: Int, isSamePlace: Bool) -> Int {
    guard given.layers != layers else { return up(given.checkpointedLayers, to: chunks, most: layers) }
    guard given.checkpointedLayers < given.layers else { return layers }
    guard !isSamePlace else { return up(min(given.checkpointedLayers, layers), to: chunks, most: layers) }
    let share = Double(given.checkpointedLayers) / Double(given.layers)
    return up(Int((share * Double(layers)).rounded(.up)), to: chunks, most: layers)
  }

  /// The next number that all chunks can share.
  private func up(_ count: Int, to chunks: Int, most: Int) -> Int {
    min(most, (count + chunks - 1) / chunks * chunks)
  }

  /// The plan with `b*dp*G` equal to the batch in all stages: micro-batches stay and G follows, else G stays and they
  /// follow; nil where neither goes.
  private func matchingBatch(_ given: Plan) -> Plan? {
    let batch = workload.run.globalBatch
    let samples = Set(given.stages.map { $0.microBatch * $0.dataParallel })
    if let first = samples.first, samples.count == 1, first > 0, batch.isMultiple(of: first) {
      var plan = given
      plan.gradientAccumulation = batch / first
      return plan
    }
    var plan = given
    guard plan.gradientAccumulation > 0, batch.isMultiple(of: plan.gradientAccumulation) else { return nil }
    let perRound = batch / plan.gradientAccumulation
    for index in plan.stages.indices {
      guard perRound.isMultiple(of: plan.stages[index].dataParallel) else { return nil }
      plan.stages[index].microBatch = perRound / plan.stages[index].dataParallel
    }
    return plan
  }
}
