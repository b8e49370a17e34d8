/// Reads the statements of a Python file: functions, assignments, returns. Nothing is run.
struct PythonParser {
  /// Deepest nesting of brackets and of blocks that are followed.
  static let nestingLimit = 64

  private let file: String
  private let tokens: [PythonToken]
  private var position = 0
  private var depth = 0

  private init(_ tokens: [PythonToken], file: String) {
    self.tokens = tokens
    self.file = file
  }

  /// What a file defines.
  struct Module: Sendable {
    /// Functions by name, the last of each; nested ones are left out.
    var functions: [(name: String, function: PythonFunction)] = []
    /// Statements outside of functions.
    var statements: [PythonStatement] = []
    /// What `from module import name` takes from where.
    var imports: [(module: String, name: String)] = []
  }

  /// Parses a file; complexity: O(length).
  static func module(_ text: String, file: String) throws(InputError) -> Module {
    var parser = PythonParser(try PythonTokenizer.tokens(text, file: file), file: file)
    var module = Module()
    while parser.current != nil {
      if let (name, function) = try parser.function() {
        module.functions.removeAll { $0.name == name }
        module.functions.append((name, function))
      } else if parser.isWord("from") {
        module.imports += parser.imports()
      } else {
        module.statements += try parser.statement()
      }
    }
    return module
  }

  // MARK: tokens

  private var current: PythonToken? { position < tokens.count ? tokens[position] : nil }
  private var line: Int { current?.line ?? tokens.last?.line ?? 1 }

  private func isWord(_ text: String) -> Bool { current?.isWord(text) ?? false }

  private mutating func take(_ text: String) -> Bool {
    guard isWord(text) else { return false }
    position += 1
    return true
  }

  private func failure(_ what: String, _ remedy: String) -> InputError {
    .unsupported(at: InputPlace(file: file, line: line), what: what, remedy: remedy)
  }

  // MARK: statements

  /// The function that begins here; nil where none does.
  private mutating func function() throws(InputError) -> (String, PythonFunction)? {
    guard isWord("def") else { return nil }
    let start = line
    position += 1
    guard let name = current, name.kind == .name else {
      throw failure("not valid Python: a function without a name", "name it")
    }
    position += 1
    let takesNothing = try parameters()
    let isBlock = skipLine()
    guard isBlock else { return (name.text, PythonFunction(line: start, takesNothing: takesNothing, body: [])) }
    var body: [PythonStatement] = []
    while let token = current, token.kind != .dedent { body += try statement() }
    position += 1
    return (name.text, PythonFunction(line: start, takesNothing: takesNothing, body: body))
  }

  /// The names of `from module import name, name`, whose line is gone past.
  private mutating func imports() -> [(module: String, name: String)] {
    position += 1
    var module = ""
    while let token = current, token.kind != .newline, !token.isWord("import") {
      module += token.text
      position += 1
    }
    var found: [(module: String, name: String)] = []
    while let token = current, token.kind != .newline {
      if token.kind == .name, !token.isWord("import"), !token.isWord("as") { found.append((module, token.text)) }
      position += 1
    }
    return found
  }

  /// Goes past the parameters: true where all have defaults.
  private mutating func parameters() throws(InputError) -> Bool {
    guard take("(") else { throw failure("not valid Python: a function without parameters", "write def name():") }
    var (open, hasName, hasDefault, takesNothing) = (1, false, false, true)
    while let token = current, open > 0 {
      position += 1
      if token.isWord("(") || token.isWord("[") || token.isWord("{") { open += 1 }
      if token.isWord(")") || token.isWord("]") || token.isWord("}") { open -= 1 }
      if open == 0 || open == 1 && token.isWord(",") {
        if hasName, !hasDefault { takesNothing = false }
        (hasName, hasDefault) = (false, false)
      } else if open == 1, token.isWord("=") || token.isWord("*") || token.isWord("**") {
        hasDefault = true
      } else if token.kind == .name {
        hasName = true
      }
    }
    return takesNothing
  }

