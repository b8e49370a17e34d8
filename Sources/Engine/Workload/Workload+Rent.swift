/// What time on the cluster costs.
extension Workload {
  /// Tokens of one iteration.
  public var iterationTokens: Double { Double(run.globalBatch) * Double(run.sequenceLength) }

  /// Rent of the whole cluster for so many seconds, US dollars; nil where the rent of a GPU is not known.
  public func rent(seconds: Double) -> Double? {
    cluster.nodeType.dollarsPerGPUHour.map { seconds / 3600 * $0.value * Double(cluster.gpuCount) }
  }

  /// Rent for a million tokens, US dollars, at so many seconds an iteration; nil where the rent is not known.
  public func costPerMillionTokens(iterationSeconds: Double) -> Double? {
    rent(seconds: iterationSeconds).map { $0 / iterationTokens * 1e6 }
  }

  /// Rent for the whole training, US dollars, at so many seconds an iteration; nil where the rent or the tokens of the
  /// training are not known.
  public func trainingCost(iterationSeconds: Double) -> Double? {
    guard let total = run.trainingTokens, iterationSeconds > 0 else { return nil }
    return rent(seconds: total / (iterationTokens / iterationSeconds))
  }
}
