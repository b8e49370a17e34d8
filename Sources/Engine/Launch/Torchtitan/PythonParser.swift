/// Reads the statements of a Python file: functions, assignments, returns. Nothing is run.
struct PythonParser {
  /// Deepest nesting of brackets and of blocks that are followed.
  static let nestingLimit = 64

  /// Name of the file, for messages.
  let file: String
  /// Its tokens.
  let tokens: [PythonToken]
  /// Index of the next token.
  var position = 0
  /// How deep the reader is inside expressions.
  var depth = 0

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

  /// The next token; nil at the end.
  var current: PythonToken? { position < tokens.count ? tokens[position] : nil }
  /// Its line.
  var line: Int { current?.line ?? tokens.last?.line ?? 1 }

  /// Whether the next token is a name or a symbol of that text.
  func isWord(_ text: String) -> Bool { current?.isWord(text) ?? false }

  /// Goes past such a token.
  mutating func take(_ text: String) -> Bool {
    guard isWord(text) else { return false }
    position += 1
    return true
  }

  /// What is wrong at the next token.
  func failure(_ what: String, _ remedy: String) -> InputError {
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
    let isSilent =
      ["import", "from", "pass", "assert", "class", "def", "@"].contains(token.text) || token.kind == .string
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
}
