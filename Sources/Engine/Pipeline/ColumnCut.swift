/// Which points can be part of a choice that is at least as good as a given one (docs/pipeline.md).
///
/// A point goes only if the stages before it, the point and the stages after it cost more than the bound even where
/// each part is at its own best. So whatever is left out is worse than the bound, and `min(bound, optimum of the rest)`
/// is a lower bound for the whole problem.
struct ColumnCut {
  private let options: StageOptions
  private let bounds: CompletionBounds
  private let rounds: Double
  /// Least W of each (stages done, layers used), without a cap, seconds.
  private var reached: [Double]
  /// Least value of the slowest stage so far of each (stages done, layers used), seconds.
  private var narrow: [Double]

  /// A cut for an objective of `rounds * max t + V`.
  ///
  /// - Complexity: O(S * (N - S)^2 * P) with P points a (stage, layers).
  init(_ options: StageOptions, _ bounds: CompletionBounds, rounds: Double) {
    self.options = options
    self.bounds = bounds
    self.rounds = rounds
    let states = (options.stages + 1) * (options.layers + 1)
    reached = [Double](repeating: .infinity, count: states)
    narrow = reached
    reached[0] = 0
    narrow[0] = -.infinity
    for stage in 0..<options.stages {
      for used in stage...(options.layers - options.stages + stage) { extend(stage, used) }
    }
  }

  /// Carries a state over to the states after its stage.
  private mutating func extend(_ stage: Int, _ used: Int) {
    let state = bounds.index(stage, used)
    guard reached[state] < .infinity else { return }
    for count in 1...(options.layers - options.stages + stage + 1 - used) {
      let slot = options.slot(stage, count)
      let next = bounds.index(stage + 1, used + count)
      for point in points(slot) {
        reached[next] = min(reached[next], max(reached[state] + options.stable[point], options.firstLast[point]))
      }
      narrow[next] = min(narrow[next], max(narrow[state], options.quickest[slot]))
    }
  }

  private func points(_ slot: Int) -> Range<Int> { Int(options.start[slot])..<Int(options.start[slot + 1]) }

  /// Lower bound on the objective of every choice with a point, seconds; infinity where no choice has it.
  ///
  /// - Complexity: O(N - S).
  func objective(stage: Int, layers count: Int, point: Int) -> Double {
    objective(
      stage: stage, layers: count, stable: options.stable[point], firstLast: options.firstLast[point],
      pace: options.pace[point])
  }

  /// The same for a point that need not be one of the options, of these times, seconds.
  func objective(stage: Int, layers count: Int, stable seconds: Double, firstLast full: Double, pace: Double) -> Double
  {
    var least = Double.infinity
    let most = options.layers - options.stages + stage + 1 - count
    guard most >= stage else { return least }
    for used in stage...most {
      let (before, after) = (bounds.index(stage, used), bounds.index(stage + 1, used + count))
      guard reached[before] < .infinity, bounds.sum[after] < .infinity else { continue }
      let slowest = max(pace, max(narrow[before], bounds.bottleneck[after]))
      let whole = max(max(reached[before] + seconds, full) + bounds.sum[after], bounds.whole[after])
      least = min(least, rounds * slowest + whole)
    }
    return least
  }
}
