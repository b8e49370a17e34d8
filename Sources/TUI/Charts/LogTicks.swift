/// Marks of a logarithmic axis: powers of ten, with 2 and 5 times, or all digits, where there is room for them.
enum LogTicks {
  /// At most `count` marks in `low...high`, both above zero, rising, from the densest family that fits.
  static func values(low: Double, high: Double, count: Int) -> [Double] {
    // Below, a power of ten would come to nothing, and never reach it again.
    guard low >= 1e-300, high > low, high.isFinite, count > 0 else { return [] }
    for family in [[1.0, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], [1.0, 2, 3, 5, 7], [1.0, 2, 5], [1.0]] {
      let values = marks(low: low, high: high, family: family)
      if values.count <= count { return values }
    }
    return Array(marks(low: low, high: high, family: [1]).prefix(count))
  }

  /// The shortest text of a mark: `0.5`, `20`.
  static func label(_ value: Double) -> String {
    var decimals = 0
    var scaled = value
    while decimals < 9, abs(scaled - scaled.rounded()) > 1e-6 * max(1, scaled) {
      scaled *= 10
      decimals += 1
    }
    return Format.fixed(value, decimals: decimals)
  }

  private static func marks(low: Double, high: Double, family: [Double]) -> [Double] {
    var decade = 1.0
    while decade > low { decade /= 10 }
    while decade * 10 <= low { decade *= 10 }
    var values: [Double] = []
    while decade <= high {
      values += family.map { $0 * decade }.filter { $0 >= low * (1 - 1e-9) && $0 <= high * (1 + 1e-9) }
      decade *= 10
    }
    return values
  }
}
