/// Solves one shape: stage frontiers from the tape, then the problem between the stages.
///
/// Holds what is compiled for the shape; used by one worker.
struct ShapeSolver {
  /// The shape.
  let shape: PlanShape
  /// The workload.
  let workload: Workload
  /// The space.
  let space: SearchSpace
  /// What each stage is held to; empty where none is.
  let pins: [StagePins]
  /// Sizes and times of the shape.
  let constants: StageConstants
  /// Kernel bounds.
  let bounds: ShapeBounds
  /// Seconds that each stage takes beside its layers: embedding, head, point-to-point.
  let fixedSeconds: [Double]
  /// Tighter host limit per GPU, where stages that share a node exceeded their sum.
  var hostLimitPerGPU: Double?
  /// Frontiers that were found before, where they are kept.
  var frontiers: FrontierMemory?
  /// Parts of grids that pins leave, where they are kept.
  var parts: GridParts?
  private let runtime: RuntimeProfile

  /// Prepares a shape; compiles no tape yet.
  ///
  /// `known` are the constants of the shape's setting, where another shape has it too.
  init(
    shape: PlanShape, model: StageModel, space: SearchSpace, known: StageConstants? = nil, pins: PlanPins = PlanPins()
  ) {
    self.shape = shape
    self.space = space
    self.pins = pins.stages(of: shape)
    workload = model.workload
    runtime = model.runtime
    // What is recomputed changes the kernels of recomputed layers and what they keep, and none of these.
    constants = known ?? model.constants(for: shape.setting())
    var fixed: [Double] = []
    for stage in 0..<shape.stages {
      let formula = Self.formula(shape, workload, constants, stage: stage, layers: 1)
      fixed.append(
        formula.endForwardSeconds + formula.endBackwardSeconds
          + 2 * Self.pointToPoint(shape, workload, constants, stage: stage))
    }
    fixedSeconds = fixed
    let chunks = Double(shape.interleave)
    bounds = ShapeBounds(
      layerSeconds: (constants.layerForwardSeconds + constants.layerBackwardSeconds) / chunks,
      fixedSeconds: fixed.map { $0 / chunks }, layers: workload.model.layers,
      microBatches: shape.microBatches * shape.interleave, equalLayers: shape.interleave > 1,
      layerHidden: shape.schedule == .zeroBubble ? 2 * constants.layerWeightGradientSeconds : 0,
      headHidden: shape.schedule == .zeroBubble ? 2 * constants.headWeightGradientSeconds : 0)
  }

  /// Seconds of the transfers of one micro-batch from stage `stage` to the one with the next layers, one for each chunk;
  /// none behind the head.
  static func pointToPoint(
    _ shape: PlanShape, _ workload: Workload, _ constants: StageConstants, stage: Int
  ) -> Double {
    let isLast = stage == shape.stages - 1
    let transfers = isLast ? shape.interleave - 1 : shape.interleave
    guard transfers > 0 else { return 0 }
    let sameNode = shape.nextIsOnSameNode(stage: stage, clusterGPUsPerNode: workload.cluster.gpusPerNode)
    // With sequence parallelism each rank sends the part that it has, and nobody gathers.
    return Double(transfers)
      * BoundaryTransfer(
        cluster: workload.cluster, runtime: RuntimeProfile.of(workload.run),
        tensorParallel: shape.sequenceParallel ? 1 : shape.tensorParallel, senders: shape.gpusPerNode
      ).seconds(bytes: constants.boundaryBytes, sameNode: sameNode)
  }

  /// The formulas of stage `stage` with `layers` layers.
  func formula(stage: Int, layers: Int) -> StageFormula {
    Self.formula(shape, workload, constants, stage: stage, layers: layers)
  }

  /// The formulas of a stage of a shape with `layers` layers.
  static func formula(
    _ shape: PlanShape, _ workload: Workload, _ constants: StageConstants, stage: Int, layers: Int
  ) -> StageFormula {
    let position = shape.position(stage: stage, layers: layers)
    return StageFormula(
      position: position, constants: constants,
      tied: workload.model.tiedEmbeddings && position.isFirst && position.isLast)
  }

  /// False when even a layer in work alone exceeds the device.
  var mayFit: Bool {
    let limits = self.limits(stage: 0)
    return constants.layerBackwardPeakBytes + constants.scoreBufferBytes <= limits.allocated
  }

  /// Memory limits of a stage.
  func limits(stage: Int) -> StageLimits {
    var limits = Self.limits(shape, workload, runtime, stage: stage)
    if let hostLimitPerGPU { limits.host = min(limits.host, hostLimitPerGPU) }
    return limits
  }

  /// Memory limits of a stage of a shape that has the RAM of its nodes for itself.
  static func limits(
    _ shape: PlanShape, _ workload: Workload, _ runtime: RuntimeProfile, stage: Int
  ) -> StageLimits {
    StageLimits(
      workload: workload, runtime: runtime, gpusOnNode: min(shape.gpusPerNode, workload.cluster.gpusPerNode),
      isLastOfMany: stage == shape.stages - 1 && shape.stages > 1,
      groups: CommunicatorCount.of(
        tensorParallel: shape.tensorParallel, dataParallel: shape.dataParallel, stages: shape.stages))
  }

