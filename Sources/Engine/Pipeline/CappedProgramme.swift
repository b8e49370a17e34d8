/// The least V of all choices whose stages take at most a cap, by a dynamic programme over (stage, layers used).
///
/// `W_0 = 0, W_i = max(W_{i-1} + t_i, firstLast_i)` ends in V (docs/pipeline.md): one number per state suffices, because
/// a smaller W is never worse. Keeps its buffers between solves.
struct CappedProgramme {
  private let options: StageOptions
  private let bounds: CompletionBounds
  /// W of each (stages done, layers used), seconds.
  private var reached: [Double]
  /// Layers and point of the stage that led to each state.
  private var parents: [Parent]
  /// Layers used before each stage that the cap allows, and after the last.
  private var bands: [ClosedRange<Int>]
  /// Layer counts of each stage that the cap allows (with holes).
  private var counts: [ClosedRange<Int>]

  private struct Parent {
    var layers: Int32 = 0
    var point: Int32 = 0
  }

  /// A choice for every stage.
  struct Choice {
    /// V, seconds.
    var whole: Double
    /// Pace of the slowest stage [T], seconds.
    var slowest: Double
    /// Per stage, its layers.
    var layers: [Int]
    /// Per stage, the index of its point in `StageOptions`.
    var points: [Int]
  }

  /// A programme over these options.
  init(options: StageOptions, bounds: CompletionBounds) {
    self.options = options
    self.bounds = bounds
    let states = (options.stages + 1) * (options.layers + 1)
    reached = [Double](repeating: .infinity, count: states)
    parents = [Parent](repeating: Parent(), count: states)
    bands = [ClosedRange<Int>](repeating: 0...0, count: options.stages + 1)
    counts = [ClosedRange<Int>](repeating: 0...0, count: options.stages)
  }

  /// The choice of least V below `limit` with every stage at most `cap` seconds; nil where there is none.
  ///
  /// Of equal ones it takes, from the last stage back, the one with the fewest layers, then the fastest point.
  /// Nil also when cancelled.
  /// - Complexity: O(S * width^2 * P), with the width of the band of layers that the cap leaves and P points, of which
  ///   almost always only the first is looked at.
  mutating func solve(cap: Double, limit: Double, isCancelled: () -> Bool) -> Choice? {
    guard bounds.bottleneck[0] <= cap, narrow(to: cap) else { return nil }
    reached[0] = 0
    for stage in 0..<options.stages {
      if isCancelled() { return nil }
      guard relax(stage, cap: cap, limit: limit) else { return nil }
    }
    return trace()
  }

  /// Sets `counts` and `bands` for a cap; false where no split of the layers can keep it.
  private mutating func narrow(to cap: Double) -> Bool {
    for stage in 0..<options.stages {
      let row = options.slot(stage, 0)
      guard let least = (1...options.layers).first(where: { options.quickest[row + $0] <= cap }),
        let most = (1...options.layers).last(where: { options.quickest[row + $0] <= cap })
      else { return false }
      counts[stage] = least...most
    }
    var (low, high) = (options.layers, options.layers)
    bands[options.stages] = low...high
    for stage in stride(from: options.stages - 1, through: 0, by: -1) {
      (low, high) = (max(stage, low - counts[stage].upperBound), high - counts[stage].lowerBound)
      guard low <= high else { return false }
      bands[stage] = low...high
    }
    (low, high) = (0, 0)
    for stage in 0...options.stages {
      (low, high) = (max(low, bands[stage].lowerBound), min(high, bands[stage].upperBound))
      guard low <= high else { return false }
      bands[stage] = low...high
      guard stage < options.stages else { break }
      (low, high) = (low + counts[stage].lowerBound, high + counts[stage].upperBound)
    }
    return true
  }

  /// Fills in the states after one stage from those before it; false where none is left below `limit`.
  private mutating func relax(_ stage: Int, cap: Double, limit: Double) -> Bool {
    var isAlive = false
    for used in bands[stage + 1] {
      let state = bounds.index(stage + 1, used)
      reached[state] = .infinity
      let canComplete = bounds.bottleneck[state] <= cap && bounds.sum[state] < .infinity
      guard canComplete, bounds.whole[state] < limit else { continue }
      let step = bestStep(stage, used, cap: cap, below: limit - bounds.sum[state])
      guard step.parent.layers > 0 else { continue }
      reached[state] = step.value
      parents[state] = step.parent
      isAlive = true
    }
    return isAlive
  }

  /// The least W below a value after one stage with `used` layers; a parent of 0 layers where there is none.
  private func bestStep(_ stage: Int, _ used: Int, cap: Double, below: Double) -> (value: Double, parent: Parent) {
    let (here, row) = (bounds.index(stage, used), options.slot(stage, 0))
    let (band, count) = (bands[stage], counts[stage])
    let (low, high) = (max(count.lowerBound, used - band.upperBound), min(count.upperBound, used - band.lowerBound))
    var (least, parent) = (below, Parent())
    guard low <= high else { return (least, parent) }
    reached.withUnsafeBufferPointer { reached in
      options.fastest.withUnsafeBufferPointer { fastest in
        for layers in low...high {
          let (before, seconds) = (reached[here - layers], fastest[row + layers])
          guard before + seconds < least, options.quickest[row + layers] <= cap else { continue }
          let found = bestPoint(row + layers, after: before, cap: cap, below: least)
          if found.point >= 0 { (least, parent) = (found.value, Parent(layers: Int32(layers), point: found.point)) }
        }
      }
    }
    return (least, parent)
  }

  /// The first point of a slot that gives the least W below a value, or -1.
  @inline(__always)
  private func bestPoint(
    _ slot: Int, after before: Double, cap: Double, below: Double
  ) -> (value: Double, point: Int32) {
    var (value, best) = (below, Int32(-1))
    for point in Int(options.start[slot])..<Int(options.start[slot + 1]) {
      let reached = before + options.stable[point]
      guard options.pace[point] <= cap, reached < value else { break }
      let whole = max(reached, options.firstLast[point])
      if whole < value { (value, best) = (whole, Int32(point)) }
    }
    return (value, best)
  }

  /// The choice that led to the last state.
  private func trace() -> Choice {
    let stages = options.stages
    var choice = Choice(
      whole: reached[bounds.index(stages, options.layers)], slowest: -.infinity,
      layers: [Int](repeating: 0, count: stages), points: [Int](repeating: 0, count: stages))
    var used = options.layers
    for stage in stride(from: stages - 1, through: 0, by: -1) {
      let parent = parents[bounds.index(stage + 1, used)]
      choice.layers[stage] = Int(parent.layers)
      choice.points[stage] = Int(parent.point)
      choice.slowest = max(choice.slowest, options.pace[Int(parent.point)])
      used -= Int(parent.layers)
    }
    return choice
  }
}
