/// Words: quotes, expansions and plain characters.
extension ShellParser {
  /// Whether a character ends a word outside of quotes.
  func endsWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\n", ";", "&", "|", "(", ")": true
    case "<", ">": scanner.peek() != "("
    default: false
    }
  }

  /// The word that starts here; it has at least one part.
  mutating func word() throws(InputError) -> ShellTemplate {
    let line = scanner.line
    let parts = try parts(until: nil, isQuoted: false)
    return ShellTemplate(parts: parts, line: line)
  }

  /// Parts up to `end`, or up to the end of the word where it is nil; `isQuoted` inside double quotes.
  mutating func parts(until end: Unicode.Scalar?, isQuoted: Bool) throws(InputError) -> [ShellPart] {
    var builder = ShellPartBuilder()
    while let scalar = scanner.current {
      if let end {
        if scalar == end { break }
      } else if endsWord(scalar) {
        break
      }
      try part(scalar, isQuoted: isQuoted, into: &builder)
    }
    return builder.finish()
  }

  private mutating func part(_ scalar: Unicode.Scalar, isQuoted: Bool, into builder: inout ShellPartBuilder)
    throws(InputError)
  {
    let line = scanner.line
    switch scalar {
    case "\\": escape(isQuoted: isQuoted, into: &builder)
    case "'" where !isQuoted: try singleQuotes(into: &builder)
    case "\"" where !isDocument: try doubleQuotes(into: &builder)
    case "$": try dollar(isQuoted: isQuoted, into: &builder)
    case "`":
      let start = scanner.position
      scanner.advance()
      try scanner.skip(to: "`", since: line)
      builder.add(.opaque(scanner.text(from: start), line: line))
    case "<", ">":
      guard !isQuoted, scanner.peek() == "(" else {
        builder.add(scalar, isQuoted: isQuoted, line: line)
        return scanner.advance()
      }
      let start = scanner.position
      scanner.advance()
      scanner.advance()
      try scanner.skipParentheses(since: line)
      builder.add(.opaque(scanner.text(from: start), line: line))
    default:
      builder.add(scalar, isQuoted: isQuoted, line: line)
      scanner.advance()
    }
  }

  /// A backslash: it takes the meaning off the next character, and joins lines.
  private mutating func escape(isQuoted: Bool, into builder: inout ShellPartBuilder) {
    let line = scanner.line
    scanner.advance()
    guard let next = scanner.current else { return builder.add("\\", isQuoted: true, line: line) }
    if next == "\n" { return scanner.advance() }
    if isQuoted, !["$", "`", "\\"].contains(next), next != "\"" || isDocument {
      builder.add("\\", isQuoted: true, line: line)
    }
    builder.add(next, isQuoted: true, line: line)
    scanner.advance()
  }

  private mutating func singleQuotes(into builder: inout ShellPartBuilder) throws(InputError) {
    let opened = scanner.line
    scanner.advance()
    builder.begin(isQuoted: true, line: opened)
    while let scalar = scanner.current {
      if scalar == "'" { return scanner.advance() }
      builder.add(scalar, isQuoted: true, line: scanner.line)
      scanner.advance()
    }
    throw scanner.unclosed("a single quote", since: opened, by: "'")
  }

  private mutating func doubleQuotes(into builder: inout ShellPartBuilder) throws(InputError) {
    let opened = scanner.line
    scanner.advance()
    // Not with an expansion inside: of an array without elements no word is left.
    if scanner.current == "\"" { builder.begin(isQuoted: true, line: opened) }
    while let scalar = scanner.current {
      if scalar == "\"" { return scanner.advance() }
      try part(scalar, isQuoted: true, into: &builder)
    }
    throw scanner.unclosed("a double quote", since: opened, by: "\"")
  }
}

