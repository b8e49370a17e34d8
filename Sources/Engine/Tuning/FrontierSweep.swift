/// The best plans along one axis of a question: one search for each point, each an optimum of its own.
///
/// Points come in rising order of the axis, as they are found; a cancelled sweep returns those that it has.
public struct FrontierSweep: Sendable {
  /// The question.
  public let workload: Workload
  /// What is searched at each point; no alternatives, no certificate.
  public let request: TuneRequest
  /// Ends the sweep.
  public let cancel: CancelToken
  private let now: @Sendable () -> Double
  private let onEvent: @Sendable (TuneEvent) -> Void
  private let onPoint: @Sendable (SweepPoint) -> Void

  /// A sweep; `now` gives seconds from any fixed moment, the closures take what searches tell and what is found.
  public init(
    workload: Workload, request: TuneRequest, cancel: CancelToken = CancelToken(),
    now: @escaping @Sendable () -> Double,
    onEvent: @escaping @Sendable (TuneEvent) -> Void = { _ in },
    onPoint: @escaping @Sendable (SweepPoint) -> Void = { _ in }
  ) {
    self.workload = workload
    var request = request
    request.alternatives = 0
    request.certify = false
    self.request = request
    self.cancel = cancel
    self.now = now
    self.onEvent = onEvent
    self.onPoint = onPoint
  }

  /// The points of an axis; `memory` is `TuningSession.frontier` and has none here.
  public func points(_ axis: FrontierAxis) -> [SweepPoint] {
    switch axis {
    case .memory: []
    case .gpus: scaling(Self.doublings(cluster))
    case .cost: Self.pareto(scaling(Self.halfDoublings(cluster)))
    case .batch: each(batches.map { batch in { $0.run = Self.run($0.run, batch: batch) } })
    case .sequence: sequences()
    }
  }

  private var cluster: Cluster { workload.cluster }

  // MARK: Points

  /// The answer at one point; nil when cancelled.
  private func point(_ question: Workload) -> SweepPoint? {
    guard !cancel.isCancelled else { return nil }
    let search = ShapeSearch(workload: question, request: request, cancel: cancel, now: now, onEvent: onEvent)
    search.run()
    let result = TuneReport(
      workload: question, request: request, search: search, cancel: cancel, explains: false
    ).result()
    guard !cancel.isCancelled, result.best != nil || result.status == .infeasible else { return nil }
    return SweepPoint(workload: question, best: result.best)
  }

  private func each(_ changes: [(inout Workload) -> Void]) -> [SweepPoint] {
    var points: [SweepPoint] = []
    for change in changes {
      var question = workload
      change(&question)
      guard let point = point(question) else { break }
      points.append(point)
      onPoint(point)
    }
    return points
  }

  // MARK: Sizes

  /// 1, 2, 4 ... nodes and all of them; on one node GPUs.
  static func doublings(_ cluster: Cluster) -> [Cluster] {
    sizes(cluster) { most in
      Array(sequence(first: 1) { $0 * 2 }.prefix { $0 < most }) + [most]
    }
  }

  /// 1, 2, 3, 4, 6, 8, 12 ... nodes and all of them; on one node GPUs.
  static func halfDoublings(_ cluster: Cluster) -> [Cluster] {
    sizes(cluster) { most in
      let powers = Array(sequence(first: 1) { $0 * 2 }.prefix { $0 < most })
      return Set(powers + powers.filter { $0 > 1 }.map { $0 / 2 * 3 }.filter { $0 < most } + [most]).sorted()
    }
  }

  private static func sizes(_ cluster: Cluster, _ counts: (Int) -> [Int]) -> [Cluster] {
    let isOneNode = cluster.nodes == 1
    return counts(isOneNode ? cluster.gpusPerNode : cluster.nodes).map { count in
      var size = cluster
      if isOneNode { size.gpusPerNode = count } else { size.nodes = count }
      return size
    }
  }

  /// The best plan of each size, which is never slower than that of a smaller one: the plan of a smaller one, with the
  /// other GPUs idle, where that simulates faster than the size's own optimum of the closed form, or where a node has no
  /// plan of all its GPUs that is faster.
  private func scaling(_ sizes: [Cluster]) -> [SweepPoint] {
    var points: [SweepPoint] = []
    var fastest: SweepPoint?
    for size in sizes {
      var question = workload
      question.cluster = size
      guard var point = point(question) else { break }
      if let smaller = fastest?.best, (point.best?.score.iterationSeconds ?? .infinity) > smaller.score.iterationSeconds
      {
        point.best = carried(smaller, to: question)
      }
      if point.best != nil { fastest = point }
      points.append(point)
      onPoint(point)
    }
    return points
  }

