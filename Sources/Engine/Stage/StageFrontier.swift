/// The exact Pareto set of one stage on (t, t + d) (docs/model.md, section 7): a short staircase, rising t, falling t + d.
///
/// Of points with equal values the first inserted stays, so the result follows the order of the strategies alone.
struct StageFrontier {
  /// Non-dominated points in rising order of t.
  private(set) var points: [StagePoint] = []
  /// Points beyond these are not kept.
  let caps: StageCaps

  /// An empty frontier.
  init(caps: StageCaps = StageCaps()) { self.caps = caps }

  /// A frontier of points that are one, in rising order of t.
  init(_ points: [StagePoint], caps: StageCaps) {
    self.points = points
    self.caps = caps
  }

  /// Adds a point unless another is as good in both; drops those that it beats. Complexity: O(points).
  mutating func insert(stable: Double, firstLast: Double, tag: Int) {
    guard stable <= caps.stable, firstLast <= caps.firstLast else { return }
    for point in points where point.stable <= stable && point.firstLast <= firstLast { return }
    points.removeAll { $0.stable >= stable && $0.firstLast >= firstLast }
    let place = points.firstIndex { $0.stable > stable } ?? points.count
    points.insert(StagePoint(stable: stable, firstLast: firstLast, tag: tag), at: place)
  }

  /// Writes each point's tag anew.
  mutating func retag(_ change: (Int) -> Int) {
    for index in points.indices { points[index].tag = change(points[index].tag) }
  }

  /// True in lanes that a point of the staircase matches or beats, or that lie beyond the caps.
  @inline(__always)
  func rejects(stable: SIMD8<Double>, firstLast: SIMD8<Double>) -> SIMDMask<SIMD8<Int64>> {
    var rejected = (stable .> caps.stable) .| (firstLast .> caps.firstLast)
    for point in points {
      rejected = rejected .| ((point.stable .<= stable) .& (point.firstLast .<= firstLast))
    }
    return rejected
  }
}

/// What a frontier point stands for.
struct StageTag: Hashable {
  /// Index into the strategy grid.
  var strategy: Int
  /// Index into the space's kinds of recomputation.
  var recompute: Int
  /// Checkpointed layers [c].
  var checkpointed: Int

  /// Bits of a tag that hold c: more layers than any model has (readers allow 10,000).
  private static let bits = 20
  /// Bits of a tag that hold the kind of recomputation.
  private static let kindBits = 2

  /// All numbers in one.
  var packed: Int { (strategy << Self.kindBits | recompute) << Self.bits | checkpointed }

  /// The numbers in `packed`.
  init(packed: Int) {
    checkpointed = packed & (1 << Self.bits - 1)
    recompute = packed >> Self.bits & (1 << Self.kindBits - 1)
    strategy = packed >> (Self.bits + Self.kindBits)
  }

  /// From all numbers.
  init(strategy: Int, recompute: Int, checkpointed: Int) {
    self.strategy = strategy
    self.recompute = recompute
    self.checkpointed = checkpointed
  }
}
