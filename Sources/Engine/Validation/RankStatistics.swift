/// How well one list of numbers orders what another one measures.
enum RankStatistics {
  /// Spearman's rank correlation: the correlation of the ranks, equal values sharing the mean of theirs.
  ///
  /// Nil for fewer than two values, or where all values of a list are equal. Complexity: O(n log n).
  static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
    guard a.count == b.count, a.count > 1 else { return nil }
    let (x, y) = (ranks(a), ranks(b))
    let mean = Double(a.count + 1) / 2
    var (both, ofX, ofY) = (0.0, 0.0, 0.0)
    for (p, q) in zip(x, y) {
      both += (p - mean) * (q - mean)
      ofX += (p - mean) * (p - mean)
      ofY += (q - mean) * (q - mean)
    }
    guard ofX > 0, ofY > 0 else { return nil }
    return both / (ofX * ofY).squareRoot()
  }

  /// Ranks from 1; equal values share the mean of theirs.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for position in start...end { ranks[order[position]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return ranks
  }

  /// Pairs whose measured values differ by more than the ratio, and how many of them `predicted` puts in the same order
  /// (a tie is no order). Complexity: O(n^2).
  static func orderedPairs(
    _ measured: [Double], _ predicted: [Double], clearRatio: Double
  ) -> (pairs: Int, ordered: Int) {
    var (pairs, ordered) = (0, 0)
    for i in measured.indices {
      for j in measured.indices where measured[j] > measured[i] * clearRatio {
        pairs += 1
        if predicted[j] > predicted[i] { ordered += 1 }
      }
    }
    return (pairs, ordered)
  }
}
