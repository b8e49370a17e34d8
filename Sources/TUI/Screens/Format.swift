/// Numbers as people read them: the same number looks the same everywhere, in every locale.
///
/// Example: `Format.stepSeconds(62.3149)` is `62.31 s`, `Format.gibibytes(1 << 30)` is `1.0`.
/// A number that is not finite is `n/a`. Nothing here pads; `Format.right` does.
public enum Format {
  /// Bytes of a GiB.
  public static let gibibyte = 1_073_741_824.0

  /// A number with `decimals` places, rounded half away from zero; never `-0`.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return "n/a" }
    let places = max(0, min(9, decimals))
    var power = 1.0
    for _ in 0..<places { power *= 10 }
    let scaled = (abs(value) * power).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let digits = String(Int(scaled))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return sign + padded.dropLast(places) + "." + padded.suffix(places)
  }

  /// Decimals with which a step time of that size is shown: four digits, at most three places.
  public static func stepDecimals(_ seconds: Double) -> Int {
    switch abs(seconds) {
    case ..<9.9995: 3
    case ..<99.995: 2
    case ..<999.95: 1
    default: 0
    }
  }

  /// Seconds of an iteration, `62.31 s`.
  public static func stepSeconds(_ seconds: Double) -> String {
    fixed(seconds, decimals: stepDecimals(seconds)) + " s"
  }

  /// A signed difference of two step times, with the decimals of `reference`: `+1.20 s`, `-4.10 s`, `+0.00 s`.
  public static func stepDifference(_ seconds: Double, reference: Double) -> String {
    let text = fixed(abs(seconds), decimals: stepDecimals(reference))
    let isZero = !text.contains { $0 != "0" && $0 != "." }
    return (isZero || seconds >= 0 ? "+" : "-") + text + " s"
  }

  /// Milliseconds without the unit, one place: `421.3`; whole ones from 10,000 on.
  public static func milliseconds(_ seconds: Double) -> String {
    fixed(seconds * 1000, decimals: millisecondDecimals(seconds))
  }

  /// Decimals of milliseconds of a time of that size.
  static func millisecondDecimals(_ seconds: Double) -> Int { abs(seconds) >= 9.99995 ? 0 : 1 }

  /// GiB without the unit, one place: `37.9`.
  public static func gibibytes(_ bytes: Double) -> String {
    fixed(bytes / gibibyte, decimals: 1)
  }

  /// A signed difference of bytes: `+1.2 GiB`, `-0.3 GiB`, `+0.0 GiB`.
  public static func gibibyteDifference(_ bytes: Double) -> String {
    let text = gibibytes(bytes)
    return (text.hasPrefix("-") ? "" : "+") + text + " GiB"
  }

  /// GiB that are left, rounded down so that nothing looks fitting that does not; two places below 1.
  ///
  /// `1.9`, `0.06`, `-0.01`: the tightest stage often has a few MiB, which `0.0` would hide.
  public static func spareGibibytes(_ bytes: Double) -> String {
    let places = abs(bytes) < gibibyte ? 2 : 1
    let power = places == 2 ? 100.0 : 10.0
    return fixed((bytes / gibibyte * power + 1e-9).rounded(.down) / power, decimals: places)
  }

  /// A share as a percentage, `47.9 %`.
  public static func percent(_ share: Double, decimals: Int = 1) -> String {
    fixed(share * 100, decimals: decimals) + " %"
  }

  /// A count in three or four digits: `999`, `33.7 k`, `1.2 M`.
  public static func count(_ value: Double) -> String {
    switch abs(value) {
    case ..<999.5: fixed(value, decimals: 0)
    case ..<999_950: fixed(value / 1e3, decimals: 1) + " k"
    case ..<999_950_000: fixed(value / 1e6, decimals: 1) + " M"
    case ..<999_950_000_000: fixed(value / 1e9, decimals: 1) + " G"
    default: fixed(value / 1e12, decimals: 1) + " T"
    }
  }

  /// Time that a search took, `1.4 s`, `3 min 20 s`.
  public static func elapsed(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 99.95 else { return fixed(seconds, decimals: 1) + " s" }
    let whole = Int(min(seconds, 1e9).rounded())
    return "\(whole / 60) min \(whole % 60) s"
  }

  /// Text at the right of `width` columns; longer text stays whole.
  public static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - CharacterWidth.of(text))) + text
  }

  /// Text at the left of `width` columns; longer text stays whole.
  public static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - CharacterWidth.of(text)))
  }
}

extension String {
  /// Without spaces at both ends.
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
