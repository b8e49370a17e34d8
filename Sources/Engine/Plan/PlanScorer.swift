/// Scores plans of one workload: every stage through the tape, then the closed form and the simulated schedule.
///
/// Holds the traced model and compiled tapes; not thread-safe.
struct PlanScorer {
  /// The traced model.
  let model: StageModel
  private var tapes: [StageSetting: (tape: Tape, constants: StageConstants)] = [:]
  private var known: [StageKey: StageScore] = [:]

  /// A scorer for a workload.
  init(model: StageModel) { self.model = model }

  /// Scores a plan; complexity: one tape row a stage that was not scored before, and a simulation of O(S*G).
  ///
  /// Throws `PlanError` when the plan breaks a rule (`PlanRules`).
  mutating func score(_ plan: Plan) throws(PlanError) -> PlanScore {
    var score = try untimed(plan)
    let pace = ScheduleSimulator.pace(
      stages: score.stages, microBatches: plan.gradientAccumulation, schedule: plan.schedule,
      hasBarrier: model.runtime.hasBarrier)
    setTimes(of: &score, period: pace.period, bubbleShare: pace.bubbleShare)
    return score
  }

  /// The score with the simulated schedule that it comes from: slower than the score alone.
  mutating func evaluate(_ plan: Plan) throws(PlanError) -> (score: PlanScore, timeline: Timeline) {
    var score = try untimed(plan)
    let timeline = ScheduleSimulator.timeline(
      stages: score.stages, microBatches: plan.gradientAccumulation, schedule: plan.schedule,
      hasBarrier: model.runtime.hasBarrier)
    setTimes(of: &score, period: timeline.period, bubbleShare: timeline.bubbleShare)
    return (score, timeline)
  }

  /// All of the score that needs no simulation: the stages, the memory and the objective; the times of the iteration
  /// are 0. Throws where the plan breaks a rule.
  mutating func untimed(_ plan: Plan) throws(PlanError) -> PlanScore {
    let workload = model.workload
    try PlanRules(workload: workload).check(plan)
    var score = PlanScore()
    score.stages = stageScores(plan)
    score.closedFormSeconds = ClosedForm.closedFormSeconds(
      stable: score.stages.map(\.stableSeconds), delta: score.stages.map(\.deltaSeconds),
      microBatches: plan.gradientAccumulation, interleave: plan.interleave,
      weightGradients: plan.schedule == .zeroBubble ? score.stages.map(\.weightGradientSeconds) : [])
    score.idleNodes = plan.idleNodes(of: workload.cluster)
    score.hostCapacityBytes = workload.cluster.nodeType.hostMemoryBytes.value
    score.hostBytesPerNode = hostBytesPerNode(plan, score.stages.map(\.hostBytesPerGPU))
    return score
  }

  /// Seconds that no simulation of a plan with these stages can be below; 0 where nothing is known without one.
  func leastSeconds(_ stages: [StageScore], of plan: Plan) -> Double {
    guard plan.schedule == .oneForwardOneBackward, plan.interleave == 1 else { return 0 }
    let bounds = ScheduleBounds(
      stages: stages, microBatches: plan.gradientAccumulation, hasBarrier: model.runtime.hasBarrier)
    // The bound is one of exact numbers; sums of thousands of seconds are rounded.
    return bounds.lower * (1 - 1e-9)
  }

  private func setTimes(of score: inout PlanScore, period: Double, bubbleShare: Double) {
    (score.iterationSeconds, score.bubbleShare) = (period, bubbleShare)
    fillThroughput(&score)
  }

  /// Pinned bytes of the fullest node: stages lie on GPUs in pipeline order.
  private func hostBytesPerNode(_ plan: Plan, _ perGPU: [Double]) -> Double {
    let width = model.workload.cluster.gpusPerNode
    var nodes = [Double](repeating: 0, count: model.workload.cluster.nodes + 1)
    var gpu = 0
    for (stage, bytes) in zip(plan.stages, perGPU) {
      for _ in 0..<stage.nodes * stage.gpusPerNode {
        nodes[min(gpu / width, nodes.count - 1)] += bytes
        gpu += 1
      }
    }
    return nodes.max() ?? 0
  }

  private func fillThroughput(_ score: inout PlanScore) {
    let workload = model.workload
    let gpus = Double(workload.cluster.gpuCount)
    let tokens = workload.iterationTokens
    guard score.iterationSeconds > 0 else { return }
    score.tokensPerSecond = tokens / score.iterationSeconds
    score.tokensPerSecondPerGPU = score.tokensPerSecond / gpus
    let flops = workload.model.flopsPerToken(sequenceLength: workload.run.sequenceLength) * tokens
    score.tflopsPerGPU = flops / score.iterationSeconds / gpus / 1e12
    score.mfu = score.tflopsPerGPU * 1e12 / workload.cluster.nodeType.gpu.peakFlops.value
    score.trainingDays = workload.trainingDays(tokensPerSecond: score.tokensPerSecond)
    score.trainingCost = workload.trainingCost(iterationSeconds: score.iterationSeconds)
  }

