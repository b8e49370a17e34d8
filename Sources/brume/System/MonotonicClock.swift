/// Seconds since the program asked first: the clock that the engine itself must not read.
struct MonotonicClock: Sendable {
  private let start = ContinuousClock.now

  /// Starts at 0.
  init() {}

  /// Seconds since the start.
  var seconds: Double {
    let elapsed = start.duration(to: .now).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }
}
