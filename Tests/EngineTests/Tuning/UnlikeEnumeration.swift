@testable import Engine

/// All plans of stages of unlike meshes on a small cluster, written down from the rules of plans alone: no kind, bound,
/// frontier or solver of the search is asked.
///
/// Host memory must not bind. Ways to run a stage are scored once for each place that it can have.
struct UnlikeEnumeration {
  let workload: Workload
  let space: SearchSpace
  /// Whole nodes may be left over at the end.
  let mayIdle: Bool
  private let session: TuningSession
  private var known: [Key: [Option]] = [:]
  /// What plans must keep.
  private var pins: [Pin] = []
  /// What their stages must have in common.
  private var constraints = PlanConstraints()
  /// Ways to lay stages on the cluster that were looked at.
  private(set) var layouts = 0

  init(workload: Workload, space: SearchSpace, mayIdle: Bool) {
    self.workload = workload
    self.space = space
    self.mayIdle = mayIdle
    session = TuningSession(workload: workload, now: { 0 })
  }

  private struct Option {
    var choice: StageChoice
    var stable: Double
    var delta: Double
  }

  /// What the times of a stage depend on beside its own strategy.
  private struct Key: Hashable {
    var count: Int
    var isSplit: Bool
    var context: Int
    var index: Int
    var stages: Int
    var stage: StageChoice
    var endsNode: Bool
  }

  /// The least closed form of all plans that fit, and keep pins and constraints; nil where none does.
  ///
  /// Scores are kept: asking again with other pins takes no more of them.
  mutating func best(_ pins: [Pin] = [], _ constraints: PlanConstraints = PlanConstraints()) throws -> Double? {
    (self.pins, self.constraints) = (pins, constraints)
    var best = Double.infinity
    for count in 1...workload.run.globalBatch where workload.run.globalBatch.isMultiple(of: count) {
      for context in space.contextParallel {
        for isSplit in space.sequenceParallel {
          var base = Plan(gradientAccumulation: count, stages: [])
          base.contextParallel = context
          base.sequenceParallel = isSplit
          try extend(base, layersLeft: workload.model.layers, offset: 0, &best)
        }
      }
    }
    return best < .infinity ? best : nil
  }

  /// Adds every stage that can stand at an offset; a plan is whole where no layer and no GPU (or whole nodes) are left.
  private mutating func extend(_ plan: Plan, layersLeft: Int, offset: Int, _ best: inout Double) throws {
    let cluster = workload.cluster
    let width = cluster.gpusPerNode
    if layersLeft == 0 {
      let left = cluster.gpuCount - offset
      guard left == 0 || (mayIdle && left.isMultiple(of: width) && cluster.nodes > 1) else { return }
      layouts += 1
      return try close(plan, &best)
    }
    for gpus in 1...max(1, cluster.gpuCount - offset) where gpus <= cluster.gpuCount - offset {
      let isInside = offset % width + gpus <= width
      let isWhole = offset.isMultiple(of: width) && gpus.isMultiple(of: width)
      guard isInside || isWhole else { continue }
      for tensor in 1...min(gpus, width) where min(gpus, width).isMultiple(of: tensor) {
        guard workload.model.allows(tensorParallel: tensor), gpus.isMultiple(of: tensor * plan.contextParallel)
        else { continue }
        let ranks = gpus / (tensor * plan.contextParallel)
        let perRound = workload.run.globalBatch / plan.gradientAccumulation
        guard perRound.isMultiple(of: ranks) else { continue }
        for layers in 1...layersLeft {
          var longer = plan
          longer.stages.append(
            StageChoice(
              layers: layers, nodes: max(1, gpus / width), gpusPerNode: min(gpus, width), microBatch: perRound / ranks,
              dataParallel: ranks, tensorParallel: tensor, zero: 0, checkpointedLayers: 0))
          try extend(longer, layersLeft: layersLeft - layers, offset: offset + gpus, &best)
        }
      }
    }
  }

