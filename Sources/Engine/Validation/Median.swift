extension Collection<Double> {
  /// The middle of the values, of an even number the mean of the two in the middle; nil of none. Complexity: O(n log n).
  var median: Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }
}
