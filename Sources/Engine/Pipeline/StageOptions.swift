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
  /// By what each point sets the pace of the pipeline, seconds: `stable`, and with weight gradients apart
  /// `G / (G-1)` times what it is more as the slowest stage, so that (G-1) paces are the first term of the objective.
  private(set) var pace: [Double] = []
  /// Index of each point in `PipelineProblem.options[stage][layers]`.
  private(set) var source: [Int32] = []
  /// First point of each (stage, layers), and one past the last: `start[slot]..<start[slot + 1]`.
  private(set) var start: [Int32] = []
  /// Least `stable` of each (stage, layers), seconds; infinity where there is no point.
  private(set) var fastest: [Double] = []
  /// Least `pace` of each (stage, layers), seconds; infinity where there is no point.
  private(set) var quickest: [Double] = []
  /// Least `max(stable, firstLast)` of each (stage, layers), seconds; infinity where there is no point.
  private(set) var lightest: [Double] = []

  /// Some stage has more as the slowest than it has elsewhere.
  private(set) var hasExtraPace = false

  /// Index of (stage, layers) in `start`, `fastest` and `lightest`.
  func slot(_ stage: Int, _ count: Int) -> Int { stage * (layers + 1) + count }

  /// The options of a problem; nil where it has no stage or fewer layers than stages.
  ///
  /// - Complexity: linear in the points where each list is sorted by `stable`, else quadratic in each list.
  init?(_ problem: PipelineProblem) {
    stages = problem.options.count
    hasExtraPace = !problem.slowestExtra.isEmpty
    layers = problem.layers
    guard stages > 0, layers >= stages, problem.microBatches >= 1 else { return nil }
    let slots = stages * (layers + 1)
    start.reserveCapacity(slots + 1)
    fastest.reserveCapacity(slots)
    lightest.reserveCapacity(slots)
    quickest.reserveCapacity(slots)
    let most = layers - stages + 1
    let rounds = Double(problem.microBatches - 1)
    for (stage, options) in problem.options.enumerated() {
      for count in 0...layers {
        start.append(Int32(stable.count))
        if count >= 1, count <= most, count < options.count { append(options[count]) }
        let extra = problem.slowestExtra.isEmpty || rounds == 0 ? 0 : problem.slowestExtra[stage][count]
        close(extraPace: extra * (rounds + 1) / max(1, rounds))
      }
    }
    start.append(Int32(stable.count))
  }

  /// Adds the finite points of one (stage, layers) that no other dominates.
  private mutating func append(_ points: [StagePoint]) {
    let first = stable.count
    for index in points.indices where points[index].isFinite { insert(points[index], Int32(index), first) }
  }

  /// Puts a point in its place among those from `first` on, and removes those that it dominates.
  private mutating func insert(_ point: StagePoint, _ index: Int32, _ first: Int) {
    var place = stable.count
    while place > first, stable[place - 1] > point.stable { place -= 1 }
    // Points before the place are no slower: the last of them has the least `firstLast`.
    if place > first, firstLast[place - 1] <= point.firstLast { return }
    if place > first, stable[place - 1] == point.stable { place -= 1 }
    var end = place
    while end < stable.count, firstLast[end] >= point.firstLast { end += 1 }
    guard place < stable.count else {
      stable.append(point.stable)
      firstLast.append(point.firstLast)
      source.append(index)
      return
    }
    stable.replaceSubrange(place..<end, with: CollectionOfOne(point.stable))
    firstLast.replaceSubrange(place..<end, with: CollectionOfOne(point.firstLast))
    source.replaceSubrange(place..<end, with: CollectionOfOne(index))
  }

  /// Writes down the extremes of the (stage, layers) whose points came last.
  private mutating func close(extraPace: Double) {
    var least = Double.infinity
    let first = Int(start[start.count - 1])
    for index in first..<stable.count { pace.append(stable[index] + extraPace) }
    quickest.append(first < stable.count ? pace[first] : .infinity)
    for index in first..<stable.count { least = min(least, max(stable[index], firstLast[index])) }
    fastest.append(first < stable.count ? stable[first] : .infinity)
    lightest.append(least)
  }
}
