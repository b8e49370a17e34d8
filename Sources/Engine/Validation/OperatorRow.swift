/// A measured run whose stages are made of operators, priced with the product's own parts.
struct OperatorRow {
  /// The question that the run answered.
  let workload: Workload
  private let pricing: OperatorStageScore

  /// Builds the stages; throws the first reason why the run cannot be predicted.
  ///
  /// - Parameter type: the kind of node to price them on, where it is not that of the conventions.
  init(_ row: MeasuredRow, conventions: RunConventions, on type: NodeType? = nil) throws(RowSkip) {
    var context = try RowContext(row, conventions: conventions)
    if let type { context.workload.cluster.nodeType = type }
    guard row.interleave == 1 || row.pipelineParallel == 1 else {
      throw RowSkip(reason: "the interleaved schedule of operators is not modelled")
    }
    guard !context.workload.model.gatedFeedForward, !context.workload.model.parallelBlock,
      context.workload.run.attention == .unfused, context.workload.run.dropout > 0
    else { throw RowSkip(reason: "its operators are not those of GPT with unfused attention and dropout") }
    var stages: [OperatorStage] = []
    for stage in row.stages {
      guard let operators = stage.operators?.operators(layers: row.model.layers) else {
        throw RowSkip(reason: "it contradicts itself: its operators are not those of the model")
      }
      guard stage.gpus == stage.tensorParallel * stage.dataParallel, stage.gpus <= context.workload.cluster.gpusPerNode
      else { throw RowSkip(reason: "a stage of operators does not lie in one node") }
      stages.append(
        OperatorStage(
          operators: operators, tensorParallel: stage.tensorParallel, dataParallel: stage.dataParallel,
          microBatch: stage.microBatch ?? max(1, context.microBatch / stage.dataParallel)))
    }
    let perStep = (stages.first?.microBatch ?? 1) * (stages.first?.dataParallel ?? 1)
    guard perStep > 0, context.workload.run.globalBatch % perStep == 0 else {
      throw RowSkip(reason: "its global batch is not a multiple of \(perStep) samples a step")
    }
    guard stages.flatMap(\.operators).map(\.kind) == MeasuredOperators.all(layers: row.model.layers) else {
      throw RowSkip(reason: "it contradicts itself: its stages do not make up the model")
    }
    workload = context.workload
    pricing = OperatorStageScore(
      workload: workload, runtime: context.runtime, stages: stages,
      microBatches: workload.run.globalBatch / perStep)
  }

  /// The plan in whole layers that is nearest to it.
  var plan: Plan {
    Plan(
      gradientAccumulation: pricing.microBatches,
      stages: pricing.stages.map { stage in
        let perLayer = LayerStep.allCases.count
        let layers = max(1, stage.operators.count(where: \.isOfLayer) / perLayer)
        return StageChoice(
          layers: layers, nodes: 1, gpusPerNode: stage.tensorParallel * stage.dataParallel,
          microBatch: stage.microBatch, dataParallel: stage.dataParallel, tensorParallel: stage.tensorParallel, zero: 0,
          checkpointedLayers: min(layers, stage.operators.count(where: \.isRecomputed) / perLayer))
      })
  }

  /// Times, memory and the simulated iteration.
  ///
  /// Complexity: O(operators) a stage, and a simulation of O(S*G).
  var score: PlanScore {
    var score = PlanScore()
    score.stages = pricing.stages.indices.map(pricing.score)
    score.iterationSeconds = ScheduleSimulator.period(
      stages: score.stages, microBatches: pricing.microBatches, hasBarrier: pricing.runtime.hasBarrier)
    return score
  }
}
