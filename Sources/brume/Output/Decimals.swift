/// Numbers for people, the same in every locale.
enum Decimals {
  /// The value with a fixed number of decimals (0...9), rounded half away from zero; `-` for what is not finite.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return value.isFinite ? "\(value)" : "-" }
    let scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    let whole = (abs(value) * scale).rounded()
    guard whole < 1e18 else { return "\(value)" }
    var digits = String(Int(whole))
    if decimals > 0 {
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      let point = digits.index(digits.endIndex, offsetBy: -decimals)
      digits = digits[..<point] + "." + digits[point...]
    }
    return (value < 0 && whole > 0 ? "-" : "") + digits
  }

  /// The value with `digits` significant digits, as fixed decimals: `0.0123`, `12.3`, `1230`.
  static func significant(_ value: Double, _ digits: Int) -> String {
    fixed(value, places(value, significant: digits))
  }

  /// Decimals (0...9) with which a value has so many significant digits; 0 for 0 and for what is not finite.
  static func places(_ value: Double, significant digits: Int) -> Int {
    guard value.isFinite, value != 0 else { return 0 }
    var magnitude = 0
    var rest = abs(value)
    while rest >= 10 && magnitude < 300 {
      rest /= 10
      magnitude += 1
    }
    while rest < 1 && magnitude > -300 {
      rest *= 10
      magnitude -= 1
    }
    return min(9, max(0, digits - 1 - magnitude))
  }

  /// Bytes as GiB with the given decimals, without the unit.
  static func gibibytes(_ bytes: Double, _ decimals: Int = 2) -> String { fixed(bytes / 1_073_741_824, decimals) }

  /// Bytes that are left as GiB, rounded down as the explorer does: what lacks a little must not look as if it fits.
  static func spareGibibytes(_ bytes: Double) -> String {
    fixed((bytes / 1_073_741_824 * 100 + 1e-9).rounded(.down) / 100, 2)
  }

  /// A share as a percentage, without the sign: `37.4`.
  static func percent(_ share: Double, _ decimals: Int = 1) -> String { fixed(share * 100, decimals) }

  /// A count with a unit prefix: `950`, `33.7 k`, `1.21 M`, `2.40 T`.
  static func count(_ value: Double) -> String {
    for (scale, prefix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= scale {
      return significant(value / scale, 3) + " " + prefix
    }
    return significant(value, 3)
  }
}