  /// The best way to run the stages of a layout.
  private mutating func close(_ plan: Plan, _ best: inout Double) throws {
    // A sequence that no rank splits is not split: stages of equal meshes have such plans once.
    if plan.sequenceParallel, plan.stages.count == 1, plan.stages[0].tensorParallel == 1 { return }
    guard constraints.broken(by: plan).isEmpty else { return }
    var options: [[Option]] = []
    var offset = 0
    for (index, stage) in plan.stages.enumerated() {
      offset += stage.nodes * stage.gpusPerNode
      let held = pins.filter { Self.applies($0, to: index, of: plan) && !Self.isOfStrategy($0.knob) }
      guard PlanPins(held).keepsAll(stage, in: plan) else { return }
      let key = Key(
        count: plan.gradientAccumulation, isSplit: plan.sequenceParallel, context: plan.contextParallel, index: index,
        stages: plan.stages.count, stage: stage, endsNode: offset.isMultiple(of: workload.cluster.gpusPerNode))
      let found = try known[key] ?? self.options(plan, index)
      known[key] = found
      let kept = pins.filter { Self.applies($0, to: index, of: plan) }
      options.append(Self.undominated(found.filter { PlanPins(kept).keepsAll($0.choice, in: plan) }))
      if options[index].isEmpty { return }
    }
    var (whole, stable, delta) = (plan, [Double](), [Double]())
    func visit(_ index: Int) {
      guard index < options.count else {
        let seconds = ClosedForm.closedFormSeconds(
          stable: stable, delta: delta, microBatches: plan.gradientAccumulation)
        if seconds < best, PlanPins(pins).broken(by: whole).isEmpty { best = seconds }
        return
      }
      for option in options[index] {
        whole.stages[index] = option.choice
        stable.append(option.stable)
        delta.append(option.delta)
        visit(index + 1)
        stable.removeLast()
        delta.removeLast()
      }
    }
    visit(0)
  }

  private static func applies(_ pin: Pin, to index: Int, of plan: Plan) -> Bool {
    switch pin.place {
    case .everywhere: true
    case .stage(let number): number == index + 1 || number > plan.stages.count
    case .last: index == plan.stages.count - 1
    }
  }

  private static func isOfStrategy(_ knob: PlanKnob) -> Bool {
    [.zero, .checkpointedLayers, .recompute].contains(knob) || knob.isShare
  }

  /// Without those that are no better than another in t and t + d, to keep the products small.
  private static func undominated(_ options: [Option]) -> [Option] {
    var found: [Option] = []
    for option in options {
      let sum = option.stable + option.delta
      if found.contains(where: { $0.stable <= option.stable && $0.stable + $0.delta <= sum }) { continue }
      found.removeAll { $0.stable >= option.stable && $0.stable + $0.delta >= sum }
      found.append(option)
    }
    return found
  }

  /// All ways to run one stage of a layout that fit, the others sharding and recomputing nothing.
  private func options(_ plan: Plan, _ index: Int) throws -> [Option] {
    var found: [Option] = []
    for zero in space.zeroLevels {
      for optimizer in space.optimizerEighths {
        for kind in space.recomputeKinds {
          for checkpointed in 0...plan.stages[index].layers {
            var choice = plan
            choice.stages[index].zero = zero
            choice.stages[index].offload.optimizer = optimizer
            choice.stages[index].checkpointedLayers = checkpointed
            choice.stages[index].recompute = kind
            let score = try session.score(choice).stages[index]
            guard score.memory.spare >= 0 else { continue }
            found.append(
              Option(choice: choice.stages[index], stable: score.stableSeconds, delta: score.deltaSeconds))
          }
        }
      }
    }
    return found
  }
}

extension PlanPins {
  /// Whether a plan all of whose stages are like one keeps the pins, wherever they hold.
  fileprivate func keepsAll(_ stage: StageChoice, in plan: Plan) -> Bool {
    guard !isEmpty else { return true }
    var alike = plan
    for index in alike.stages.indices { alike.stages[index] = stage }
    return broken(by: alike).isEmpty
  }
}
