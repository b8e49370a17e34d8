/// Changes one choice of a plan, with the least that must move so that it is a plan again.
///
/// A layer comes from or goes to the nearest stage that is not pinned; the number of micro-batches follows the micro-batch
/// and the data-parallel degree; data-parallel ranks follow tensor and context parallelism. What a stage has alike with all
/// others because of a rule (`b*dp*G = B`) moves in all of them. Nothing is searched: the rest stays as it is.
public struct PlanEditor: Sendable {
  /// The workload.
  public let workload: Workload
  /// What must not move; a pin on the edited cell itself gives way.
  public let pins: PlanPins

  /// An editor.
  public init(workload: Workload, pins: PlanPins = PlanPins()) {
    self.workload = workload
    self.pins = pins
  }

  /// The plan with another value in a cell; a run of stages is set one after the other, each kept for the next.
  ///
  /// Complexity: O(stages), of a run O(stages of it x stages).
  public func setting(_ cell: PlanCell, to value: Int, in plan: Plan) throws(PlanEditError) -> Plan {
    guard let stages = cell.stages, stages.count > 1 else { return try settingOne(cell, to: value, in: plan) }
    guard cell.value(in: plan) != nil else { throw .notHere }
    // What is set already gives nothing back, and pins on the run itself give way.
    let outside = pins.pins.filter { pin in
      pin.knob != cell.knob || !stages.contains { pin.applies(to: $0, of: plan.stages.count) }
    }
    var changed = plan
    for stage in stages {
      let done = (stages.lowerBound..<stage).map { Pin(cell.knob, PinValues(value), at: .stage($0 + 1)) }
      let editor = PlanEditor(workload: workload, pins: PlanPins(outside + done))
      changed = try editor.settingOne(PlanCell(cell.knob, stage: stage), to: value, in: changed)
    }
    return changed
  }

  private func settingOne(_ cell: PlanCell, to value: Int, in plan: Plan) throws(PlanEditError) -> Plan {
    guard cell.value(in: plan) != nil, cell.knob.words?.indices.contains(value) ?? true else { throw .notHere }
    var changed = plan
    switch cell.knob {
    case .layers: try moveLayers(cell, to: value, &changed)
    case .microBatch: try setMicroBatch(cell, to: value, &changed)
    case .gradientAccumulation: try setRounds(to: value, &changed)
    case .tensorParallel, .dataParallel: try setDegree(cell, to: value, &changed)
    case .contextParallel: try setContext(to: value, &changed)
    case .stages: try setStages(to: value, &changed)
    case .interleave: try setChunks(to: value, &changed)
    case .schedule: setSchedule(to: value, &changed)
    case .sequenceParallel: changed.sequenceParallel = value == 1
    case .nodes, .gpusPerNode: throw .notHere
    case .zero, .checkpointedLayers, .recompute, .weightOffload, .gradientOffload, .optimizerOffload,
      .activationOffload:
      if let stage = cell.stage { cell.knob.set(value, in: &changed.stages[stage]) }
    }
    return try checked(changed, cell)
  }

  /// The plan with layers moved from a stage to the one `steps` after it (before it where negative).
  public func movingLayer(from stage: Int, by steps: Int, in plan: Plan) throws(PlanEditError) -> Plan {
    let target = stage + steps
    guard plan.stages.indices.contains(stage), plan.stages.indices.contains(target), steps != 0 else { throw .notHere }
    var changed = plan
    guard changed.stages[stage].layers > 1 else {
      throw .rule(.value(stage: stage, field: "layers", found: "0", allowed: "at least 1"))
    }
    changed.resize(stage, by: -1)
    changed.resize(target, by: 1)
    return try checked(changed, PlanCell(.layers, stage: stage))
  }

  /// Throws what the changed plan breaks: a rule of plans, or a pin beside that on the edited cell.
  private func checked(_ plan: Plan, _ cell: PlanCell) throws(PlanEditError) -> Plan {
    let broken = pins.broken(by: plan).filter { pin in
      pin.knob != cell.knob || (cell.stage != nil && !pin.applies(to: cell.stage ?? 0, of: plan.stages.count))
    }
    guard broken.isEmpty else { throw .pinned(broken) }
    do {
      try PlanRules(workload: workload).check(plan)
    } catch {
      throw .rule(error)
    }
    return plan
  }

  // MARK: Layers

