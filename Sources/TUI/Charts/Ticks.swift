/// Marks of an axis at 1, 2 or 5 times a power of ten.
struct Ticks: Equatable, Sendable {
  /// The marks inside the range, rising.
  var values: [Double]
  /// Decimals that tell neighbours apart, the same for all of them.
  var decimals: Int
  /// Distance of two marks.
  var step: Double

  /// At most `count` marks (at least one step fits where the range is not empty) in `low...high`.
  init(low: Double, high: Double, count: Int) {
    guard low.isFinite, high.isFinite, high > low, count > 0 else {
      values = low.isFinite ? [low] : []
      decimals = 0
      step = 0
      return
    }
    step = Ticks.step(for: (high - low) / Double(count))
    decimals = 0
    var unit = step
    while unit < 0.999_999, decimals < 9 {
      unit *= 10
      decimals += 1
    }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    values = []
    var index = first
    while index <= last, values.count <= count + 1 {
      values.append(index * step)
      index += 1
    }
  }

  /// The smallest 1, 2 or 5 times a power of ten that is at least `smallest`.
  static func step(for smallest: Double) -> Double {
    // Below, a power of ten would come to nothing, and never reach it again.
    guard smallest >= 1e-300, smallest.isFinite else { return 1 }
    var power = 1.0
    while power > smallest { power /= 10 }
    while power * 10 <= smallest { power *= 10 }
    for factor in [1.0, 2, 5] where power * factor >= smallest * (1 - 1e-9) { return power * factor }
    return power * 10
  }

  /// The marks as text.
  var labels: [String] { values.map { Format.fixed($0, decimals: decimals) } }
}
