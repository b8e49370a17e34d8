extension Int {
  /// The whole part of a number, held to what an `Int` surely holds (10^18 either way); 0 for what is no number.
  ///
  /// `Int(_:)` traps on those. Figures of a plan are finite, but a place on the screen must not end the program that
  /// shows it, whatever it is given.
  public init(bounded value: Double) {
    self = value.isNaN ? 0 : Int(Swift.max(-1e18, Swift.min(1e18, value)))
  }
}
