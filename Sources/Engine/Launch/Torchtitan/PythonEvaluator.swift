/// Follows the functions of a Python file as far as literals, keyword calls, attributes and arithmetic go.
///
/// A call of a function of the file without arguments is what that returns; any other call stays a call.
struct PythonEvaluator {
  private let module: PythonParser.Module
  private let file: String
  private var globals: [String: PythonNode] = [:]
  private var calls: [String] = []
  private var steps = 0

  /// What was not followed, with its line.
  private(set) var notes: [String] = []

  /// Most expressions that are followed.
  private static let stepLimit = 200_000
  /// Deepest chain of calls.
  private static let callLimit = 10

  /// An evaluator of a file; it throws where the file is no Python, and follows what stands outside of functions.
  init(_ text: String, file: String) throws(InputError) {
    self.file = file
    module = try PythonParser.module(text, file: file)
    for case .assign(let target, let expression, _) in module.statements where target.count == 1 {
      globals[target[0]] = evaluate(expression, globals)
    }
  }

  /// Functions that can be called without arguments, in the order of the file.
  var functions: [String] { module.functions.filter { $0.function.takesNothing }.map(\.name) }

  /// What the file takes from where.
  var imports: [(module: String, name: String)] { module.imports }

  /// The line of a function.
  func line(of name: String) -> Int? { module.functions.first { $0.name == name }?.function.line }

  /// What a function of the file returns; nil where it is not there or returns nothing that is followed.
  mutating func call(_ name: String) -> PythonNode? {
    guard let function = module.functions.first(where: { $0.name == name })?.function, function.takesNothing,
      calls.count < Self.callLimit, !calls.contains(name)
    else { return nil }
    calls.append(name)
    defer { calls.removeLast() }
    var scope = globals
    for statement in function.body {
      switch statement {
      case .assign(let target, let expression, let line):
        let value = evaluate(expression, scope)
        guard let root = target.first else { continue }
        if target.count == 1 {
          scope[root] = value
        } else if let object = scope[root] {
          scope[root] = Self.setting(target.dropFirst(), of: object, to: value)
        } else {
          notes.append("line \(line): \(target.joined(separator: ".")) = \(value.value.text)")
        }
      case .give(let expression, _): return evaluate(expression, scope)
      case .other(let text, let line): notes.append("line \(line): \(text)")
      }
    }
    return nil
  }

  /// An object with an attribute set; what is no call becomes one without a name.
  private static func setting(_ path: ArraySlice<String>, of object: PythonNode, to value: PythonNode) -> PythonNode {
    guard let name = path.first else { return value }
    var call = PythonCall(name: "", positional: [], keywords: [])
    switch object.value {
    case .call(let known): call = known
    case .name(let known), .unknown(let known): call.name = known
    default: break
    }
    let inner = call[name] ?? PythonNode(value: .none, line: value.line)
    call.set(name, path.count == 1 ? value : setting(path.dropFirst(), of: inner, to: value))
    return PythonNode(value: .call(call), line: object.line)
  }

  // MARK: expressions

  private mutating func evaluate(_ expression: PythonExpression, _ scope: [String: PythonNode]) -> PythonNode {
    steps += 1
    switch expression {
    case .literal(let value, let line): return PythonNode(value: value, line: line)
    case .other(let text, let line): return PythonNode(value: .notFollowed(text), line: line)
    case .name(let name, let line):
      guard steps < Self.stepLimit, let value = scope[name] else { return PythonNode(value: .name(name), line: line) }
      return value
    case .list(let items, let line):
      return PythonNode(value: .list(items.map { evaluate($0, scope) }), line: line)
    case .attribute(let base, let name, let line):
      return PythonNode(value: attribute(evaluate(base, scope).value, name), line: line)
    case .binary(let symbol, let left, let right, let line):
      let (a, b) = (evaluate(left, scope).value, evaluate(right, scope).value)
      return PythonNode(
        value: Self.arithmetic(symbol, a, b) ?? .notFollowed("\(a.text) \(symbol) \(b.text)"), line: line)
    case .call(let callee, let arguments, let line):
      return call(callee, arguments, line: line, scope)
    }
  }

  private func attribute(_ base: PythonValue, _ name: String) -> PythonValue {
    switch base {
    case .name(let known): .name("\(known).\(name)")
    case .call(let call): call[name]?.value ?? .notFollowed("\(call.name)(...).\(name)")
    default: .notFollowed("\(base.text).\(name)")
    }
  }

  private mutating func call(
    _ callee: PythonExpression, _ arguments: [(name: String, value: PythonExpression)], line: Int,
    _ scope: [String: PythonNode]
  ) -> PythonNode {
    if case .name(let name, _) = callee, arguments.isEmpty, scope[name] == nil, steps < Self.stepLimit,
      let result = call(name)
    {
      return result
    }
    var call = PythonCall(name: "", positional: [], keywords: [])
    switch evaluate(callee, scope).value {
    case .name(let name): call.name = name
    case let other: call.name = PythonValue.notFollowed(other.text).text
    }
    for argument in arguments {
      let value = evaluate(argument.value, scope)
      if argument.name.isEmpty { call.positional.append(value) } else { call.set(argument.name, value) }
    }
    return PythonNode(value: .call(call), line: line)
  }

  // MARK: numbers

  /// A number as it is written; nil for those that are not followed.
  static func number(_ text: String) -> PythonValue? {
    let plain = text.replacing("_", with: "").lowercased()
    for (mark, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where plain.hasPrefix(mark) {
      return Int(plain.dropFirst(2), radix: radix).map { .int($0) }
    }
    if let whole = Int(plain) { return .int(whole) }
    return Quantity.number(plain).map { .double($0) }
  }

  private static func arithmetic(_ symbol: String, _ left: PythonValue, _ right: PythonValue) -> PythonValue? {
    switch (left, right) {
    case (.int(let a), .int(let b)): return whole(symbol, a, b)
    case (.string(let a), .string(let b)) where symbol == "+" && a.count + b.count < 10_000: return .string(a + b)
    case (.list(let a), .list(let b)) where symbol == "+" && a.count + b.count < 10_000: return .list(a + b)
    default:
      guard let a = double(left), let b = double(right) else { return nil }
      let value: Double? =
        switch symbol {
        case "+": a + b
        case "-": a - b
        case "*": a * b
        case "/": a / b
        default: nil
        }
      return value.flatMap { $0.isFinite ? .double($0) : nil }
    }
  }

  private static func double(_ value: PythonValue) -> Double? {
    switch value {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  private static func whole(_ symbol: String, _ a: Int, _ b: Int) -> PythonValue? {
    switch symbol {
    case "+": return exact(a.addingReportingOverflow(b))
    case "-": return exact(a.subtractingReportingOverflow(b))
    case "*": return exact(a.multipliedReportingOverflow(by: b))
    case "/": return b == 0 ? nil : .double(Double(a) / Double(b))
    case "//", "%":
      guard b > 0, a >= 0 else { return nil }
      return .int(symbol == "//" ? a / b : a % b)
    case "**":
      guard (0...62).contains(b) else { return nil }
      var value = 1
      for _ in 0..<b {
        let next = value.multipliedReportingOverflow(by: a)
        guard !next.overflow else { return nil }
        value = next.partialValue
      }
      return .int(value)
    default: return nil
    }
  }

  private static func exact(_ result: (partialValue: Int, overflow: Bool)) -> PythonValue? {
    result.overflow ? nil : .int(result.partialValue)
  }
}
