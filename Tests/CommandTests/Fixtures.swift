import Engine

@testable import brume

/// Hand-made results: every figure is a number that can be found again in what is printed.
enum Fixtures {
  /// The smallest sample.
  static func workload() throws -> Workload { try WorkloadSource.load("gpt-1.3b-2xl4") }

  /// Two stages of 12 layers on one GPU each.
  static let scored: ScoredPlan = {
    let stage = StageChoice(
      layers: 12, nodes: 1, gpusPerNode: 1, microBatch: 2, dataParallel: 1, tensorParallel: 1, zero: 1,
      checkpointedLayers: 5, offload: Offload(weights: 1, optimizer: 3, activations: 8))
    var score = PlanScore()
    score.iterationSeconds = 9.2689241
    score.closedFormSeconds = 9.25
    score.bubbleShare = 0.0625
    score.tokensPerSecond = 7070.5
    score.tokensPerSecondPerGPU = 3535.25
    score.tflopsPerGPU = 31.5
    score.mfu = 0.26
    score.hostBytesPerNode = 3_221_225_472
    score.hostCapacityBytes = 412_316_860_416
    var stageScore = StageScore()
    stageScore.stableSeconds = 0.5455452454
    stageScore.deltaSeconds = -0.001
    stageScore.memory.weights = 1_073_741_824
    stageScore.memory.allocated = 19_703_000_000
    stageScore.memory.reserved = 21_474_836_480
    stageScore.memory.capacity = 24_146_306_138
    stageScore.memory.spare = 1_000_000_000
    score.stages = [stageScore, stageScore]
    return ScoredPlan(plan: Plan(gradientAccumulation: 16, stages: [stage, stage]), score: score)
  }()

  /// The answer of a search that found `scored`.
  static var result: TuneResult {
    var result = TuneResult(status: .optimal)
    result.best = scored
    result.alternatives = [scored]
    result.lowerBoundSeconds = 9.25
    result.configurations = 1_234_567
    result.plans = 42
    result.firstPlanSeconds = 0.01
    result.seconds = 1.5
    result.covers = "everything"
    result.certificate = Certificate(solver: "glpk", objective: 9.25, bound: 9.25, gap: 0, covers: "all of it")
    return result
  }

  /// What is said about a plan, or about none.
  static func report(_ scored: ScoredPlan?, status: SearchStatus) throws -> Report {
    let workload = try workload()
    return Report(
      question: workload, workload: WorkloadJSON.value(workload), status: status, scored: scored,
      context: PlanJSON.Context(runtime: "mist", space: "mist"),
      notes: Notes.standard(for: workload, score: scored?.score))
  }
}
