/// Values that the slowest stage may still take, as intervals for a branch and bound (docs/pipeline.md).
///
/// The intervals own disjoint slices of one list of values, in no order within a slice.
struct SlowestIntervals {
  /// The values, seconds.
  private var caps: [Double]
  /// `G - 1`: how often the slowest stage counts.
  private let rounds: Double
  private var open: [Interval] = []

  /// Plans whose slowest stage takes one of `range`, all in `low...high`; their V is at least `whole`.
  struct Interval {
    /// Slice of the values.
    var range: Range<Int>
    /// Its least value, seconds.
    var low: Double
    /// Its largest value, seconds.
    var high: Double
    /// Lower bound on V, seconds.
    var whole: Double
  }

  /// One interval of all values.
  init(_ caps: [Double], rounds: Double, whole: Double) {
    self.caps = caps
    self.rounds = rounds
    if let root = interval(caps.indices, whole: whole) { open.append(root) }
  }

  /// Takes out the interval to be searched next.
  mutating func next() -> Interval? { open.popLast() }

  /// Puts back, halved, what of an interval lies below a value and can beat `best` with a V of at least `whole`.
  ///
  /// - Complexity: linear in its values.
  mutating func keep(_ interval: Interval, below cap: Double, whole: Double, best: Double) {
    var end = interval.range.lowerBound
    for index in interval.range where caps[index] < cap && rounds * caps[index] + whole < best {
      caps.swapAt(index, end)
      end += 1
    }
    guard let rest = self.interval(interval.range.lowerBound..<end, whole: whole) else { return }
    split(rest)
  }

  /// Halves an interval; the half of the smaller values comes first.
  private mutating func split(_ interval: Interval) {
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
}
