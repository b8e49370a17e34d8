/// Reads the text of a script into statements.
struct ShellParser: Sendable {
  /// The characters.
  var scanner: ShellScanner
  /// Texts of here-documents, by their numbers.
  var documents: [[ShellPart]] = []
  /// Lines of `#SBATCH`.
  var directives: [ShellDirective] = []
  /// The text is that of a here-document, where double quotes stand for themselves.
  var isDocument = false
  /// Here-documents that begin on the next line.
  private var pending: [Pending] = []

  private struct Pending {
    var number: Int
    var delimiter: String
    var stripsTabs: Bool
    var expands: Bool
    var line: Int
  }

  /// A parser at the start of a text; `line` and `depth` are those of the script around it.
  init(_ text: String, file: String, line: Int = 1, depth: Int = 0) throws(InputError) {
    scanner = try ShellScanner(text, file: file, line: line)
    scanner.depth = depth
  }

  /// An error at a line.
  func failure(_ what: String, _ remedy: String, line: Int? = nil) -> InputError {
    .unsupported(at: InputPlace(file: scanner.file, line: line ?? scanner.line), what: what, remedy: remedy)
  }

  /// Statements up to one of the words in `ends`, which is left where it is; up to the end of the text without any.
  mutating func statements(until ends: Set<String>) throws(InputError) -> [ShellStatement] {
    var found: [ShellStatement] = []
    while true {
      try skipSeparators()
      guard scanner.current != nil else {
        guard ends.isEmpty else {
          throw failure(
            "the script ends inside a compound command", "close it with \(ends.sorted().joined(separator: " or "))")
        }
        return found
      }
      if ends.contains(";;"), scanner.starts(with: ";;") { return found }
      if ends.contains(")"), scanner.current == ")" { return found }
      if let keyword = keyword(), ends.contains(keyword) { return found }
      guard scanner.current != ")", !scanner.starts(with: ";;") else {
        throw failure("nothing is open that this would close", "remove it, or quote it")
      }
      found.append(try chain())
    }
  }

  /// The unquoted word of letters that stands here, without going past it; also `{`, `}`, `!` and `[[`.
  func keyword() -> String? {
    var end = scanner.position
    while end < scanner.scalars.count, end - scanner.position < 16, !endsKeyword(scanner.scalars[end]) { end += 1 }
    guard end > scanner.position, end - scanner.position < 16 else { return nil }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scanner.scalars[scanner.position..<end])
    return String(text)
  }

  private func endsKeyword(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\n", ";", "&", "|", "(", ")", "<", ">": true
    default: false
    }
  }

  /// Pipelines joined by `&&` and `||`.
  private mutating func chain() throws(InputError) -> ShellStatement {
    let first = try pipeline()
    var links: [ShellStatement.Link] = []
    while true {
      try skipBlanks()
      let isAnd = scanner.take("&&")
      guard isAnd || scanner.take("||") else { break }
      try skipLines()
      links.append(ShellStatement.Link(isAnd: isAnd, statement: try pipeline()))
    }
    return links.isEmpty ? first : .chain(first, links)
  }

  /// Commands joined by `|`.
  private mutating func pipeline() throws(InputError) -> ShellStatement {
    var isNegated = false
    while let word = keyword(), word == "!" || word == "time" {
      if word == "!" { isNegated.toggle() }
      for _ in word.unicodeScalars { scanner.advance() }
      try skipBlanks()
    }
    var commands = [try command()]
    while true {
      try skipBlanks()
      guard scanner.current == "|", scanner.peek() != "|" else { break }
      scanner.advance()
      _ = scanner.take("&")
      try skipLines()
      commands.append(try command())
    }
    return commands.count == 1 && !isNegated ? commands[0] : .pipeline(commands, isNegated: isNegated)
  }
}

/// Blanks, comments and the ends of lines.
extension ShellParser {
  /// Spaces, tabs, joined lines, and a comment.
  mutating func skipBlanks() throws(InputError) {
    while let scalar = scanner.current {
      if scalar == " " || scalar == "\t" {
        scanner.advance()
      } else if scalar == "\\", scanner.peek() == "\n" {
        scanner.advance()
        scanner.advance()
      } else if scalar == "#" {
        skipComment()
      } else {
        return
      }
    }
  }

  /// Blanks and ends of lines; here-documents begin behind these.
  mutating func skipLines() throws(InputError) {
    try skipBlanks()
    while scanner.current == "\n" {
      scanner.advance()
      try readDocuments()
      try skipBlanks()
    }
  }

  /// What separates statements: ends of lines, `;` and `&`, but not `;;`.
  private mutating func skipSeparators() throws(InputError) {
    while true {
      try skipLines()
      guard let scalar = scanner.current, scalar == ";" || scalar == "&", !scanner.starts(with: ";;") else { return }
      scanner.advance()
    }
  }

  private mutating func skipComment() {
    let (start, line) = (scanner.position, scanner.line)
    let isFirst = start == 0 || scanner.scalars[start - 1] == "\n"
    while let scalar = scanner.current, scalar != "\n" { scanner.advance() }
    guard isFirst else { return }
    let text = scanner.text(from: start)
    guard text.hasPrefix("#SBATCH"), let next = text.dropFirst(7).first, next == " " || next == "\t" else { return }
    directives.append(ShellDirective(text: String(text.dropFirst(8)), line: line))
  }
}

/// Here-documents.
extension ShellParser {
  /// Notes a here-document whose text begins on the next line; returns its number.
  mutating func expectDocument(stripsTabs: Bool) throws(InputError) -> Int {
    try skipBlanks()
    let line = scanner.line
    let start = scanner.position
    let delimiter = try word()
    let source = scanner.text(from: start)
    var text = ""
    for part in delimiter.parts {
      guard case .literal(let piece, _, _) = part else {
        throw failure("a here-document whose end is not a plain word", "end it with a word such as EOF", line: line)
      }
      text += piece
    }
    guard !text.isEmpty else { throw failure("a here-document without a word that ends it", "write <<EOF", line: line) }
    documents.append([])
    pending.append(
      Pending(
        number: documents.count - 1, delimiter: text, stripsTabs: stripsTabs,
        expands: !source.contains { "'\"\\".contains($0) }, line: line))
    return documents.count - 1
  }

  /// Reads the here-documents that begin here.
  private mutating func readDocuments() throws(InputError) {
    let expected = pending
    pending = []
    for document in expected {
      var text = ""
      let first = scanner.line
      while true {
        guard scanner.current != nil else {
          throw scanner.unclosed("a here-document", since: document.line, by: "a line \(document.delimiter)")
        }
        let start = scanner.position
        while let scalar = scanner.current, scalar != "\n" { scanner.advance() }
        var content = scanner.text(from: start)
        if document.stripsTabs { content = String(content.drop { $0 == "\t" }) }
        scanner.advance()
        if content == document.delimiter { break }
        text += content + "\n"
      }
      documents[document.number] = try inside(text, line: first, expands: document.expands)
    }
  }

  /// Parts of the text of a here-document: expanded as in double quotes, whose quotes stand for themselves.
  private func inside(_ text: String, line: Int, expands: Bool) throws(InputError) -> [ShellPart] {
    guard expands, text.contains(where: { "$`\\".contains($0) }) else {
      return [.literal(text, isQuoted: true, line: line)]
    }
    var parser = try ShellParser(text, file: scanner.file, line: line, depth: scanner.depth)
    parser.isDocument = true
    return try parser.parts(until: "\u{0}", isQuoted: true)
  }
}
