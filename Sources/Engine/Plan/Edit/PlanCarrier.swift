/// Carries a plan over to an edited workload, with the least repair that makes it a plan there.
///
/// On more or fewer GPUs each stage's mesh grows or shrinks and its data-parallel ranks follow, or else the number of
/// stages does; after another batch G follows, or else the micro-batch; what a runtime cannot do (a ZeRO level, an
/// offload) falls back to the nearest that it can. Nothing is searched and nothing is scored: the plan may not fit.
public struct PlanCarrier: Sendable {
  /// The workload of the plan.
  public let old: Workload
  /// The workload that it shall be a plan of.
  public let new: Workload
  /// What must not move.
  public let pins: PlanPins

  /// A carrier from one workload to another.
  public init(from old: Workload, to new: Workload, pins: PlanPins = PlanPins()) {
    self.old = old
    self.new = new
    self.pins = pins
  }

  /// The plan on the new workload; nil where no small repair makes it one, as with a model of other layers.
  ///
  /// Complexity: O(stages x divisors of the batch), with a small factor.
  public func carried(_ plan: Plan) -> Plan? {
    guard old.model.layers == new.model.layers, !plan.stages.isEmpty else { return nil }
    for placed in placements(plan) {
      for split in degrees(placed) {
        for scheduled in schedules(split) {
          if let found = rounds(adapted(scheduled)).first(where: isPlan) { return found }
        }
      }
    }
    return nil
  }

  private func isPlan(_ plan: Plan) -> Bool {
    guard pins.broken(by: plan).isEmpty else { return false }
    return (try? PlanRules(workload: new).check(plan)) != nil
  }

  // MARK: Meshes

  /// The plan's stages on the new cluster, the nearest placement first.
  private func placements(_ plan: Plan) -> [Plan] {
    let (before, after) = (old.cluster, new.cluster)
    if before.nodes == after.nodes, before.gpusPerNode == after.gpusPerNode { return [plan] }
    return targets(plan).flatMap { gpus in
      [resized(plan, to: gpus), restaged(plan, to: gpus)].compactMap { $0 }
    }
  }

  /// Numbers of GPUs that the plan may have there: all, as many as its stages now fill, a power of two of nodes, as many
  /// as it has now.
  private func targets(_ plan: Plan) -> [Int] {
    let (all, width) = (new.cluster.gpuCount, new.cluster.gpusPerNode)
    let mesh = plan.stages[0].nodes * plan.stages[0].gpusPerNode
    var power = 1
    while power * 2 <= new.cluster.nodes { power *= 2 }
    var found: [Int] = []
    for gpus in [all, all / max(1, mesh) * mesh, power * width, plan.gpuCount]
    where (1...all).contains(gpus) && !found.contains(gpus) { found.append(gpus) }
    return found
  }

  /// Every mesh larger or smaller by the same factor.
  private func resized(_ plan: Plan, to gpus: Int) -> Plan? {
    var changed = plan
    for index in plan.stages.indices {
      let scaled = (plan.stages[index].nodes * plan.stages[index].gpusPerNode).multipliedReportingOverflow(by: gpus)
      guard !scaled.overflow, scaled.partialValue.isMultiple(of: plan.gpuCount),
        let mesh = mesh(scaled.partialValue / plan.gpuCount)
      else { return nil }
      (changed.stages[index].nodes, changed.stages[index].gpusPerNode) = mesh
    }
    return changed
  }

  /// More or fewer stages of the same mesh.
  private func restaged(_ plan: Plan, to gpus: Int) -> Plan? {
    let size = plan.stages[0].nodes * plan.stages[0].gpusPerNode
    guard plan.stages.allSatisfy({ $0.nodes * $0.gpusPerNode == size }), gpus.isMultiple(of: size),
      (1...new.model.layers).contains(gpus / size), let mesh = mesh(size)
    else { return nil }
    var changed = plan
    changed.spread(new.model.layers, over: gpus / size, mesh: mesh)
    return changed
  }

