/// Shares whole cells between parts.
enum Apportion {
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
}
