/// What time on the cluster costs.
extension Workload {
  /// Tokens of one iteration.
  public var iterationTokens: Double { Double(run.globalBatch) * Double(run.sequenceLength) }

  /// Seconds of an hour.
  static let secondsPerHour = 3600.0
  /// Seconds of a day.
  static let secondsPerDay = 86_400.0

  /// What is rented, all of the cluster, and the US dollars of a GPU for an hour; nil where these are not known.
  var rental: (gpus: Double, dollarsPerGPUHour: Figure)? {
    cluster.nodeType.dollarsPerGPUHour.map { (Double(cluster.gpuCount), $0) }
  }

  /// Rent of the whole cluster for so many seconds, US dollars; nil where the rent of a GPU is not known.
  public func rent(seconds: Double) -> Double? {
    rental.map { seconds / Self.secondsPerHour * $0.dollarsPerGPUHour.value * $0.gpus }
  }

  /// Rent for a million tokens, US dollars, at so many seconds an iteration; nil where the rent is not known.
  public func costPerMillionTokens(iterationSeconds: Double) -> Double? {
    rent(seconds: iterationSeconds).map { $0 / iterationTokens * 1e6 }
  }

  /// Days of the whole training at so many tokens a second; nil where its tokens are not known.
  func trainingDays(tokensPerSecond: Double) -> Double? {
    run.trainingTokens.map { $0 / tokensPerSecond / Self.secondsPerDay }
  }

  /// Rent for the whole training, US dollars, at so many seconds an iteration; nil where the rent or the tokens of the
  /// training are not known.
  public func trainingCost(iterationSeconds: Double) -> Double? {
    guard let total = run.trainingTokens, iterationSeconds > 0 else { return nil }
    return rent(seconds: total / (iterationTokens / iterationSeconds))
  }
}
