@testable import Engine

/// Numbers inside of a value that are none.
enum NonFinite {
  /// Where they stand: `.stages[2].memory.spare`. Empty where every number is one.
  static func paths(in value: Any, at path: String = "") -> [String] {
    if let number = value as? Double { return number.isFinite ? [] : ["\(path) \(number)"] }
    let mirror = Mirror(reflecting: value)
    return mirror.children.enumerated().flatMap { index, child in
      let name = mirror.displayStyle == .optional ? "" : child.label.map { ".\($0)" } ?? "[\(index)]"
      return paths(in: child.value, at: path + name)
    }
  }
}
