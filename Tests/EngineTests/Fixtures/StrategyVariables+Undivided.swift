@testable import Engine

extension StrategyVariables {
  /// The shape variables of a stage without sequence or context parallelism, whose recomputed layers recompute all.
  func undivided(microBatch samples: Int) -> [Expression: Double] {
    [
      microBatch: Double(samples), outsideMicroBatch: Double(samples), sequenceParallel: 0, contextParallel: 1,
      context.gatherSecondsPerByte: 0, context.gatherLatency: 0, context.stepSecondsPerByte: 0, context.stepLatency: 0,
      recompute.core: 0, recompute.operators: 0,
    ]
  }
}
