@testable import Engine

/// What the engine could answer to the questions of the Why pane, made by hand from the score of a plan: its parts add up
/// to the figures on the screen.
enum WhySamples {
  /// A stable micro-batch, or the memory, of a stage; nil for other figures.
  static func tree(_ figure: WhyFigure, of plan: ScoredPlan) -> ExplanationNode? {
    switch figure {
    case .stable(let stage): stable(stage, plan)
    case .cell(let cell): stable(cell.stage ?? 0, plan)
    case .stageMemory(let stage): memory(stage, plan)
    default: nil
    }
  }

  private static func stable(_ stage: Int, _ plan: ScoredPlan) -> ExplanationNode? {
    guard plan.score.stages.indices.contains(stage) else { return nil }
    let (score, layers) = (plan.score.stages[stage], plan.plan.stages[stage].layers)
    let passes = [pass("forward", score.forward, layers: layers), pass("backward", score.backward, layers: layers)]
    let sent = ExplanationNode.times(2, .leaf("point to point", score.pointToPointSeconds), "point to point, both ways")
    return .sum(
      "t of stage \(stage + 1)", score.stableSeconds, passes + [sent], formula: "forward + backward + 2*p2p")
  }

  private static func pass(_ name: String, _ times: PassTimes, layers: Int) -> ExplanationNode {
    let peak = ExplanationNode.Source(name: "peakFlops", provenance: .derived, text: "the A100's data sheet")
    let layer = ExplanationNode.leaf(
      "kernels of a layer", times.compute / Double(layers), formula: "FLOPs / (peak * share)", sources: [peak])
    let tensor = ExplanationNode.leaf(
      "tensor-parallel collectives", times.tensorParallel, formula: "bytes * 2*(tp - 1)/tp / bandwidth + latency",
      sources: [.init(name: "links of 1x2", provenance: .measured, text: "nccl-tests on such a node")])
    return .remainder(
      name, times.elapsed, [.times(Double(layers), layer, "kernels of \(layers) layers"), tensor],
      rest: "collectives and copies that nothing hides")
  }

  private static func memory(_ stage: Int, _ plan: ScoredPlan) -> ExplanationNode? {
    guard plan.score.stages.indices.contains(stage) else { return nil }
    let (memory, layers) = (plan.score.stages[stage].memory, plan.plan.stages[stage].layers)
    func states(_ name: String, _ bytes: Double) -> ExplanationNode {
      let layer = ExplanationNode.leaf("\(name) of a layer", bytes / Double(layers), .bytes)
      return .times(Double(layers), layer, name)
    }
    let parts = [
      states("weights", memory.weights), states("gradients", memory.gradients), states("optimizer", memory.optimizer),
      states("activations", memory.activations), .leaf("transient", memory.transient, .bytes),
      .leaf("buffers", memory.buffers, .bytes),
    ]
    let allocated = ExplanationNode.sum("allocated", memory.allocated, parts, .bytes)
    return .remainder(
      "reserved by stage \(stage + 1)", memory.reserved, [allocated], rest: "reserved and not allocated", .bytes,
      formula: "allocated * (1 + fragmentation) + lastStage")
  }

  // MARK: plans one step away

  /// A value less, which lacks memory, a value more, which is slower, and a layer over each border next to the stage.
  static func neighbours(of cell: PlanCell, in current: ScoredPlan) -> Neighbours? {
    guard let value = cell.value(in: current.plan) else { return nil }
    var around = Neighbours(cell: cell, current: current, below: nil, above: nil, moves: [])
    let stage = cell.stage ?? 0
    if value > 0 {
      around.below = neighbour(
        cell, value - 1, in: current, seconds: -0.012, gibibytes: 2.6,
        .overflow(stage: stage, part: .activations, moment: .backward, missingBytes: 1.3 * Samples.gib))
    }
    around.above = neighbour(
      cell, value + 1, in: current, seconds: 0.021, gibibytes: -1.9,
      .slower(
        term: .imbalance, seconds: 0.02 * current.score.iterationSeconds, stage: stage, work: .recomputation))
    guard cell.knob == .layers else { return around }
    for border in current.plan.stages.indices.dropLast() where (stage - 1...stage + 1).contains(border) {
      around.moves.append(move(from: border, to: border + 1, in: current, .equal, seconds: 0))
      around.moves.append(
        move(from: border + 1, to: border, in: current, .faster(term: .bubble, seconds: 0.4), seconds: -0.004))
    }
    return around
  }