  /// Goes past the rest of a line; true where a block follows, whose beginning is gone past too.
  private mutating func skipLine() -> Bool {
    while let token = current, token.kind != .newline { position += 1 }
    position += 1
    guard current?.kind == .indent else { return false }
    position += 1
    return true
  }

  /// Goes past a block whose beginning was gone past.
  private mutating func skipBlock() {
    var open = 1
    while let token = current, open > 0 {
      if token.kind == .indent { open += 1 }
      if token.kind == .dedent { open -= 1 }
      position += 1
    }
  }

  /// The statements of the line that begins here; blocks that are not followed are one.
  private mutating func statement() throws(InputError) -> [PythonStatement] {
    guard let token = current else { return [] }
    if token.kind == .newline || token.kind == .indent || token.kind == .dedent {
      position += 1
      return []
    }
    let start = position
    let statement = try simple()
    if let statement, current?.kind == .newline || current == nil || isWord(";") {
      position += 1
      return [statement]
    }
    // What is not followed: the whole line, and its block.
    position = start
    let isSilent = ["import", "from", "pass", "assert", "class", "def", "@"].contains(token.text) || token.kind == .string
    let text = self.text(from: start, until: lineEnd)
    if skipLine() { skipBlock() }
    return isSilent ? [] : [.other(text, line: token.line)]
  }

  private var lineEnd: Int { tokens[position...].firstIndex { $0.kind == .newline } ?? tokens.count }

  /// An assignment or a return; nil for others.
  private mutating func simple() throws(InputError) -> PythonStatement? {
    let start = line
    if take("return") {
      if current?.kind == .newline { return .give(.literal(.none, line: start), line: start) }
      return .give(try expression(), line: start)
    }
    guard let first = current, first.kind == .name, !Self.keywords.contains(first.text) else { return nil }
    var target = [first.text]
    position += 1
    while take(".") {
      guard let next = current, next.kind == .name else { return nil }
      target.append(next.text)
      position += 1
    }
    if isWord(":") {
      // An annotation.
      position += 1
      while let token = current, token.kind != .newline, !token.isWord("=") { position += 1 }
    }
    guard take("=") else { return nil }
    return .assign(target, try expression(), line: start)
  }

  private static let keywords: Set<String> = [
    "if", "elif", "else", "for", "while", "with", "try", "except", "finally", "raise", "del", "global", "nonlocal",
    "import", "from", "pass", "assert", "class", "def", "yield", "async", "await", "match", "break", "continue",
  ]

  // MARK: expressions

  /// The text of tokens, as it would be written on one line.
  private func text(from start: Int, until end: Int) -> String {
    var text = ""
    for token in tokens[start..<min(end, tokens.count)].prefix(40) {
      let word = token.kind == .string || token.kind == .opaque ? PythonText.quoted(token.text) : token.text
      let isTight = text.isEmpty || "([{.".contains(text.last ?? " ") || [")", "]", "}", ".", ",", "(", "[", ":"].contains(word)
      text += (isTight ? "" : " ") + word
    }
    return text.count > 80 ? String(text.prefix(77)) + "..." : text
  }

