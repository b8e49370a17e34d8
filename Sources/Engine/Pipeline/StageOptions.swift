/// The options of a `PipelineProblem` in flat arrays: finite, sorted and without dominated points.
///
/// The points of one (stage, layers) stand in rising order of `stable` and so in falling order of `firstLast`; of equal
/// points the one that comes first in the problem stays. What a point weighs (here: layers) is its only tie to the other
/// stages, so that a further quantity, such as devices, becomes a further index here and nothing else in a point.
struct StageOptions {
  /// Stages [S].
  let stages: Int
  /// Layers to distribute [N].
  let layers: Int
  /// Stable micro-batch of each point [t], seconds.
  private(set) var stable: [Double] = []
  /// First and last micro-batch of each point [t + d], seconds.
  private(set) var firstLast: [Double] = []
  /// Index of each point in `PipelineProblem.options[stage][layers]`.
  private(set) var source: [Int32] = []
  /// First point of each (stage, layers), and one past the last: `start[slot]..<start[slot + 1]`.
  private(set) var start: [Int32] = []
  /// Least `stable` of each (stage, layers), seconds; infinity where there is no point.
  private(set) var fastest: [Double] = []
  /// Least `max(stable, firstLast)` of each (stage, layers), seconds; infinity where there is no point.
  private(set) var lightest: [Double] = []

  /// Index of (stage, layers) in `start`, `fastest` and `lightest`.
  func slot(_ stage: Int, _ count: Int) -> Int { stage * (layers + 1) + count }

  /// The options of a problem; nil where it has no stage or fewer layers than stages.
  ///
  /// - Complexity: linear in the points where each list is sorted by `stable`.
  init?(_ problem: PipelineProblem) {
    stages = problem.options.count
    layers = problem.layers
    guard stages > 0, layers >= stages, problem.microBatches >= 1 else { return nil }
    let slots = stages * (layers + 1)
    start.reserveCapacity(slots + 1)
    fastest.reserveCapacity(slots)
    lightest.reserveCapacity(slots)
    let most = layers - stages + 1
    for options in problem.options {
      for count in 0...layers {
        start.append(Int32(stable.count))
        if count >= 1, count <= most, count < options.count { append(options[count]) }
        close()
      }
    }
    start.append(Int32(stable.count))
  }

  /// Adds the finite points of one (stage, layers) that no other dominates.
  private mutating func append(_ points: [StagePoint]) {
    let first = stable.count
    var isSorted = true
    for (index, point) in points.enumerated() where point.isFinite {
      if stable.count > first, let last = stable.last, let lastFull = firstLast.last {
        isSorted = isSorted && point.stable > last && point.firstLast < lastFull
      }
      stable.append(point.stable)
      firstLast.append(point.firstLast)
      source.append(Int32(index))
    }
    if !isSorted { sortTail(from: first) }
  }

  /// Sorts the points from `first` on and removes the dominated ones.
  private mutating func sortTail(from first: Int) {
    let order = (first..<stable.count).sorted {
      (stable[$0], firstLast[$0], source[$0]) < (stable[$1], firstLast[$1], source[$1])
    }
    var kept: [(Double, Double, Int32)] = []
    var least = Double.infinity
    for index in order where firstLast[index] < least {
      least = firstLast[index]
      kept.append((stable[index], firstLast[index], source[index]))
    }
    stable.replaceSubrange(first..., with: kept.map(\.0))
    firstLast.replaceSubrange(first..., with: kept.map(\.1))
    source.replaceSubrange(first..., with: kept.map(\.2))
  }

  /// Writes down the extremes of the (stage, layers) whose points came last.
  private mutating func close() {
    var least = Double.infinity
    let first = Int(start[start.count - 1])
    for index in first..<stable.count { least = min(least, max(stable[index], firstLast[index])) }
    fastest.append(first < stable.count ? stable[first] : .infinity)
    lightest.append(least)
  }
}