  private static func move(
    from: Int, to: Int, in current: ScoredPlan, _ verdict: PlanVerdict, seconds: Double
  ) -> Neighbour {
    let cell = PlanCell(.layers, stage: from)
    var found = neighbour(
      cell, current.plan.stages[from].layers - 1, in: current, seconds: seconds, gibibytes: 0.8, verdict)
    found.scored?.plan.stages[to].layers += 1
    found.changes = found.scored.map { PlanChange.all(from: current.plan, to: $0.plan) } ?? []
    return found
  }

  /// - Parameter seconds: how much longer an iteration takes, a share of that of the plan.
  private static func neighbour(
    _ cell: PlanCell, _ value: Int, in current: ScoredPlan, seconds: Double, gibibytes: Double, _ verdict: PlanVerdict
  ) -> Neighbour {
    var plan = Samples.slower(current, by: seconds)
    for stage in cell.stages ?? 0..<0 where plan.plan.stages.indices.contains(stage) {
      switch cell.knob {
      case .layers: plan.plan.stages[stage].layers = value
      case .checkpointedLayers: plan.plan.stages[stage].checkpointedLayers = value
      default: break
      }
    }
    return Neighbour(
      cell: cell, value: value, scored: plan, changes: PlanChange.all(from: current.plan, to: plan.plan),
      verdict: verdict, seconds: plan.score.iterationSeconds - current.score.iterationSeconds,
      peakBytes: gibibytes * Samples.gib)
  }

  // MARK: what binds, what more would buy

  /// Device memory of the tightest stage, which a layer less elsewhere would overflow.
  static func binding(of plan: ScoredPlan) -> PlanBinding? {
    let stages = plan.score.stages
    let spare = stages.map(\.memory.spare)
    guard let fullest = spare.indices.min(by: { spare[$0] < spare[$1] }) else { return nil }
    let cell = PlanCell(.layers, stage: (fullest + 1) % stages.count)
    return PlanBinding(
      limit: .device(stage: fullest), fits: plan.score.fits, fullest: fullest, moment: stages[fullest].memory.moment,
      part: .activations, spareBytes: stages[fullest].memory.spare, spareHostBytes: 300 * Samples.gib,
      slowest: stages.count - 1, imbalanceSeconds: 0.3, blocked: neighbours(of: cell, in: plan)?.below)
  }

  /// Faster with more of each resource, in other orders of size; host memory does not bind, and one value is no proof.
  static func value(of step: ResourceStep, for plan: ScoredPlan, in workload: Workload) -> MarginalValue {
    let shares: [ScarceResource: Double] = [
      .deviceMemory: -0.012, .nodes: -0.18, .gpusPerNode: -0.11, .fabric: -0.0009, .insideLink: -0.000_02,
      .hostLink: -0.000_000_2, .compute: -0.002,
    ]
    var after = plan
    if let share = shares[step.resource].map({ step.amount > 1 ? 2.4 * $0 : $0 }) {
      after = Samples.slower(plan, by: share)
      if step.resource == .deviceMemory { after.plan.stages[0].checkpointedLayers -= 1 }
    }
    return MarginalValue(
      step: step, set: step.assignments(for: workload.cluster), workload: workload, before: plan, after: after,
      samePlanSeconds: plan.score.iterationSeconds, isProved: step.resource != .compute)
  }
}
