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
  /// Values that the slowest stage may take; the intervals own disjoint slices, in no order within a slice.
  private var caps: [Double] = []
  /// Programmes solved; for tests and benchmarks.
  private(set) var programmes = 0

  /// Choices whose slowest stage takes one of `caps[range]`, which lie in `low...high`; their V is at least `whole`.
  private struct Interval {
    var range: Range<Int>
    var low: Double
    var high: Double
    var whole: Double
  }

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
    var open: [Interval] = []
    if let root = rootInterval(above: floor) { open.append(root) }
    while let interval = open.popLast() {
      if isCancelled() { return nil }
      guard rounds * interval.low + interval.whole < best else { continue }
      guard let choice = solve(cap: interval.high, low: interval.low, isCancelled) else { continue }
      // Slower splits down to this choice's own are no better than it: only faster ones with a chance remain.
      let rest = keep(interval.range, below: choice.slowest, whole: choice.whole)
      guard let rest else { continue }
      split(rest, into: &open)
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

  /// All caps above the least one that an optimum can have.
  private mutating func rootInterval(above floor: Double) -> Interval? {
    let whole = max(bounds.sum[0], bounds.whole[0])
    caps = options.pace.filter { $0 > floor && rounds * $0 + whole < best }
    return interval(caps.indices, whole: whole)
  }

  /// What is left of an interval once V is known to be at least `whole`, below a cap (exclusive).
  private mutating func keep(_ range: Range<Int>, below cap: Double, whole: Double) -> Interval? {
    var end = range.lowerBound
    for index in range where caps[index] < cap && rounds * caps[index] + whole < best {
      caps.swapAt(index, end)
      end += 1
    }
    return interval(range.lowerBound..<end, whole: whole)
  }

  /// The interval of a slice; nil where it is empty.
  private func interval(_ range: Range<Int>, whole: Double) -> Interval? {
    guard !range.isEmpty else { return nil }
    var (low, high) = (Double.infinity, -Double.infinity)
    for cap in caps[range] {
      low = min(low, cap)
      high = max(high, cap)
    }
    return Interval(range: range, low: low, high: high, whole: whole)
  }

  /// Halves an interval; the half of the smaller caps is searched first.
  private mutating func split(_ interval: Interval, into open: inout [Interval]) {
    let middle = interval.low + (interval.high - interval.low) / 2
    guard interval.low < interval.high, middle < interval.high else { return open.append(interval) }
    var end = interval.range.lowerBound
    for index in interval.range where caps[index] <= middle {
      caps.swapAt(index, end)
      end += 1
    }
    if let upper = self.interval(end..<interval.range.upperBound, whole: interval.whole) { open.append(upper) }
    if let lower = self.interval(interval.range.lowerBound..<end, whole: interval.whole) { open.append(lower) }
  }
}
