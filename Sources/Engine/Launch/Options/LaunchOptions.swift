/// The options of one command or file, looked up by name; of several alike the last counts, as in launchers.
struct LaunchOptions: Sendable {
  /// The file, for messages.
  let file: String
  /// All of them, in the order of the file.
  let all: [LaunchOption]

  /// No options.
  static let none = LaunchOptions(file: "", all: [])

  /// The option of that name, the last of several; of several names that of the first that is there.
  subscript(names: String...) -> LaunchOption? {
    for name in names {
      if let found = all.last(where: { $0.name == name }) { return found }
    }
    return nil
  }

  /// A text; nil where the option is not there, or is `auto` or `none`.
  func text(_ names: String...) throws(InputError) -> String? {
    for name in names {
      guard let option = self[name] else { continue }
      let value = try Self.value(of: option, "a value")
      return ["auto", "none", "None", "null"].contains(value) ? nil : value
    }
    return nil
  }

  /// A whole number in the range; nil where the option is not there, or is `auto`.
  func int(_ names: String..., in range: ClosedRange<Int>) throws(InputError) -> Int? {
    for name in names {
      guard let option = self[name] else { continue }
      let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
      let text = try Self.value(of: option, expected)
      if text == "auto" { return nil }
      guard let value = Quantity.number(text), value == value.rounded(), abs(value) <= 9e15, range.contains(Int(value))
      else { throw .value(at: option.place, found: "'\(text)'", expected: expected) }
      return Int(value)
    }
    return nil
  }

  /// A number in the range; nil where the option is not there, or is `auto`.
  func double(_ name: String, in range: ClosedRange<Double>) throws(InputError) -> Double? {
    guard let option = self[name] else { return nil }
    let expected = "a number from \(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
    let text = try Self.value(of: option, expected)
    if text == "auto" { return nil }
    guard let value = Quantity.number(text), range.contains(value) else {
      throw .value(at: option.place, found: "'\(text)'", expected: expected)
    }
    return value
  }

  /// A switch: true without a value, or what its value says; nil where the option is not there, or is `auto`.
  func flag(_ names: String...) throws(InputError) -> Bool? {
    for name in names {
      guard let option = self[name] else { continue }
      if option.values.isEmpty { return true }
      let text = try Self.value(of: option, "true or false")
      switch text.lowercased() {
      case "true", "yes", "y", "t", "1", "on": return true
      case "false", "no", "n", "f", "0", "off": return false
      case "auto": return nil
      default: throw .value(at: option.place, found: "'\(text)'", expected: "true or false")
      }
    }
    return nil
  }

  /// Whether the option is there with the value `auto`.
  func isAuto(_ name: String) -> Bool { self[name]?.values.first?.text == "auto" }

  private static func value(of option: LaunchOption, _ expected: String) throws(InputError) -> String {
    guard let argument = option.values.first else {
      throw .value(at: option.place, found: "no value", expected: expected)
    }
    guard let text = argument.value else {
      throw .value(
        at: option.place, found: "\(argument.text), which the file does not set", expected: "\(expected), written out")
    }
    return text
  }
}
