/// Which times a picture of plans shows: all that matter, and of the slower ones those that leave the rest readable.
struct TimeRange: Equatable, Sendable {
  /// The fastest, seconds.
  var fastest: Double
  /// The slowest, seconds.
  var slowest: Double

  /// Slower plans are shown up to this share above the best, or this share of what must be seen above that.
  private static let reach = 0.25
  /// From this ratio on an axis of seconds is logarithmic.
  private static let logarithmicRatio = 3.0

  /// A frontier that is wider than that is cut at this multiple of its best: what is slower is told in numbers.
  private static let cut = 2.0

  /// The range of the plans that must be seen (shown, reference), of the frontier, and of all that were considered.
  ///
  /// The plans of least memory are often many times slower than the rest; they are shown once the person goes there.
  init(named: [Double], frontier: [Double], considered: [Double]) {
    let known = named + frontier
    let sure = known.isEmpty ? considered : known
    fastest = sure.min() ?? 0
    let edge = fastest * TimeRange.cut
    let isCut = (sure.max() ?? 1) > fastest * TimeRange.logarithmicRatio && named.allSatisfy { $0 <= edge }
    let last = sure.filter { !isCut || $0 <= edge }.max() ?? 1
    let reach = max(fastest * (1 + TimeRange.reach), last + TimeRange.reach * (last - fastest))
    slowest = max(last, min(considered.max() ?? last, reach))
  }

  /// True when an axis of seconds would press most of the range against its lower end.
  var isWide: Bool { fastest > 0 && slowest / fastest > TimeRange.logarithmicRatio }

  /// The axis of the seconds, or of what grows with them: so much for a second.
  func axis(factor: Double, unit: String) -> Scatter.Axis {
    let (low, high) = (fastest * factor, slowest * factor)
    guard isWide else { return TimeRange.axis(low, high, unit: unit) }
    return Scatter.Axis(low: low * 0.9, high: high * 1.05, unit: unit, isLogarithmic: true)
  }

  /// The axis of tokens per second, in thousands, of an iteration with so many tokens.
  func throughputAxis(tokens: Double, unit: String) -> Scatter.Axis {
    func rate(_ seconds: Double) -> Double { seconds > 0 ? tokens / seconds / 1000 : 0 }
    return TimeRange.axis(rate(slowest), rate(fastest), unit: unit)
  }

  /// An axis around two values that ends at steps of 1, 2 or 5, so that small changes do not move it.
  private static func axis(_ low: Double, _ high: Double, unit: String) -> Scatter.Axis {
    let step = Ticks.step(for: max(high - low, high * 0.05, 1e-6) / 8)
    return Scatter.Axis(
      low: max(0, (low / step - 0.25).rounded(.down) * step), high: (high / step + 0.05).rounded(.up) * step,
      unit: unit)
  }
}