  /// The problem between the stages, with every point that a plan no slower than `upperBound` can use.
  ///
  /// Returns nil when cancelled or when some stage has no point at all; `evaluated` counts stage configurations.
  func problem(
    model: StageModel, grid: StrategyGrid, upperBound: Double, cancel: CancelToken, evaluated: inout Int
  ) -> PipelineProblem? {
    var places = places(upperBound: upperBound)
    guard !places.isEmpty else { return nil }
    guard pins.isEmpty else {
      return pinned.filled(
        places, pins: places.map { pins(stage: $0.stage) }, model: model, grid: grid, cancel: cancel,
        evaluated: &evaluated
      ).flatMap(assemble)
    }
    let settings = space.recomputeKinds.map(shape.setting)
    let isDone = places.fill(model: model, settings: settings, grid: grid, memory: frontiers, cancel: cancel)
    guard isDone else { return nil }
    evaluated += grid.strategies.count * settings.count * places.count
    return assemble(places)
  }

  /// The stages with all layers that they can have in a plan no slower than `upperBound`; empty where there is none.
  func places(upperBound: Double) -> [StagePlace] {
    var found: [StagePlace] = []
    for stage in 0..<shape.stages {
      guard let range = bounds.layerRange(stage: stage, upperBound: upperBound, slack: space.layerSlack) else {
        return []
      }
      let limits = self.limits(stage: stage)
      let pins = self.pins(stage: stage)
      for layers in range where pins.allows(.layers, layers) {
        let caps = bounds.caps(stage: stage, layers: layers, upperBound: upperBound)
        let formula = self.formula(stage: stage, layers: layers)
        var sweep = StageSweep(
          formula: formula, limits: limits, fixedSeconds: fixedSeconds[stage] - hiddenSeconds(formula),
          singleMicroBatch: shape.microBatches == 1, chunks: shape.interleave)
        sweep.held = pinned.heldCounts(pins, layers: layers)
        found.append(
          StagePlace(stage: stage, layers: layers, sweep: sweep, frontier: StageFrontier(caps: caps)))
      }
    }
    return found
  }

  /// What a stage counts less where it is not the slowest: twice its weight gradients, where those are apart, seconds.
  private func hiddenSeconds(_ formula: StageFormula) -> Double {
    shape.schedule == .zeroBubble ? 2 * formula.weightGradientSeconds : 0
  }

  /// The problem of the points found; nil where some stage has none.
  func assemble(_ places: [StagePlace]) -> PipelineProblem? {
    let empty = [[StagePoint]](repeating: [], count: workload.model.layers + 1)
    var options = [[[StagePoint]]](repeating: empty, count: shape.stages)
    for place in places { options[place.stage][place.layers] = place.frontier.points }
    guard options.allSatisfy({ $0.contains { !$0.isEmpty } }) else { return nil }
    var problem = PipelineProblem(
      microBatches: shape.microBatches * shape.interleave, layers: workload.model.layers, options: options)
    if shape.schedule == .zeroBubble {
      problem.slowestExtra = options.map { $0.map { _ in 0 } }
      for place in places { problem.slowestExtra[place.stage][place.layers] = hiddenSeconds(place.sweep.formula) }
    }
    return problem
  }

  /// The plan of a solution.
  func plan(_ solution: PipelineSolution, of problem: PipelineProblem, grid: StrategyGrid) -> Plan {
    plan(
      (0..<shape.stages).map { stage in
        let layers = solution.layers[stage]
        let tag = problem.options[stage][layers][solution.points[stage]].tag
        return (layers, StageTag(packed: tag))
      }, grid: grid)
  }

  /// The plan of one configuration a stage.
  func plan(_ chosen: [(layers: Int, tag: StageTag)], grid: StrategyGrid) -> Plan {
    let stages = chosen.enumerated().map { stage, choice in
      let (layers, tag) = choice
      let strategy = grid.strategies[tag.strategy]
      let pins = self.pins(stage: stage)
      // Without recomputed layers all kinds are the same, and so are all levels of a rank that has nothing to shard.
      let recompute = tag.checkpointed > 0 ? space.recomputeKinds[tag.recompute] : pins.kind(or: .full)
      return StageChoice(
        layers: layers, nodes: shape.nodes, gpusPerNode: shape.gpusPerNode, microBatch: shape.microBatch,
        dataParallel: shape.dataParallel, tensorParallel: shape.tensorParallel, zero: pins.level(or: strategy.zero),
        checkpointedLayers: tag.checkpointed, recompute: recompute, offload: strategy.offload)
    }
    return Plan(
      gradientAccumulation: shape.microBatches, stages: stages, schedule: shape.schedule,
      sequenceParallel: shape.sequenceParallel,
      contextParallel: shape.contextParallel, interleave: shape.interleave)
  }
}