  /// Takes what the stage gets from the nearest stages, or gives them what it loses, the later one of two first.
  private func moveLayers(_ cell: PlanCell, to value: Int, _ plan: inout Plan) throws(PlanEditError) {
    guard let stage = cell.stage else { throw .notHere }
    guard value >= 1 else {
      throw .rule(.value(stage: stage, field: "layers", found: "\(value)", allowed: "at least 1"))
    }
    if plan.interleave > 1 { throw .indivisible("interleaved stages have equal layers: change S or v") }
    var missing = value - plan.stages[stage].layers
    plan.resize(stage, by: missing)
    let others = (1..<max(2, plan.stages.count)).flatMap { [stage + $0, stage - $0] }.filter(
      plan.stages.indices.contains)
    for other in others where missing != 0 {
      let held = pins.stage(other, of: plan.stages.count)
      let layers = plan.stages[other].layers
      // One at a time, as far as its pins go along.
      while missing != 0 {
        let next = plan.stages[other].layers - missing.signum()
        guard next >= 1, held.allows(.layers, next) else { break }
        plan.resize(other, by: -missing.signum())
        missing -= missing.signum()
      }
      if plan.stages[other].layers == layers { continue }
    }
    guard missing == 0 else {
      // A pin on the edited stage itself gives way.
      let holding = pins.pins.filter { pin in
        pin.knob == .layers
          && plan.stages.indices.contains { $0 != stage && pin.applies(to: $0, of: plan.stages.count) }
      }
      if holding.isEmpty { throw .indivisible("the other stages have no more layers to give") }
      throw .pinned(holding)
    }
  }

  // MARK: Batch

  private func setMicroBatch(_ cell: PlanCell, to value: Int, _ plan: inout Plan) throws(PlanEditError) {
    guard let stage = cell.stage else { throw .notHere }
    let ranks = plan.stages[stage].dataParallel
    let batch = workload.run.globalBatch
    let perRound = value.multipliedReportingOverflow(by: ranks)
    guard value >= 1, !perRound.overflow, batch.isMultiple(of: perRound.partialValue) else {
      throw .indivisible("the batch \(batch) is not a multiple of \(value) x dp \(ranks)")
    }
    try setRounds(to: batch / perRound.partialValue, &plan)
  }

  /// Sets G; every stage's micro-batch follows.
  private func setRounds(to rounds: Int, _ plan: inout Plan) throws(PlanEditError) {
    let batch = workload.run.globalBatch
    guard rounds >= 1, batch.isMultiple(of: rounds) else {
      throw .indivisible("the batch \(batch) is not a multiple of G \(rounds)")
    }
    plan.gradientAccumulation = rounds
    for index in plan.stages.indices {
      let ranks = plan.stages[index].dataParallel
      guard (batch / rounds).isMultiple(of: ranks) else {
        throw .indivisible("the \(batch / rounds) samples of a micro-batch are not a multiple of dp \(ranks)")
      }
      plan.stages[index].microBatch = batch / rounds / ranks
    }
  }

  // MARK: Degrees

  /// Sets tp, or dp, of a stage, and the other one from its mesh; in all stages where they were alike.
  private func setDegree(_ cell: PlanCell, to value: Int, _ plan: inout Plan) throws(PlanEditError) {
    guard let stage = cell.stage else { throw .notHere }
    let old = plan.stages[stage]
    let alike = plan.stages.allSatisfy {
      $0.tensorParallel == old.tensorParallel && $0.dataParallel == old.dataParallel
    }
    for index in plan.stages.indices where alike || index == stage {
      let ranks = plan.stages[index].nodes * plan.stages[index].gpusPerNode
      let product = value.multipliedReportingOverflow(by: plan.contextParallel)
      guard value >= 1, !product.overflow, ranks.isMultiple(of: product.partialValue) else {
        throw .indivisible("\(ranks) GPUs are not a multiple of \(value)" + context(plan))
      }
      let rest = ranks / product.partialValue
      plan.stages[index].tensorParallel = cell.knob == .tensorParallel ? value : rest
      plan.stages[index].dataParallel = cell.knob == .tensorParallel ? rest : value
    }
    try followRanks(&plan, stage)
  }

  private func setContext(to value: Int, _ plan: inout Plan) throws(PlanEditError) {
    for index in plan.stages.indices {
      let stage = plan.stages[index]
      let ranks = stage.nodes * stage.gpusPerNode
      let product = value.multipliedReportingOverflow(by: stage.tensorParallel)
      guard value >= 1, !product.overflow, ranks.isMultiple(of: product.partialValue) else {
        throw .indivisible("\(ranks) GPUs are not a multiple of cp \(value) x tp \(stage.tensorParallel)")
      }
      plan.stages[index].dataParallel = ranks / product.partialValue
    }
    plan.contextParallel = value
    try followRanks(&plan, 0)
  }