  /// What the tape says of one stage of a plan that keeps the rules, and for which setting and strategy.
  mutating func reading(_ plan: Plan, _ index: Int) -> (reading: ScoreReading, setting: StageSetting, inputs: [Double])
  {
    let choice = plan.stages[index]
    let workload = model.workload
    let setting = StageSetting(
      microBatch: choice.microBatch, tensorParallel: choice.tensorParallel, dataParallel: choice.dataParallel,
      microBatches: plan.gradientAccumulation, nodes: choice.nodes, gpusPerNode: choice.gpusPerNode,
      contextParallel: plan.contextParallel, sequenceParallel: plan.sequenceParallel, recompute: choice.recompute)
    let compiled: (tape: Tape, constants: StageConstants)
    if let known = tapes[setting] {
      compiled = known
    } else {
      compiled = (model.scoreTape(for: setting), model.constants(for: setting))
      tapes[setting] = compiled
    }
    let strategy = Strategy(zero: choice.zero, offload: choice.offload)
    // One rank has nothing to shard: the levels are alike.
    let effective = setting.weightRanks > 1 ? strategy : Strategy(zero: 0, offload: choice.offload)
    let position = StagePosition(
      layers: choice.layers, isFirst: index == 0, isLast: index == plan.stages.count - 1,
      activations: ActivationsInFlight(
        stage: index, stages: plan.stages.count, microBatches: plan.gradientAccumulation, chunks: plan.interleave,
        schedule: plan.schedule))
    let formula = StageFormula(
      position: position, constants: compiled.constants,
      tied: workload.model.tiedEmbeddings && position.isFirst && position.isLast)
    let reading = ScoreReading(
      values: compiled.tape.evaluate(effective.inputs), formula: formula, checkpointed: choice.checkpointedLayers)
    return (reading, setting, effective.inputs)
  }

  /// What the score of a stage depends on within a workload.
  private struct StageKey: Hashable {
    var choice: StageChoice
    var index: Int
    var stages: Int
    /// GPUs of the stages before it: they say which links it sends over.
    var firstGPU: Int
    var gradientAccumulation: Int
    var schedule: PipelineSchedule
    var interleave: Int
    var contextParallel: Int
    var sequenceParallel: Bool
  }

  /// Scores of stages are kept up to so many: neighbours of a plan have all stages but one or two in common with it.
  private static let mostKnownStages = 1024

  private mutating func stageScores(_ plan: Plan) -> [StageScore] {
    if known.count + plan.stages.count > Self.mostKnownStages { known.removeAll(keepingCapacity: true) }
    var firstGPU = 0
    return plan.stages.indices.map { index in
      let choice = plan.stages[index]
      let key = StageKey(
        choice: choice, index: index, stages: plan.stages.count, firstGPU: firstGPU,
        gradientAccumulation: plan.gradientAccumulation, schedule: plan.schedule, interleave: plan.interleave,
        contextParallel: plan.contextParallel, sequenceParallel: plan.sequenceParallel)
      firstGPU += choice.nodes * choice.gpusPerNode
      if let found = known[key] { return found }
      let score = stageScore(plan, index)
      known[key] = score
      return score
    }
  }

  private mutating func stageScore(_ plan: Plan, _ index: Int) -> StageScore {
    let choice = plan.stages[index]
    let workload = model.workload
    let reading = reading(plan, index).reading
    let formula = reading.formula
    let position = formula.position
    let transferSeconds = pointToPoint(plan, index, bytes: formula.constants.boundaryBytes)
    var score = StageScore()
    if plan.interleave > 1 {
      score.setChunks(reading.chunks(plan.interleave, pointToPointSeconds: transferSeconds))
    } else {
      score = reading.passes()
      score.pointToPointSeconds = transferSeconds
    }
    if plan.schedule == .zeroBubble { score.weightGradientSeconds = formula.weightGradientSeconds }
    let transfer = 2 * score.pointToPointSeconds
    let firstLast = score.forwardFirst.elapsed + score.backwardLast.elapsed + transfer
    score.stableSeconds =
      plan.gradientAccumulation == 1 ? firstLast : score.forward.elapsed + score.backward.elapsed + transfer
    score.deltaSeconds = firstLast - score.stableSeconds
    score.memory = reading.memory(
      workload: workload, runtime: model.runtime, isLastOfMany: position.isLast && plan.stages.count > 1,
      groups: CommunicatorCount.of(
        tensorParallel: choice.tensorParallel, dataParallel: choice.dataParallel, stages: plan.stages.count))
    score.hostBytesPerGPU = formula.hostBytes(reading.memoryParts, checkpointed: Double(choice.checkpointedLayers))
    return score
  }

  /// Seconds of a transfer from stage `index` to the next, over the link between their neighbouring GPUs.
  ///
  /// Of interleaved stages the last one sends to the first: from the last GPU of the pipeline to its first.
  private func pointToPoint(_ plan: Plan, _ index: Int, bytes: Double) -> Double {
    let isLast = index == plan.stages.count - 1
    guard !isLast || plan.interleave > 1 else { return 0 }
    let lastGPU = plan.stages[...index].reduce(0) { $0 + $1.nodes * $1.gpusPerNode } - 1
    let width = model.workload.cluster.gpusPerNode
    let sameNode = lastGPU / width == (isLast ? 0 : lastGPU + 1) / width
    // With sequence parallelism each rank sends the part that it has, and nobody gathers.
    let copies = plan.sequenceParallel ? 1 : plan.stages[index].tensorParallel
    return BoundaryTransfer(
      cluster: model.workload.cluster, runtime: model.runtime, tensorParallel: copies,
      senders: plan.stages[index].gpusPerNode
    ).seconds(bytes: bytes, sameNode: sameNode)
  }
}

extension ModelShape {
  /// FLOPs per token of a training step as Megatron-LM counts them: three times the forward's products, with full
  /// (not causal) attention, without recomputation.
  func flopsPerToken(sequenceLength: Int) -> Double {
    let products = queryKeyValueParameters + attentionOutputParameters + feedForwardParameters
    let scores = 2 * Double(sequenceLength) * Double(heads) * Double(headWidth)
    return 6 * (Double(layers) * (products + scores) + headParameters)
  }
}
