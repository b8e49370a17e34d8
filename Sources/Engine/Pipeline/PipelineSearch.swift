/// One run of the branch and bound of `PipelineSolver`.
struct PipelineSearch {
  private let options: StageOptions
  private let bounds: CompletionBounds
  /// `G - 1`: how often the slowest stage counts.
  private let rounds: Double
  private var programme: CappedProgramme
  /// Objective of the best choice so far, or the upper bound that was given, seconds.
  private(set) var best: Double
  private var found: CappedProgramme.Choice?
  /// Programmes solved; for tests and benchmarks.
  private(set) var programmes = 0

  /// A search below an upper bound, seconds.
  init(_ options: StageOptions, rounds: Double, upperBound: Double) {
    self.options = options
    self.rounds = rounds
    best = upperBound
    bounds = CompletionBounds(options)
    programme = CappedProgramme(options: options, bounds: bounds)
  }

  /// The best choice below the upper bound; nil where there is none, or when cancelled.
  mutating func run(_ isCancelled: () -> Bool) -> CappedProgramme.Choice? {
    let floor = bounds.bottleneck[0]
    guard bounds.objective(rounds: rounds) < best else { return nil }
    guard rounds > 0 else {
      _ = solve(cap: .infinity, low: floor, isCancelled)
      return isCancelled() ? nil : found
    }
    // The least slow split first: a tight cap is cheap to solve and with many micro-batches near the optimum.
    _ = solve(cap: floor, low: floor, isCancelled)
    let whole = max(bounds.sum[0], bounds.whole[0])
    let caps = options.pace.filter { $0 > floor && rounds * $0 + whole < best }
    var open = SlowestIntervals(caps, rounds: rounds, whole: whole)
    while let interval = open.next() {
      if isCancelled() { return nil }
      guard rounds * interval.low + interval.whole < best else { continue }
      let choice = solve(cap: interval.high, low: interval.low, isCancelled)
      // Slower splits down to this choice's own are no better than it: only faster ones with a chance remain.
      if let choice { open.keep(interval, below: choice.slowest, whole: choice.whole, best: best) }
    }
    return isCancelled() ? nil : found
  }

  /// Solves one cap for choices whose slowest stage takes `low` or more, and keeps the answer if it is the best.
  private mutating func solve(cap: Double, low: Double, _ isCancelled: () -> Bool) -> CappedProgramme.Choice? {
    programmes += 1
    let limit = rounds > 0 ? best - rounds * low : best
    guard let choice = programme.solve(cap: cap, limit: limit, isCancelled: isCancelled) else { return nil }
    let objective = objective(of: choice)
    if objective < best { (best, found) = (objective, choice) }
    return choice
  }

  /// The closed form of a choice, seconds.
  private func objective(of choice: CappedProgramme.Choice) -> Double {
    if options.hasExtraPace { return rounds * choice.slowest + choice.whole }
    return ClosedForm.closedFormSeconds(
      stable: choice.points.map { options.stable[$0] },
      delta: choice.points.map { options.firstLast[$0] - options.stable[$0] }, microBatches: Int(rounds) + 1)
  }
}
