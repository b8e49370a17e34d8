/// Integer arithmetic of shells: `+ - * / % **`, comparisons, `&& || !`, `? :`, parentheses, names of variables.
///
/// Assignments and bits are not evaluated; what overflows has no value.
struct ShellArithmetic {
  /// A number, and the variable whose default went into it.
  struct Result: Equatable {
    /// The number.
    var number: Int
    /// The first variable that was not set and whose default was taken.
    var standsInFor: String?
  }

  private let scalars: [Unicode.Scalar]
  private let variables: [String: ShellVariable]
  private var position = 0
  private var depth = 0
  private var standsInFor: String?

  /// The text of an expression, with the variables that it may name.
  init(_ text: String, variables: [String: ShellVariable]) {
    scalars = text.unicodeScalars.filter { $0 != " " && $0 != "\t" && $0 != "\n" }
    self.variables = variables
  }

  /// The value; nil where it is not a plain integer expression of known values. Complexity: O(length).
  mutating func value() -> Result? {
    (position, depth, standsInFor) = (0, 0, nil)
    guard let number = choice(), position == scalars.count else { return nil }
    return Result(number: number, standsInFor: standsInFor)
  }

  /// Names that an expression without a value may assign to.
  var assignedNames: [String] {
    var names: [String] = []
    var current = ""
    for scalar in scalars + [" "] {
      if ShellScanner.startsName(scalar) || !current.isEmpty && ShellScanner.isDigit(scalar) {
        current.unicodeScalars.append(scalar)
      } else if !current.isEmpty {
        names.append(current)
        current = ""
      }
    }
    return names
  }

  private mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard position + wanted.count <= scalars.count else { return false }
    for (index, scalar) in wanted.enumerated() where scalars[position + index] != scalar { return false }
    position += wanted.count
    return true
  }

  private mutating func choice() -> Int? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ShellScript.nestingLimit else { return nil }
    guard let condition = binary(0) else { return nil }
    guard take("?") else { return condition }
    guard let yes = choice(), take(":"), let no = choice() else { return nil }
    return condition != 0 ? yes : no
  }

  /// Operators from the weakest to the strongest; longer ones before those that they start with.
  private static let levels = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"]]

  private mutating func binary(_ level: Int) -> Int? {
    guard level < Self.levels.count else { return power() }
    guard var left = binary(level + 1) else { return nil }
    while let mark = Self.levels[level].first(where: { isNext($0) }) {
      position += mark.unicodeScalars.count
      guard let right = binary(level + 1), let value = Self.apply(mark, left, right) else { return nil }
      left = value
    }
    return left
  }

  private func isNext(_ mark: String) -> Bool {
    var copy = self
    guard copy.take(mark) else { return false }
    // `**` is not a product, `<<` not a comparison, `+=` not a sum.
    guard copy.position < scalars.count else { return true }
    let next = scalars[copy.position]
    return !(next == "=" || mark == "*" && next == "*" || mark == "<" && next == "<" || mark == ">" && next == ">")
  }

  private static func apply(_ mark: String, _ left: Int, _ right: Int) -> Int? {
    func checked(_ result: (partialValue: Int, overflow: Bool)) -> Int? { result.overflow ? nil : result.partialValue }
    switch mark {
    case "||": return left != 0 || right != 0 ? 1 : 0
    case "&&": return left != 0 && right != 0 ? 1 : 0
    case "==": return left == right ? 1 : 0
    case "!=": return left != right ? 1 : 0
    case "<=": return left <= right ? 1 : 0
    case ">=": return left >= right ? 1 : 0
    case "<": return left < right ? 1 : 0
    case ">": return left > right ? 1 : 0
    case "+": return checked(left.addingReportingOverflow(right))
    case "-": return checked(left.subtractingReportingOverflow(right))
    case "*": return checked(left.multipliedReportingOverflow(by: right))
    case "/": return right == 0 ? nil : checked(left.dividedReportingOverflow(by: right))
    default: return right == 0 ? nil : checked(left.remainderReportingOverflow(dividingBy: right))
    }
  }

  private mutating func power() -> Int? {
    guard let base = unary() else { return nil }
    guard take("**") else { return base }
    guard let exponent = unary(), (0...64).contains(exponent) else { return nil }
    var value = 1
    for _ in 0..<exponent {
      guard let next = Self.apply("*", value, base) else { return nil }
      value = next
    }
    return value
  }

  private mutating func unary() -> Int? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ShellScript.nestingLimit else { return nil }
    if take("!") { return unary().map { $0 == 0 ? 1 : 0 } }
    if take("-") { return unary().flatMap { Self.apply("-", 0, $0) } }
    if take("+") { return unary() }
    if take("(") {
      guard let value = choice(), take(")") else { return nil }
      return value
    }
    return atom()
  }

  private mutating func atom() -> Int? {
    var text = ""
    while position < scalars.count,
      ShellScanner.startsName(scalars[position]) || ShellScanner.isDigit(scalars[position])
    {
      text.unicodeScalars.append(scalars[position])
      position += 1
    }
    guard let first = text.unicodeScalars.first else { return nil }
    // A leading zero would be octal.
    if ShellScanner.isDigit(first) { return first == "0" && text.count > 1 ? nil : Int(text) }
    guard case .text(let value)? = variables[text], let known = value.known else { return nil }
    if standsInFor == nil { standsInFor = value.runs.lazy.compactMap(\.standsInFor).first }
    return Int(known.filter { $0 != " " })
  }
}