  /// So many GPUs as a part of a node or as whole nodes.
  private func mesh(_ gpus: Int) -> (nodes: Int, gpusPerNode: Int)? {
    let width = new.cluster.gpusPerNode
    if gpus <= width { return gpus >= 1 && width.isMultiple(of: gpus) ? (1, gpus) : nil }
    return gpus.isMultiple(of: width) ? (gpus / width, width) : nil
  }

  // MARK: Choices that follow

  /// The plan with its schedule, and without chunks and as 1F1B where it has others.
  private func schedules(_ plan: Plan) -> [Plan] {
    guard plan.interleave > 1 || plan.schedule != .oneForwardOneBackward else { return [plan] }
    var plain = plan
    (plain.interleave, plain.schedule) = (1, .oneForwardOneBackward)
    return [plan, plain]
  }

  /// The plan with its tensor-parallel degrees, then with larger and smaller ones; data-parallel ranks fill the meshes.
  private func degrees(_ plan: Plan) -> [Plan] {
    var plan = plan
    while plan.contextParallel > 1, !new.run.allows(contextParallel: plan.contextParallel) {
      plan.contextParallel = plan.contextParallel.isMultiple(of: 2) ? plan.contextParallel / 2 : 1
    }
    let context = plan.contextParallel
    return [(1, 1), (2, 1), (1, 2), (4, 1), (1, 4), (8, 1), (1, 8)].compactMap { times, part in
      var changed = plan
      for index in plan.stages.indices {
        let ranks = plan.stages[index].nodes * plan.stages[index].gpusPerNode
        let tensor = plan.stages[index].tensorParallel * times
        guard tensor.isMultiple(of: part), ranks.isMultiple(of: tensor / part * context) else { return nil }
        changed.stages[index].tensorParallel = tensor / part
        changed.stages[index].dataParallel = ranks / (tensor / part * context)
      }
      return changed
    }
  }

  /// The plan with what the new runtime and sequence can do of its other choices.
  private func adapted(_ plan: Plan) -> Plan {
    let runtime = RuntimeProfile.of(new.run)
    var plan = plan
    for index in plan.stages.indices {
      var stage = plan.stages[index]
      let ranks = max(stage.dataParallel, plan.contextParallel)
      if ranks > 1, !runtime.zeroLevels.contains(stage.zero) {
        let level = stage.zero
        stage.zero = runtime.zeroLevels.min { (abs($0 - level), $0) < (abs($1 - level), $1) } ?? level
      }
      if !runtime.offloads { stage.offload = .none }
      while let limit = runtime.offloadLimit(stage.offload, zero: stage.zero, dataParallel: ranks),
        let knob = PlanKnob(rawValue: "offload.\(limit.state)"), knob.value(of: stage) != 0
      {
        knob.set(0, in: &stage)
      }
      plan.stages[index] = stage
      let splits = new.run.splitsEvenly(
        contextParallel: plan.contextParallel, tensorParallel: max(1, stage.tensorParallel))
      if !splits { plan.sequenceParallel = false }
    }
    return plan
  }

  /// The plan with each number of micro-batches that the batch allows: first that which keeps the micro-batch, then its
  /// own, then those with the nearest micro-batch.
  private func rounds(_ plan: Plan) -> [Plan] {
    let (batch, own) = (new.run.globalBatch, plan.stages[0].microBatch)
    let ranks = plan.stages.map(\.dataParallel)
    func distance(_ rounds: Int) -> Double {
      let micro = batch / rounds / ranks[0]
      return Double(max(micro, own)) / Double(max(1, min(micro, own)))
    }
    func isBefore(_ left: Int, _ right: Int) -> Bool {
      let keys = [left, right].map { rounds in
        (distance(rounds) == 1 ? 0 : rounds == plan.gradientAccumulation ? 1 : 2, distance(rounds), -rounds)
      }
      return keys[0] < keys[1]
    }
    let allowed = PlanShape.divisors(of: batch).filter { rounds in
      ranks.allSatisfy { $0 >= 1 && (batch / rounds).isMultiple(of: $0) }
    }
    return allowed.sorted(by: isBefore).map { rounds in
      var changed = plan
      changed.gradientAccumulation = rounds
      for index in changed.stages.indices { changed.stages[index].microBatch = batch / rounds / ranks[index] }
      return changed
    }
  }
}
