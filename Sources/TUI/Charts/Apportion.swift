/// Shares whole cells, or the last decimals of numbers, between parts.
public enum Apportion {
  /// Cells for each part by largest remainder: they add up to `cells`; each part above zero gets one if there are enough.
  ///
  /// Ties go to the earlier part. Parts that are negative or not finite count as nothing.
  static func cells(_ parts: [Double], cells: Int) -> [Int] {
    let sizes = parts.map { $0.isFinite && $0 > 0 ? $0 : 0 }
    let total = sizes.reduce(0, +)
    guard total > 0, cells > 0 else { return parts.map { _ in 0 } }
    let exact = sizes.map { $0 / total * Double(cells) }
    let small = sizes.indices.filter { sizes[$0] > 0 && exact[$0] < 1 }
    let present = sizes.filter { $0 > 0 }.count
    var result = exact.map { Int($0.rounded(.down)) }
    if present <= cells { for index in small { result[index] = 1 } }
    var left = cells - result.reduce(0, +)
    let order = sizes.indices.sorted { first, second in
      let a = exact[first] - exact[first].rounded(.down)
      let b = exact[second] - exact[second].rounded(.down)
      return a == b ? first < second : a > b
    }
    for index in order where left > 0 && !small.contains(index) && sizes[index] > 0 {
      result[index] += 1
      left -= 1
    }
    for index in order where left > 0 && sizes[index] > 0 {
      result[index] += 1
      left -= 1
    }
    while left < 0, let largest = result.indices.max(by: { result[$0] < result[$1] }) {
      result[largest] -= 1
      left += 1
    }
    return result
  }

  /// Parts rounded to `decimals` places so that what is shown of them adds up to what is shown of their total, by
  /// largest remainder: each is off by less than one in its last place. Ties go to the earlier part.
  ///
  /// Parts that do not add up to the total, and what is not finite, are rounded each for itself.
  public static func rounded(_ parts: [Double], total: Double, decimals: Int) -> [Double] {
    let power = (0..<max(0, min(9, decimals))).reduce(1.0) { power, _ in power * 10 }
    let scaled = parts.map { $0 * power }
    let target = (total * power).rounded()
    guard target.isFinite, scaled.allSatisfy({ abs($0) < 1e15 }) else { return parts }
    // A part that is a whole number but for rounding has no remainder.
    let floors = scaled.map { ($0 + 1e-6).rounded(.down) }
    let missing = target - floors.reduce(0, +)
    let remainders = zip(scaled, floors).map { max(0, $0 - $1) }
    guard missing >= 0, missing <= Double(remainders.count { $0 > 0 }) else { return parts }
    var result = floors
    let order = remainders.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
    for index in order.prefix(Int(missing)) { result[index] += 1 }
    return result.map { $0 / power }
  }
}
