import Foundation

/// Numbers as people write them, with units.
public enum Quantity {
  /// What a number measures, with its base unit.
  public enum Unit: Sendable {
    /// Bytes.
    case bytes
    /// Bytes per second.
    case bytesPerSecond
    /// Floating-point operations per second.
    case flops
    /// Seconds.
    case seconds
    /// A plain number: a share, a count.
    case none

    /// Name of the base unit.
    var base: String {
      switch self {
      case .bytes: "B"
      case .bytesPerSecond: "B/s"
      case .flops: "FLOP/s"
      case .seconds: "s"
      case .none: ""
      }
    }

    /// What to write, for messages.
    var example: String {
      switch self {
      case .bytes: "bytes, such as 384 GiB"
      case .bytesPerSecond: "a rate, such as 25 GB/s or 100 Gb/s"
      case .flops: "a rate, such as 121 TFLOP/s"
      case .seconds: "a time, such as 5 us"
      case .none: "a number"
      }
    }

    /// How many base units a unit is; nil for a unit of something else.
    func factor(_ name: Substring) -> Double? {
      switch self {
      case .bytes: return Self.byteFactors[String(name)]
      case .bytesPerSecond:
        guard name.hasSuffix("/s") else { return nil }
        let amount = String(name.dropLast(2))
        return Self.byteFactors[amount] ?? Self.bitFactors[amount]
      case .flops: return Self.flopFactors[String(name)]
      case .seconds: return Self.secondFactors[String(name)]
      case .none: return nil
      }
    }

    private static let byteFactors: [String: Double] = [
      "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 1_024, "MiB": 1_048_576,
      "GiB": 1_073_741_824, "TiB": 1_099_511_627_776,
    ]
    private static let bitFactors: [String: Double] = ["Mb": 1.25e5, "Gb": 1.25e8, "Tb": 1.25e11]
    private static let flopFactors: [String: Double] = [
      "FLOP/s": 1, "GFLOP/s": 1e9, "TFLOP/s": 1e12, "PFLOP/s": 1e15,
    ]
    private static let secondFactors: [String: Double] = ["s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9]
  }

  /// A finite number in decimal notation, `_` between digits allowed; nil for anything else (`nan`, `0x10`, `.inf`).
  ///
  /// The value is that of the C locale.
  public static func number(_ text: some StringProtocol) -> Double? {
    guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
    var plain = ""
    var previousIsDigit = false
    for character in text.unicodeScalars {
      switch character {
      case "0"..."9":
        previousIsDigit = true
      case "_":
        guard previousIsDigit else { return nil }
        continue
      case "+", "-", ".", "e", "E":
        previousIsDigit = false
      default: return nil
      }
      plain.unicodeScalars.append(character)
    }
    guard !text.hasSuffix("_"), let value = Double(plain), value.isFinite else { return nil }
    return value
  }

  /// A number with a unit of the right kind, or without one; in the base unit. Nil for anything else.
  public static func read(_ text: String, _ unit: Unit) -> Double? {
    // Far more than any number with its unit; what follows looks at every end of the text.
    guard text.utf8.count <= 128 else { return nil }
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    if let value = number(trimmed) { return value }
    for start in trimmed.indices.dropFirst() {
      let name = trimmed[start...]
      if name.first?.isWhitespace == true { continue }
      guard let factor = unit.factor(name) else { continue }
      let digits = trimmed[..<start].trimmingCharacters(in: .whitespaces)
      guard let value = number(digits) else { continue }
      let scaled = value * factor
      return scaled.isFinite ? scaled : nil
    }
    return nil
  }

  /// A number as the shortest text that reads back as the same number; whole numbers without a point.
  public static func text(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return "\(value)"
  }
}