  /// A plan of a smaller cluster on a larger one: the same times, and the figures of all GPUs.
  private func carried(_ plan: ScoredPlan, to question: Workload) -> ScoredPlan {
    var scorer = PlanScorer(model: StageModel(workload: question))
    if let score = try? scorer.score(plan.plan) { return ScoredPlan(plan: plan.plan, score: score) }
    // Part of a node idles: no plan file holds that, but its figures are known.
    var score = plan.score
    let all = Double(question.cluster.gpuCount)
    let share = score.tokensPerSecond / (score.tokensPerSecondPerGPU * all)
    score.tokensPerSecondPerGPU *= share
    score.tflopsPerGPU *= share
    score.mfu *= share
    score.trainingCost = score.trainingCost.map { $0 / share }
    return ScoredPlan(plan: plan.plan, score: score)
  }

  /// The points that no other beats in both time and cost, rising in size; all that fit where no price is known.
  static func pareto(_ points: [SweepPoint]) -> [SweepPoint] {
    points.filter { point in
      guard let best = point.best else { return false }
      guard let cost = point.iterationCost else { return true }
      return !points.contains { other in
        guard let time = other.best?.score.iterationSeconds, let price = other.iterationCost, other != point else {
          return false
        }
        let isEqual = time == best.score.iterationSeconds && price == cost
        return time <= best.score.iterationSeconds && price <= cost && (!isEqual || other.gpus < point.gpus)
      }
    }
  }

  // MARK: Batches

  /// The batches that the question allows; where it names one alone, a quarter of it to four times it.
  var batches: [Int] {
    let run = workload.run
    guard run.batchChoices.isEmpty else { return run.batchChoices }
    return [4, 2].filter { run.globalBatch.isMultiple(of: $0) }.map { run.globalBatch / $0 }
      + [1, 2, 4].map { run.globalBatch * $0 }
  }

  /// The run with one batch, nothing left to choose.
  static func run(_ run: TrainingRun, batch: Int) -> TrainingRun {
    var run = run
    run.globalBatch = batch
    run.batchChoices = []
    return run
  }

  /// The batch with the most tokens per second, the smaller of equal ones, as a question of its own; nil where the
  /// question names one batch, where none fits, and when cancelled.
  public func bestBatch() -> Workload? {
    guard !workload.run.batchChoices.isEmpty else { return nil }
    var best: SweepPoint?
    for point in points(.batch) {
      guard let rate = point.best?.score.tokensPerSecond else { continue }
      if rate > (best?.best?.score.tokensPerSecond ?? 0) * (1 + 1e-12) { best = point }
    }
    return best?.workload
  }

  // MARK: Sequences

  /// The step in which the longest sequence is looked for, tokens.
  public static let sequenceStep = 1024
  /// Longer sequences are not tried, tokens.
  private static let longest = 1 << 26

  /// Doublings of the shortest of the run's length and 1024 tokens as long as a plan fits, and the longest multiple of
  /// 1024 tokens between the last that fits and the first that does not. The batch stays, in samples.
  private func sequences() -> [SweepPoint] {
    let own = workload.run.sequenceLength
    var shortest = own
    while shortest.isMultiple(of: 2), shortest > Self.sequenceStep { shortest /= 2 }
    var points: [SweepPoint] = []
    var length = shortest
    while length <= Self.longest {
      var question = workload
      question.run.sequenceLength = length
      guard let point = point(question) else { return points }
      guard point.best != nil else { break }
      points.append(point)
      onPoint(point)
      length *= 2
    }
    guard let last = points.last?.workload.run.sequenceLength, length <= Self.longest,
      let point = longest(from: last, below: length)
    else { return points }
    onPoint(point)
    return points + [point]
  }

  /// The longest sequence with a plan between one that fits and one that does not, found by bisection.
  private func longest(from fitting: Int, below failing: Int) -> SweepPoint? {
    var (low, high) = (fitting / Self.sequenceStep, (failing + Self.sequenceStep - 1) / Self.sequenceStep)
    var best: SweepPoint?
    while high - low > 1 {
      let middle = (low + high) / 2
      var question = workload
      question.run.sequenceLength = middle * Self.sequenceStep
      guard let point = point(question) else { return best }
      if point.best != nil {
        best = point
        low = middle
      } else {
        high = middle
      }
    }
    return best
  }
}
