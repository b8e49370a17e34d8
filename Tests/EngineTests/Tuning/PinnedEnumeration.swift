@testable import Engine

/// All plans of a small space on one node, with what pins leave of them, written down from the rules of plans alone.
///
/// Choices that cost the same are all there: every ZeRO level of a single rank, every kind where nothing recomputes.
/// So a pin is nothing but a filter. Ways to run a stage are scored once for all pins. Host memory is that of the one node.
struct PinnedEnumeration {
  private let workload: Workload
  /// The space; another one may be asked for that has the same levels, shares and kinds.
  var space: SearchSpace
  private let session: TuningSession
  private var known: [Key: [Option]] = [:]

  init(workload: Workload, space: SearchSpace) {
    self.workload = workload
    self.space = space
    session = TuningSession(workload: workload, now: { 0 })
  }

  private struct Option {
    var choice: StageChoice
    var stable: Double
    var delta: Double
    var hostBytes: Double
  }

  private struct Key: Hashable {
    var shape: PlanShape
    var layers: [Int]
    var stage: Int

    /// What the other stages hold says only whether stages may be interleaved.
    init(_ shape: PlanShape, _ layers: [Int], _ stage: Int) {
      (self.shape, self.stage) = (shape, stage)
      self.layers = shape.interleave > 1 ? layers : [layers[stage]]
    }
  }

  /// The least closed form of the plans that every pin lets through and that fit; nil where there is none.
  ///
  /// With constraints or host memory that binds, and in spaces whose stages must be alike, every plan is looked at.
  mutating func best(_ pins: [Pin], constraints: PlanConstraints = PlanConstraints(), isMemoryShared: Bool = false)
    -> Double?
  {
    var best: Double?
    var free = space
    (free.statesAlike, free.checkpointing, free.layerRule) = (false, .any, .any)
    (free.stagedZeroLevels, free.stagedOffload, free.maximumStages, free.tensorParallel) = (nil, true, nil, nil)
    let member = SpaceMembership(space: space, layers: workload.model.layers)
    for shape in PlanShape.all(workload: workload, space: free) {
      for layers in Enumeration.splits(workload.model.layers, shape.stages) {
        let options = layers.indices.map { stage in
          self.options(shape, layers, stage).filter { option in
            pins.allSatisfy { Self.holds($0, option.choice, stage, shape) }
          }
        }
        guard !options.contains(where: \.isEmpty), pins.allSatisfy({ Self.reaches($0, shape) }) else { continue }
        let found =
          free != space || isMemoryShared || constraints != PlanConstraints()
          ? least(options, shape) { stages in
            let plan = Self.plain(stages, shape)
            return member.holds(plan) && Self.holds(constraints, plan)
          }
          : least(options.map(Self.undominated), shape) { _ in true }
        if let found { best = min(best ?? .infinity, found) }
      }
    }
    return best
  }

  /// A pin on stage 3 needs a plan of three stages.
  private static func reaches(_ pin: Pin, _ shape: PlanShape) -> Bool {
    if case .stage(let number) = pin.place { return number <= shape.stages }
    return true
  }

  private static func holds(_ constraints: PlanConstraints, _ plan: Plan) -> Bool {
    if let most = constraints.maximumKinds, Set(plan.stages).count > most { return false }
    guard constraints.sameLayers, plan.stages.count > 3 else { return true }
    return plan.stages[1..<plan.stages.count - 1].allSatisfy { $0.layers == plan.stages[1].layers }
  }

  private static func holds(_ pin: Pin, _ choice: StageChoice, _ stage: Int, _ shape: PlanShape) -> Bool {
    switch pin.place {
    case .stage(let number) where number != stage + 1: return true
    case .last where stage != shape.stages - 1: return true
    default: break
    }
    let value =
      switch pin.knob {
      case .stages: shape.stages
      case .gradientAccumulation: shape.microBatches
      case .schedule: shape.interleave > 1 ? 1 : 0
      case .interleave: shape.interleave
      case .sequenceParallel: shape.sequenceParallel ? 1 : 0
      case .contextParallel: shape.contextParallel
      case .layers: choice.layers
      case .nodes: choice.nodes
      case .gpusPerNode: choice.gpusPerNode
      case .microBatch: choice.microBatch
      case .dataParallel: choice.dataParallel
      case .tensorParallel: choice.tensorParallel
      case .zero: choice.zero
      case .checkpointedLayers: choice.checkpointedLayers
      case .recompute: choice.recompute == .full ? 0 : choice.recompute == .selective ? 1 : 2
      case .weightOffload: choice.offload.weights
      case .gradientOffload: choice.offload.gradients
      case .optimizerOffload: choice.offload.optimizer
      case .activationOffload: choice.offload.activations
      }
    return pin.values.ranges.contains { $0.lowerBound <= value && value <= $0.upperBound } != pin.values.isForbidden
  }

