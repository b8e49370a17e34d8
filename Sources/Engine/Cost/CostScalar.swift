/// A number that the formulas of a stage are written over once: one plan (`Double`), a batch (`SIMD8<Double>`) or a
/// traced `Expression`.
protocol CostScalar {
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func * (a: Double, b: Self) -> Self
  static func + (a: Self, b: Double) -> Self
  /// The larger of two, lane by lane.
  static func larger(_ a: Self, _ b: Self) -> Self
}

extension Double: CostScalar {
  @inline(__always)
  static func larger(_ a: Double, _ b: Double) -> Double { a > b ? a : b }
}

extension SIMD8: CostScalar where Scalar == Double {
  @inline(__always)
  static func larger(_ a: Self, _ b: Self) -> Self { a.replacing(with: b, where: b .> a) }
}
