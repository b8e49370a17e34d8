/// Simple commands.
extension ShellParser {
  /// Programs whose arguments are assignments.
  static let declaring: Set<String> = ["export", "declare", "local", "readonly", "typeset"]

  /// The command that starts here, simple or compound.
  mutating func command() throws(InputError) -> ShellStatement {
    try skipBlanks()
    if let statement = try compound() {
      _ = try redirections()
      return statement
    }
    return try simple()
  }

  /// Redirections behind a compound command.
  private mutating func redirections() throws(InputError) -> ShellSimple {
    var ignored = ShellSimple(line: scanner.line)
    try skipBlanks()
    while try redirection(into: &ignored) { try skipBlanks() }
    return ignored
  }

  private mutating func simple() throws(InputError) -> ShellStatement {
    var command = ShellSimple(line: scanner.line)
    let start = scanner.position
    while true {
      try skipBlanks()
      guard let scalar = scanner.current else { break }
      if try redirection(into: &command) { continue }
      if scalar == "(", command.words.count == 1, command.assignments.isEmpty, let name = command.words[0].plain {
        return try function(name)
      }
      if scalar == "(" { throw failure("a parenthesis inside a command", "quote it") }
      if endsWord(scalar) { break }
      let takesAssignments = command.words.first?.plain.map(Self.declaring.contains) ?? true
      if takesAssignments, let assignment = try assignment() {
        command.assignments.append(assignment)
      } else {
        command.words.append(try word())
      }
    }
    guard scanner.position > start else { throw failure("a command is missing here", "remove what stands before it") }
    return .simple(command)
  }

  /// `name()`, from its parenthesis.
  private mutating func function(_ name: String) throws(InputError) -> ShellStatement {
    scanner.advance()
    try skipBlanks()
    guard scanner.take(")") else { throw failure("a parenthesis inside a command", "quote it") }
    return .function(name, body: try body())
  }

  /// The body of a function.
  mutating func body() throws(InputError) -> [ShellStatement] {
    try skipLines()
    try scanner.descend()
    let body = try command()
    scanner.depth -= 1
    return [body]
  }

  /// An assignment that starts here; nil where another word does.
  private mutating func assignment() throws(InputError) -> ShellAssignment? {
    let before = scanner
    let line = scanner.line
    guard let name = scanner.name() else { return nil }
    var isElement = false
    if scanner.current == "[" {
      while let scalar = scanner.current, scalar != "]", scalar != "\n" { scanner.advance() }
      isElement = scanner.take("]")
    }
    let appends = scanner.take("+=")
    guard appends || scanner.take("=") else {
      scanner = before
      return nil
    }
    var value = ShellAssignment.Value.other
    if scanner.current == "(" {
      let elements = try array(line)
      if !isElement { value = .array(elements) }
    } else {
      let text = ShellTemplate(parts: try parts(until: nil, isQuoted: false), line: line)
      if !isElement { value = .text(text) }
    }
    return ShellAssignment(name: name, appends: appends, value: value, line: line)
  }

  /// The elements of an array, from its parenthesis to the one that closes it.
  private mutating func array(_ opened: Int) throws(InputError) -> [ShellTemplate] {
    scanner.advance()
    var elements: [ShellTemplate] = []
    while true {
      try skipLines()
      guard let scalar = scanner.current else { throw scanner.unclosed("an array", since: opened, by: ")") }
      if scanner.take(")") { return elements }
      guard !endsWord(scalar) else { throw failure("'\(scalar)' in an array", "quote it") }
      elements.append(try word())
    }
  }

  /// A redirection that starts here: true where there was one.
  private mutating func redirection(into command: inout ShellSimple) throws(InputError) -> Bool {
    let before = scanner
    while ShellScanner.isDigit(scanner.current) { scanner.advance() }
    if scanner.take("&>>") || scanner.take("&>") {
      command.output = try target()
    } else if scanner.starts(with: "<(") || scanner.starts(with: ">(") {
      scanner = before
      return false
    } else if scanner.take("<<<") {
      command.hereString = try target()
    } else if scanner.take("<<-") {
      command.document = try expectDocument(stripsTabs: true)
    } else if scanner.take("<<") {
      command.document = try expectDocument(stripsTabs: false)
    } else if scanner.take(">&") || scanner.take("<&") || scanner.take("<>") {
      _ = try target()
    } else if scanner.take(">>") || scanner.take(">|") || scanner.take(">") {
      let isErrors = before.current == "2"
      let file = try target()
      if !isErrors { command.output = file }
    } else if scanner.take("<") {
      _ = try target()
    } else {
      scanner = before
      return false
    }
    return true
  }

  private mutating func target() throws(InputError) -> ShellTemplate {
    try skipBlanks()
    guard let scalar = scanner.current, !endsWord(scalar) else {
      // `PATH=<Specify a path>` of a template: bash would refuse the line, here nothing hangs on it.
      guard scanner.current == "\n" || scanner.current == nil else {
        throw failure("a redirection without a file", "name one behind it")
      }
      return ShellTemplate(parts: [], line: scanner.line)
    }
    return try word()
  }
}