  /// The plan as a search writes it where choices cost the same.
  private static func plain(_ stages: [StageChoice], _ shape: PlanShape) -> Plan {
    Plan(
      gradientAccumulation: shape.microBatches,
      stages: stages.map { stage in
        var stage = stage
        if stage.dataParallel == 1 { stage.zero = 0 }
        if stage.checkpointedLayers == 0 { stage.recompute = .full }
        return stage
      }, sequenceParallel: shape.sequenceParallel, contextParallel: shape.contextParallel)
  }

  private static func undominated(_ options: [Option]) -> [Option] {
    var kept: [Option] = []
    for option in options {
      if kept.contains(where: {
        $0.stable <= option.stable && $0.stable + $0.delta <= option.stable + option.delta
      }) {
        continue
      }
      kept.removeAll { $0.stable >= option.stable && $0.stable + $0.delta >= option.stable + option.delta }
      kept.append(option)
    }
    return kept
  }

  private func least(_ options: [[Option]], _ shape: PlanShape, _ isMember: ([StageChoice]) -> Bool) -> Double? {
    var best = Double.infinity
    func visit(_ chosen: [Option]) {
      guard chosen.count < options.count else {
        let seconds = ClosedForm.closedFormSeconds(
          stable: chosen.map(\.stable), delta: chosen.map(\.delta), microBatches: shape.microBatches,
          interleave: shape.interleave)
        let host = chosen.reduce(0) { $0 + $1.hostBytes }
        guard host <= workload.cluster.nodeType.hostMemoryBytes.value else { return }
        if seconds < best, isMember(chosen.map(\.choice)) { best = seconds }
        return
      }
      for option in options[chosen.count] { visit(chosen + [option]) }
    }
    visit([])
    return best < .infinity ? best : nil
  }

  /// All ways to run one stage that fit.
  private mutating func options(_ shape: PlanShape, _ layers: [Int], _ stage: Int) -> [Option] {
    let key = Key(shape, layers, stage)
    if let options = known[key] { return options }
    let new = layers.indices.filter { known[Key(shape, layers, $0)] == nil }
    for stage in new { known[Key(shape, layers, stage)] = [] }
    for zero in space.zeroLevels {
      for optimizer in space.optimizerEighths {
        for activations in space.activationEighths {
          let offload = Offload(optimizer: optimizer, activations: activations)
          addOptions(shape, layers, new) { stage in (stage.zero, stage.offload) = (zero, offload) }
        }
      }
    }
    return known[key] ?? []
  }

  /// Adds all ways to recompute in the new stages; one plan in which all stages do alike tells the times of all.
  private mutating func addOptions(
    _ shape: PlanShape, _ layers: [Int], _ new: [Int], _ change: (inout StageChoice) -> Void
  ) {
    var plan = Plan(
      gradientAccumulation: shape.microBatches, stages: [], sequenceParallel: shape.sequenceParallel,
      contextParallel: shape.contextParallel, interleave: shape.interleave)
    var unchanged: [StageScore]?
    for kind in RecomputeKind.allCases {
      let most = space.recomputeKinds.contains(kind) ? layers.max() ?? 0 : 0
      for checkpointed in stride(from: 0, through: most, by: shape.interleave) {
        plan.stages = layers.map { count in
          var stage = StageChoice(
            layers: count, nodes: shape.nodes, gpusPerNode: shape.gpusPerNode, microBatch: shape.microBatch,
            dataParallel: shape.dataParallel, tensorParallel: shape.tensorParallel, zero: 0,
            checkpointedLayers: min(checkpointed, count), recompute: kind)
          change(&stage)
          return stage
        }
        // Where nothing is recomputed all kinds are the same.
        let known = checkpointed == 0 ? unchanged : nil
        guard let scores = known ?? (try? session.score(plan).stages) else { continue }
        if checkpointed == 0 { unchanged = scores }
        for stage in new where checkpointed <= layers[stage] && scores[stage].memory.spare >= 0 {
          self.known[Key(shape, layers, stage), default: []].append(
            Option(
              choice: plan.stages[stage], stable: scores[stage].stableSeconds, delta: scores[stage].deltaSeconds,
              hostBytes: scores[stage].hostBytesPerGPU * Double(shape.gpusPerNode)))
        }
      }
    }
  }
}
