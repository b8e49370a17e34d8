/// What a frontier trades against time.
public enum FrontierAxis: String, Sendable, CaseIterable {
  /// Device memory that may be used.
  case memory
  /// Nodes; on one node its GPUs.
  case gpus
  /// What an iteration, or the training, costs.
  case cost
  /// Samples of one optimizer step.
  case batch
  /// Tokens of one sample.
  case sequence
}

/// The best plan of one cluster size, batch or sequence length.
public struct SweepPoint: Sendable, Equatable {
  /// The question at this point.
  public var workload: Workload
  /// Its best plan by the closed form; nil where nothing fits.
  public var best: ScoredPlan?

  /// A point.
  public init(workload: Workload, best: ScoredPlan?) {
    self.workload = workload
    self.best = best
  }

  /// GPUs that are paid for.
  public var gpus: Int { workload.cluster.gpuCount }

  /// GPUs that no stage stands on.
  public var idleGPUs: Int { best.map { max(0, gpus - $0.plan.gpuCount) } ?? 0 }

  /// Rent of the cluster for one iteration, US dollars, where its price is known.
  public var iterationCost: Double? {
    best.flatMap { workload.rent(seconds: $0.score.iterationSeconds) }
  }

  /// Rent for a million tokens, US dollars, where the price is known.
  public var costPerMillionTokens: Double? {
    best.flatMap { workload.costPerMillionTokens(iterationSeconds: $0.score.iterationSeconds) }
  }
}

/// How time falls with the size of the cluster.
public struct ScalingSummary: Sendable, Equatable {
  /// Index of the size with the most tokens per second of each GPU: the cheapest per token.
  public var cheapest: Int
  /// Index of the smallest size that no larger one is faster than.
  public var fastest: Int
  /// Index of the largest size up to which every step gains at least `worth` of what it costs.
  public var knee: Int
  /// Speed-up of each point over the first that fits; nil where nothing fits.
  public var speedups: [Double?]
  /// Tokens per second of each GPU over those of the first point that fits; nil where nothing fits.
  public var efficiencies: [Double?]

  /// A step is worth it where the speed-up is at least this share of the growth: three quarters, so that doubling the
  /// GPUs gains half.
  public static let worth = 0.75

  /// The summary of points of rising size; nil where nothing fits at any.
  public init?(_ points: [SweepPoint]) {
    let fitting = points.indices.filter { points[$0].best != nil }
    guard let first = fitting.first, let base = points[first].best?.score else { return nil }
    func seconds(_ index: Int) -> Double { points[index].best?.score.iterationSeconds ?? .infinity }
    func rate(_ index: Int) -> Double { points[index].best?.score.tokensPerSecondPerGPU ?? 0 }
    cheapest = first
    fastest = first
    knee = first
    var isWorth = true
    for (before, index) in zip(fitting, fitting.dropFirst()) {
      if rate(index) > rate(cheapest) * (1 + 1e-9) { cheapest = index }
      if seconds(index) < seconds(fastest) * (1 - 1e-9) { fastest = index }
      let growth = Double(points[index].gpus) / Double(points[before].gpus)
      isWorth = isWorth && seconds(before) / seconds(index) >= Self.worth * growth
      if isWorth { knee = index }
    }
    speedups = points.map { $0.best.map { base.iterationSeconds / $0.score.iterationSeconds } }
    efficiencies = points.map { $0.best.map { $0.score.tokensPerSecondPerGPU / base.tokensPerSecondPerGPU } }
  }
}