/// Expansions.
extension ShellParser {
  /// A dollar sign and what belongs to it.
  fileprivate mutating func dollar(isQuoted: Bool, into builder: inout ShellPartBuilder) throws(InputError) {
    let (line, start) = (scanner.line, scanner.position)
    scanner.advance()
    guard let next = scanner.current else { return builder.add("$", isQuoted: isQuoted, line: line) }
    switch next {
    case "(" where scanner.peek() == "(": builder.add(try arithmetic(start, line))
    case "(":
      scanner.advance()
      try scanner.skipParentheses(since: line)
      builder.add(.opaque(scanner.text(from: start), line: line))
    case "{":
      scanner.advance()
      try scanner.descend()
      let parameter = try braced(start, isQuoted: isQuoted, line)
      scanner.depth -= 1
      builder.add(.parameter(parameter, isQuoted: isQuoted, line: line))
    case "'" where !isQuoted:
      scanner.advance()
      while let scalar = scanner.current, scalar != "'" {
        if scalar == "\\" { scanner.advance() }
        scanner.advance()
      }
      guard scanner.take("'") else { throw scanner.unclosed("a single quote", since: line, by: "'") }
      builder.add(.opaque(scanner.text(from: start), line: line))
    case "\"" where !isQuoted: break
    default:
      guard let name = scanner.name() ?? special() else { return builder.add("$", isQuoted: isQuoted, line: line) }
      let element: ShellParameter.Element = name == "@" ? .all : name == "*" ? .joined : .first
      let parameter = ShellParameter(name: name, element: element, source: scanner.text(from: start))
      builder.add(.parameter(parameter, isQuoted: isQuoted, line: line))
    }
  }

  /// The name of a special parameter, or one digit.
  private mutating func special() -> String? {
    guard let scalar = scanner.current, "@*#?$!-0123456789".unicodeScalars.contains(scalar) else { return nil }
    scanner.advance()
    return String(Character(scalar))
  }

  /// `$((...))`, from its first parenthesis.
  private mutating func arithmetic(_ start: Int, _ line: Int) throws(InputError) -> ShellPart {
    scanner.advance()
    scanner.advance()
    let inside = try arithmeticInside(line)
    return .arithmetic(inside, source: scanner.text(from: start), line: line)
  }

  /// The inside of `((`, up to and with the two parentheses that close it.
  mutating func arithmeticInside(_ line: Int) throws(InputError) -> [ShellPart] {
    try scanner.descend()
    var builder = ShellPartBuilder()
    var open = 0
    while let scalar = scanner.current {
      if open == 0, scanner.take("))") {
        scanner.depth -= 1
        return builder.finish()
      }
      if scalar == "(" { open += 1 }
      if scalar == ")" { open -= 1 }
      guard open >= 0 else { break }
      try part(scalar, isQuoted: true, into: &builder)
    }
    throw scanner.unclosed("arithmetic", since: line, by: "))")
  }

  /// The inside of `${`, up to and with the brace that closes it.
  private mutating func braced(_ start: Int, isQuoted: Bool, _ line: Int) throws(InputError) -> ShellParameter {
    let isLength = scanner.current == "#" && scanner.peek() != "}"
    let isIndirect = scanner.current == "!"
    if isLength || isIndirect { scanner.advance() }
    guard let name = scanner.name() ?? digits() ?? special() else {
      throw .unsupported(
        at: InputPlace(file: scanner.file, line: line), what: "${ without the name of a variable",
        remedy: "write ${NAME}")
    }
    var parameter = ShellParameter(name: name, source: "")
    if name == "@" { parameter.element = .all }
    if name == "*" { parameter.element = .joined }
    if scanner.current == "[" { parameter.element = try element(line) }
    let operators = [":-", ":=", ":+", ":?", "-", "=", "+", "?"]
    if scanner.take("}") {
      parameter.operation = isIndirect ? .other : isLength ? .length : .plain
    } else if !isLength, !isIndirect, let mark = operators.first(where: scanner.starts) {
      for _ in mark.unicodeScalars { scanner.advance() }
      parameter.operation = .otherwise(mark, try parts(until: "}", isQuoted: isQuoted))
      guard scanner.take("}") else { throw scanner.unclosed("a brace", since: line, by: "}") }
    } else {
      try scanner.skipBraces(since: line)
      parameter.operation = .other
    }
    parameter.source = scanner.text(from: start)
    return parameter
  }

  private mutating func digits() -> String? {
    let start = scanner.position
    while ShellScanner.isDigit(scanner.current) { scanner.advance() }
    return scanner.position > start ? scanner.text(from: start) : nil
  }

  private mutating func element(_ line: Int) throws(InputError) -> ShellParameter.Element {
    scanner.advance()
    let start = scanner.position
    while let scalar = scanner.current, scalar != "]", scalar != "\n" { scanner.advance() }
    let index = scanner.text(from: start)
    guard scanner.take("]") else { throw scanner.unclosed("a bracket", since: line, by: "]") }
    switch index {
    case "@": return .all
    case "*": return .joined
    default: return Int(index).map(ShellParameter.Element.at) ?? .other
    }
  }
}