  /// The expression that begins here, to the comma, bracket or line end behind it.
  private mutating func expression() throws(InputError) -> PythonExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.nestingLimit else {
      throw failure("nested deeper than \(Self.nestingLimit) levels", "write the configuration flatter")
    }
    let (start, at) = (position, line)
    if let sum = try sum(), isEnd { return sum }
    position = start
    skipExpression()
    return .other(text(from: start, until: position), line: at)
  }

  /// Whether an expression ends here.
  private var isEnd: Bool {
    guard let token = current else { return true }
    return token.kind == .newline || token.kind == .symbol && [",", ")", "]", "}", ":", "=", ";"].contains(token.text)
  }

  /// Goes to the comma, closing bracket or line end behind an expression.
  private mutating func skipExpression() {
    var open = 0
    while let token = current {
      if token.kind == .newline { return }
      if token.kind == .symbol {
        if "([{".contains(token.text) { open += 1 }
        if ")]}".contains(token.text) {
          if open == 0 { return }
          open -= 1
        }
        if open == 0, token.text == "," || token.text == ";" { return }
      }
      position += 1
    }
  }

  private mutating func sum() throws(InputError) -> PythonExpression? {
    try operation(["+", "-"]) { parser throws(InputError) in try parser.product() }
  }

  private mutating func product() throws(InputError) -> PythonExpression? {
    try operation(["*", "/", "//", "%"]) { parser throws(InputError) in try parser.power() }
  }

  private mutating func operation(
    _ symbols: [String], _ part: (inout PythonParser) throws(InputError) -> PythonExpression?
  ) throws(InputError) -> PythonExpression? {
    guard var left = try part(&self) else { return nil }
    var parts = 0
    while let token = current, token.kind == .symbol, symbols.contains(token.text) {
      position += 1
      parts += 1
      guard parts < Self.nestingLimit, let right = try part(&self) else { return nil }
      left = .binary(token.text, left, right, line: token.line)
    }
    return left
  }

  private mutating func power() throws(InputError) -> PythonExpression? {
    let start = line
    if take("-") {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.nestingLimit, let value = try power() else { return nil }
      return .binary("-", .literal(.int(0), line: start), value, line: start)
    }
    guard let base = try postfix() else { return nil }
    guard take("**") else { return base }
    guard let exponent = try postfix() else { return nil }
    return .binary("**", base, exponent, line: start)
  }

  private mutating func postfix() throws(InputError) -> PythonExpression? {
    guard var value = try atom() else { return nil }
    var parts = 0
    while true {
      let at = line
      parts += 1
      guard parts < Self.nestingLimit else { return nil }
      if take(".") {
        guard let name = current, name.kind == .name else { return nil }
        position += 1
        value = .attribute(value, name.text, line: at)
      } else if take("(") {
        guard let arguments = try arguments() else { return nil }
        value = .call(value, arguments, line: at)
      } else {
        return value
      }
    }
  }

  private mutating func arguments() throws(InputError) -> [(name: String, value: PythonExpression)]? {
    var found: [(name: String, value: PythonExpression)] = []
    while !take(")") {
      guard current != nil, !isWord("*"), !isWord("**") else { return nil }
      var name = ""
      if let token = current, token.kind == .name, position + 1 < tokens.count, tokens[position + 1].isWord("=") {
        name = token.text
        position += 2
      }
      found.append((name, try expression()))
      guard take(",") || isWord(")") else { return nil }
    }
    return found
  }

  private mutating func atom() throws(InputError) -> PythonExpression? {
    guard let token = current else { return nil }
    switch token.kind {
    case .string:
      var text = ""
      while let next = current, next.kind == .string {
        text += next.text
        position += 1
      }
      return .literal(.string(text), line: token.line)
    case .number:
      position += 1
      return PythonEvaluator.number(token.text).map { .literal($0, line: token.line) }
    case .name:
      position += 1
      switch token.text {
      case "None": return .literal(.none, line: token.line)
      case "True": return .literal(.bool(true), line: token.line)
      case "False": return .literal(.bool(false), line: token.line)
      case "lambda", "not", "await", "yield": return nil
      default: return .name(token.text, line: token.line)
      }
    case .symbol where token.text == "(" || token.text == "[": return try sequence(token)
    default: return nil
    }
  }

  /// A list, a tuple, or an expression in parentheses.
  private mutating func sequence(_ open: PythonToken) throws(InputError) -> PythonExpression? {
    position += 1
    let end = open.text == "(" ? ")" : "]"
    var (items, hasComma): ([PythonExpression], Bool) = ([], false)
    while !take(end) {
      guard current != nil, !isWord("*") else { return nil }
      items.append(try expression())
      if take(",") {
        hasComma = true
      } else if !isWord(end) {
        return nil
      }
    }
    if end == ")", items.count == 1, !hasComma { return items[0] }
    return .list(items, line: open.line)
  }
}
