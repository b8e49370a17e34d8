/// Compound commands.
extension ShellParser {
  /// The compound command that starts here; nil where a simple one does.
  mutating func compound() throws(InputError) -> ShellStatement? {
    if scanner.starts(with: "((") { return try arithmeticCommand() }
    if scanner.current == "(" { return try group("(", until: ")", isSubshell: true) }
    guard let keyword = keyword() else { return nil }
    let line = scanner.line
    switch keyword {
    case "{": return try group("{", until: "}", isSubshell: false)
    case "if": return try deeper { parser throws(InputError) in try parser.conditional(line) }
    case "case": return try deeper { parser throws(InputError) in try parser.choice(line) }
    case "for", "select": return try deeper { parser throws(InputError) in try parser.forLoop(keyword, line) }
    case "while", "until":
      return try deeper { parser throws(InputError) in
        parser.skip(keyword)
        _ = try parser.statements(until: ["do"])
        return .loop(variable: nil, body: try parser.loopBody(), line: line)
      }
    case "function":
      skip(keyword)
      try skipBlanks()
      guard let name = try word().plain else { throw failure("a function without a plain name", "name it in letters") }
      try skipBlanks()
      if scanner.take("(") {
        try skipBlanks()
        guard scanner.take(")") else { throw failure("a function with parameters", "write name() { ... }") }
      }
      return .function(name, body: try body())
    case "[[": return try test(line)
    default: return nil
    }
  }

  private mutating func skip(_ word: String) {
    for _ in word.unicodeScalars { scanner.advance() }
  }

  private mutating func deeper(_ read: (inout ShellParser) throws(InputError) -> ShellStatement) throws(InputError)
    -> ShellStatement
  {
    try scanner.descend()
    let statement = try read(&self)
    scanner.depth -= 1
    return statement
  }

  /// Goes past a keyword that must stand here.
  private mutating func expect(_ word: String, of what: String, since line: Int) throws(InputError) {
    guard keyword() == word else { throw scanner.unclosed(what, since: line, by: word) }
    skip(word)
  }

  private mutating func group(_ open: String, until end: String, isSubshell: Bool) throws(InputError) -> ShellStatement
  {
    skip(open)
    return try deeper { parser throws(InputError) in
      let inside = try parser.statements(until: [end])
      parser.skip(end)
      return .group(inside, isSubshell: isSubshell)
    }
  }

  private mutating func arithmeticCommand() throws(InputError) -> ShellStatement {
    let line = scanner.line
    skip("((")
    return .arithmetic(try arithmeticInside(line), line: line)
  }

  private mutating func conditional(_ line: Int) throws(InputError) -> ShellStatement {
    var branches: [ShellStatement.Branch] = []
    skip("if")
    while true {
      let condition = try statements(until: ["then"])
      try expect("then", of: "an if", since: line)
      let body = try statements(until: ["elif", "else", "fi"])
      branches.append(ShellStatement.Branch(condition: condition, body: body))
      guard keyword() == "elif" else { break }
      skip("elif")
    }
    if keyword() == "else" {
      skip("else")
      branches.append(ShellStatement.Branch(body: try statements(until: ["fi"])))
    }
    try expect("fi", of: "an if", since: line)
    return .conditional(branches, line: line)
  }

  private mutating func choice(_ line: Int) throws(InputError) -> ShellStatement {
    skip("case")
    try skipBlanks()
    let subject = try word()
    try skipLines()
    try expect("in", of: "a case", since: line)
    var branches: [ShellStatement.Branch] = []
    while true {
      try skipLines()
      if keyword() == "esac" { break }
      _ = scanner.take("(")
      var patterns: [ShellTemplate] = []
      repeat {
        try skipBlanks()
        guard let scalar = scanner.current, !endsWord(scalar) else {
          throw scanner.unclosed("a case", since: line, by: "esac")
        }
        patterns.append(try word())
        try skipBlanks()
      } while scanner.take("|")
      guard scanner.take(")") else { throw failure("a pattern of a case without its parenthesis", "write pattern)") }
      let body = try statements(until: [";;", "esac"])
      branches.append(ShellStatement.Branch(patterns: patterns, body: body))
      _ = scanner.take(";;")
    }
    skip("esac")
    return .choice(subject, branches, line: line)
  }

  private mutating func forLoop(_ keyword: String, _ line: Int) throws(InputError) -> ShellStatement {
    skip(keyword)
    try skipBlanks()
    var variable: String?
    if scanner.starts(with: "((") {
      skip("((")
      _ = try arithmeticInside(line)
    } else {
      variable = try word().plain
      try skipLines()
      if self.keyword() == "in" {
        skip("in")
        try skipBlanks()
        while let scalar = scanner.current, !endsWord(scalar) {
          _ = try word()
          try skipBlanks()
        }
      }
    }
    _ = try statements(until: ["do"])
    return .loop(variable: variable, body: try loopBody(), line: line)
  }

  private mutating func loopBody() throws(InputError) -> [ShellStatement] {
    skip("do")
    let body = try statements(until: ["done"])
    skip("done")
    return body
  }

  /// `[[ ... ]]`: its words; operators that would end a word outside are words of their own.
  private mutating func test(_ line: Int) throws(InputError) -> ShellStatement {
    skip("[[")
    var words: [ShellTemplate] = []
    while true {
      try skipLines()
      guard let scalar = scanner.current else { throw scanner.unclosed("a condition", since: line, by: "]]") }
      if keyword() == "]]" {
        skip("]]")
        return .test(words, line: line)
      }
      let isPattern = words.last?.plain == "=~"
      if !isPattern, let mark = ["&&", "||", "(", ")", "<", ">"].first(where: scanner.starts) {
        skip(mark)
        words.append(ShellTemplate(parts: [.literal(mark, isQuoted: false, line: line)], line: line))
      } else if isPattern {
        let start = scanner.position
        while let next = scanner.current, next != " ", next != "\n" { scanner.advance() }
        words.append(ShellTemplate(parts: [.opaque(scanner.text(from: start), line: line)], line: line))
      } else {
        guard !endsWord(scalar) else { throw failure("'\(scalar)' in a condition", "quote it") }
        words.append(try word())
      }
    }
  }
}
