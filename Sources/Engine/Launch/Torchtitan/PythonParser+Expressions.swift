/// Expressions.
extension PythonParser {
  /// The text of tokens, as it would be written on one line.
  func text(from start: Int, until end: Int) -> String {
    var text = ""
    for token in tokens[start..<min(end, tokens.count)].prefix(40) {
      let word = token.kind == .string || token.kind == .opaque ? PythonText.quoted(token.text) : token.text
      let isTight =
        text.isEmpty || "([{.".contains(text.last ?? " ") || [")", "]", "}", ".", ",", "(", "[", ":"].contains(word)
      text += (isTight ? "" : " ") + word
    }
    return text.count > 80 ? String(text.prefix(77)) + "..." : text
  }

  /// The expression that begins here, to the comma, bracket or line end behind it.
  mutating func expression() throws(InputError) -> PythonExpression {
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
