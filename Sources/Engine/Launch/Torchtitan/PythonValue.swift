/// What is known of a Python value without running anything, with the line where it stands.
struct PythonNode: Sendable, Equatable {
  /// The value.
  let value: PythonValue
  /// Its line, from 1.
  let line: Int
  /// Levels of lists and calls inside it.
  private let depth: Int

  /// A value; one that is nested deeper than any configuration is not followed.
  init(value: PythonValue, line: Int) {
    let inner =
      switch value {
      case .list(let items): items.lazy.map(\.depth).max() ?? 0
      case .call(let call):
        max(call.positional.lazy.map(\.depth).max() ?? 0, call.keywords.lazy.map(\.value.depth).max() ?? 0)
      default: 0
      }
    let isTooDeep = inner >= PythonParser.nestingLimit
    self.value = isTooDeep ? .unknown("a value of more than \(PythonParser.nestingLimit) levels") : value
    self.line = line
    depth = isTooDeep ? 1 : inner + 1
  }
}

/// A value of Python as far as literals, keyword calls and plain arithmetic say it.
indirect enum PythonValue: Sendable, Equatable {
  /// `None`.
  case none
  /// `True`, `False`.
  case bool(Bool)
  /// A whole number.
  case int(Int)
  /// A number with a point or an exponent.
  case double(Double)
  /// A text.
  case string(String)
  /// A list or a tuple.
  case list([PythonNode])
  /// A call that is not run: the constructor of an object, a function that is not in the file.
  case call(PythonCall)
  /// A name that the file does not define.
  case name(String)
  /// An expression that is not followed, as it is written.
  case unknown(String)

  /// An expression that is not followed; its text is shortened, so that texts put together of such stay short.
  static func notFollowed(_ text: String) -> PythonValue {
    .unknown(text.count > 80 ? String(text.prefix(77)) + "..." : text)
  }

  /// As people write it, shortened.
  var text: String {
    switch self {
    case .none: "None"
    case .bool(let value): PythonText.flag(value)
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): PythonText.quoted(value)
    case .list(let items): "a list of \(items.count)"
    case .call(let call): "\(call.name)(...)"
    case .name(let name): name
    case .unknown(let text): text
    }
  }
}

/// A call that is not run.
struct PythonCall: Sendable, Equatable {
  /// The called function or class, with its dots.
  var name: String
  /// Arguments without a name.
  var positional: [PythonNode]
  /// Arguments by name, and attributes that were set since.
  var keywords: [(name: String, value: PythonNode)]

  /// The value of a keyword or attribute.
  subscript(name: String) -> PythonNode? { keywords.first { $0.name == name }?.value }

  /// Sets a keyword or attribute.
  mutating func set(_ name: String, _ value: PythonNode) {
    if let index = keywords.firstIndex(where: { $0.name == name }) {
      keywords[index].value = value
    } else {
      keywords.append((name, value))
    }
  }

  /// Calls are equal where their parts are.
  static func == (a: PythonCall, b: PythonCall) -> Bool {
    a.name == b.name && a.positional == b.positional && a.keywords.map(\.name) == b.keywords.map(\.name)
      && a.keywords.map(\.value) == b.keywords.map(\.value)
  }
}

/// An expression of Python, as it is written.
indirect enum PythonExpression: Sendable {
  /// A literal.
  case literal(PythonValue, line: Int)
  /// A name.
  case name(String, line: Int)
  /// `base.name`.
  case attribute(PythonExpression, String, line: Int)
  /// `callee(arguments)`; an argument without a name has an empty one.
  case call(PythonExpression, [(name: String, value: PythonExpression)], line: Int)
  /// A list or a tuple.
  case list([PythonExpression], line: Int)
  /// An arithmetic operation; the left side of a sign is 0.
  case binary(String, PythonExpression, PythonExpression, line: Int)
  /// Anything else, as it is written.
  case other(String, line: Int)
}

/// A statement of Python.
enum PythonStatement: Sendable {
  /// `target.with.dots = value`.
  case assign([String], PythonExpression, line: Int)
  /// `return value`.
  case give(PythonExpression, line: Int)
  /// A statement that is not followed, by its first line.
  case other(String, line: Int)
}

/// A function of a file.
struct PythonFunction: Sendable {
  /// Its line, from 1.
  var line: Int
  /// It can be called without arguments.
  var takesNothing: Bool
  /// What it does.
  var body: [PythonStatement]
}