  /// After the ranks of a stage have changed: its micro-batch stays where G can follow, else G stays.
  private func followRanks(_ plan: inout Plan, _ stage: Int) throws(PlanEditError) {
    let batch = workload.run.globalBatch
    let perRound = plan.stages[stage].microBatch * plan.stages[stage].dataParallel
    let holdsRounds = pins.pins.contains { $0.knob == .gradientAccumulation }
    if !holdsRounds, perRound > 0, batch.isMultiple(of: perRound) {
      var followed = plan
      do {
        try setRounds(to: batch / perRound, &followed)
        plan = followed
        return
      } catch {}
    }
    try setRounds(to: plan.gradientAccumulation, &plan)
  }

  private func context(_ plan: Plan) -> String { plan.contextParallel > 1 ? " x cp \(plan.contextParallel)" : "" }

  // MARK: Stages

  /// Another number of equal meshes: layers as even as they can be, each stage's states and share of recomputed layers
  /// those of the old stage at its place.
  private func setStages(to count: Int, _ plan: inout Plan) throws(PlanEditError) {
    let gpus = plan.stages.reduce(0) { $0 + $1.nodes * $1.gpusPerNode }
    let (layers, width) = (workload.model.layers, workload.cluster.gpusPerNode)
    guard (1...layers).contains(count), gpus.isMultiple(of: count) else {
      throw .indivisible("\(gpus) GPUs and \(layers) layers do not make \(count) stages")
    }
    let mesh = gpus / count
    guard mesh <= width ? width.isMultiple(of: mesh) : mesh.isMultiple(of: width) else {
      throw .indivisible("\(mesh) GPUs a stage neither divide nor fill nodes of \(width)")
    }
    plan.spread(layers, over: count, mesh: mesh <= width ? (1, mesh) : (mesh / width, width))
    // The mesh has changed: tp stays where it fits, dp follows.
    for index in plan.stages.indices {
      let slices = plan.stages[index].tensorParallel * plan.contextParallel
      guard mesh.isMultiple(of: slices) else {
        throw .indivisible("\(mesh) GPUs a stage are not a multiple of tp \(plan.stages[index].tensorParallel)")
      }
      plan.stages[index].dataParallel = mesh / slices
    }
    try followRanks(&plan, 0)
  }

  private func setChunks(to value: Int, _ plan: inout Plan) throws(PlanEditError) {
    guard value >= 1 else { throw .indivisible("v is at least 1") }
    plan.interleave = value
    plan.schedule = .oneForwardOneBackward
    guard value > 1 else { return }
    // Chunks recompute alike: the number goes up to the next that they can share.
    for index in plan.stages.indices {
      let count = plan.stages[index].checkpointedLayers
      plan.stages[index].checkpointedLayers = min(plan.stages[index].layers, (count + value - 1) / value * value)
    }
  }

  private func setSchedule(to value: Int, _ plan: inout Plan) {
    guard PipelineSchedule.allCases.indices.contains(value) else { return }
    let schedule = PipelineSchedule.allCases[value]
    if schedule == .interleaved {
      if plan.interleave == 1 { plan.interleave = 2 }
      plan.schedule = .oneForwardOneBackward
    } else {
      plan.interleave = 1
      plan.schedule = schedule
    }
  }
}

extension Plan {
  /// Makes so many stages of equal meshes: layers as even as they can be, each stage's other choices and its share of
  /// recomputed layers those of the old stage at its place. Degrees are left as they are.
  mutating func spread(_ layers: Int, over count: Int, mesh: (nodes: Int, gpusPerNode: Int)) {
    let old = stages
    stages = (0..<count).map { index in
      var stage = old[index * old.count / count]
      let share = Double(stage.checkpointedLayers) / Double(max(1, stage.layers))
      stage.layers = layers / count + (index < layers % count ? 1 : 0)
      stage.checkpointedLayers = min(stage.layers, Int((share * Double(stage.layers)).rounded(.up)))
      (stage.nodes, stage.gpusPerNode) = mesh
      return stage
    }
    if count == 1 { (interleave, schedule) = (1, .oneForwardOneBackward) }
  }

  /// Gives a stage more layers, or fewer; one that recomputes all of them goes on doing so, and none recomputes more than
  /// it has.
  mutating func resize(_ stage: Int, by layers: Int) {
    let all = stages[stage].checkpointedLayers == stages[stage].layers
    stages[stage].layers += layers
    let count = stages[stage].layers
    stages[stage].checkpointedLayers = all ? count : min(stages[stage].checkpointedLayers, count)
  }
}
