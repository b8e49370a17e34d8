/// The best choice of stages of at most so many kinds (docs/pipeline.md, "Stages that hang together").
///
/// A kind is a configuration that any stage may have that it fits. For one and two kinds every set of them is looked at
/// whose bound is below the best so far, which is exact. For more a good choice is built kind by kind, and GLPK asked to
/// prove or to better it.
struct KindSearch {
  /// A configuration.
  struct Kind: Sendable {
    /// Layers of a stage of this kind.
    var layers: Int
    /// Its times in each stage, seconds; nil where it does not fit, or is too slow. Tags are the caller's.
    var points: [StagePoint?]
    /// Least t over the stages, seconds.
    var fastest: Double { points.compactMap { $0?.stable }.min() ?? .infinity }
  }

  /// A choice: a kind for each stage.
  struct Choice: Sendable, Equatable {
    /// Positions in `kinds`, one a stage.
    var kinds: [Int]
    /// The closed form, seconds.
    var objective: Double
  }

  /// Micro-batches per iteration [G].
  let microBatches: Int
  /// Layers to distribute [N].
  let layers: Int
  /// Stages [S].
  let stages: Int
  /// The kinds, in a fixed order.
  let kinds: [Kind]
  /// Stages that must have the same number of layers.
  let equal: Range<Int>
  /// Whether two kinds may stand in one plan.
  let areCompatible: @Sendable (Int, Int) -> Bool

  /// The best choice of at most `most` (1 or 2) kinds that is no slower than `upperBound`.
  ///
  /// The best so far where it is stopped. Complexity: O(kinds^most) bounds, and a programme for each set whose bound is below the best.
  func best(most: Int, upperBound: Double, isStopped: () -> Bool) -> Choice? {
    var best: Choice?
    var limit = upperBound
    func look(_ set: [Int]) {
      guard let choice = solve(set, upperBound: limit) else { return }
      (best, limit) = (choice, choice.objective)
    }
    for index in kinds.indices where kinds[index].layers * stages == layers {
      if isStopped() { return best }
      if bound([index]) < limit { look([index]) }
    }
    guard most > 1 else { return best }
    let fastest = kinds.map(\.fastest)
    let order = kinds.indices.sorted { (fastest[$0], $0) < (fastest[$1], $1) }
    for (place, slow) in order.enumerated() {
      if isStopped() { return best }
      // The slower of the two sets the pace.
      guard Double(microBatches - 1) * fastest[slow] < limit else { break }
      for quick in order[..<place] where bound([quick, slow], fastest) < limit && areCompatible(quick, slow) {
        look([quick, slow])
      }
    }
    return best
  }

  /// A good choice of at most `most` kinds: the best of two, then the kind that betters it most, again and again.
  func good(most: Int, upperBound: Double, isStopped: () -> Bool) -> Choice? {
    guard var best = best(most: min(2, most), upperBound: upperBound, isStopped: isStopped) else { return nil }
    var set = Set(best.kinds)
    while set.count < most, !isStopped() {
      var found: Choice?
      for index in kinds.indices where !set.contains(index) && set.allSatisfy({ areCompatible($0, index) }) {
        if isStopped() { return best }
        if let choice = solve(set.sorted() + [index], upperBound: found?.objective ?? best.objective) { found = choice }
      }
      guard let found else { return best }
      best = found
      set = Set(found.kinds)
    }
    return best
  }

  /// The best choice among the kinds of a set that is below `upperBound`.
  private func solve(_ set: [Int], upperBound: Double) -> Choice? {
    var best: Choice?
    let counts = equal.count > 1 ? Set(set.map { kinds[$0].layers }).sorted() : [0]
    for count in counts {
      let empty = [[StagePoint]](repeating: [], count: layers + 1)
      var options = [[[StagePoint]]](repeating: empty, count: stages)
      for index in set {
        for (stage, point) in kinds[index].points.enumerated() {
          guard var point, count == 0 || kinds[index].layers == count || !equal.contains(stage) else { continue }
          point.tag = index
          options[stage][kinds[index].layers].append(point)
        }
      }
      let problem = PipelineProblem(microBatches: microBatches, layers: layers, options: options)
      let limit = best?.objective ?? upperBound
      guard let found = PipelineSolver.solve(problem, upperBound: limit) else { continue }
      best = Choice(
        kinds: zip(found.layers, found.points).enumerated().map { options[$0][$1.0][$1.1].tag },
        objective: found.objective)
    }
    return best
  }

  /// No choice that uses all kinds of a set is faster, seconds; infinity where they cannot fill the stages.
  private func bound(_ set: [Int], _ fastest: [Double]? = nil) -> Double {
    for stage in 0..<stages where set.allSatisfy({ kinds[$0].points[stage] == nil }) { return .infinity }
    let times = set.map { fastest?[$0] ?? kinds[$0].fastest }
    let slowest = Double(microBatches - 1) * (times.max() ?? 0)
    guard set.count == 2 else { return slowest + Double(stages) * (times.first ?? 0) }
    let (first, second) = (kinds[set[0]].layers, kinds[set[1]].layers)
    guard first != second else {
      return first * stages == layers ? slowest + Double(stages) * (times.min() ?? 0) : .infinity
    }
    let (rest, unit) = (layers - stages * second, first - second)
    guard rest % unit == 0, (1..<stages).contains(rest / unit) else { return .infinity }
    return slowest + Double(rest / unit) * times[0] + Double(stages - rest / unit) * times[1]
  }
}
