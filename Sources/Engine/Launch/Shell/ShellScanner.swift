/// The characters of a script, one after the other, with the line of each.
struct ShellScanner: Sendable {
  /// Name of the file, for messages.
  let file: String
  /// The text.
  let scalars: [Unicode.Scalar]
  /// Index of the next character.
  var position = 0
  /// Its line, from 1.
  var line: Int
  /// How deep the reader is inside compound commands and substitutions.
  var depth = 0

  /// A scanner at the start of a text; line ends of Windows are read as plain ones.
  ///
  /// Throws where the text has control characters.
  init(_ text: String, file: String, line: Int = 1) throws(InputError) {
    self.file = file
    self.line = line
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    var current = line
    for scalar in text.unicodeScalars where scalar != "\r" && scalar.value != 0xFEFF {
      if scalar == "\n" { current += 1 }
      let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
      guard !isControl || scalar == "\n" || scalar == "\t" else {
        let code = String(scalar.value, radix: 16, uppercase: true)
        throw .unsupported(
          at: InputPlace(file: file, line: current), what: "a control character (U+\(code))",
          remedy: "a script is plain text: remove it")
      }
      scalars.append(scalar)
    }
    self.scalars = scalars
  }

  /// The next character; nil at the end.
  var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  /// A character further on.
  func peek(_ offset: Int = 1) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  /// Whether the text goes on with these characters.
  func starts(with text: String) -> Bool {
    var index = position
    for scalar in text.unicodeScalars {
      guard index < scalars.count, scalars[index] == scalar else { return false }
      index += 1
    }
    return true
  }

  /// Goes one character further.
  mutating func advance() {
    guard position < scalars.count else { return }
    if scalars[position] == "\n" { line += 1 }
    position += 1
  }

  /// Goes past these characters where the text goes on with them.
  mutating func take(_ text: String) -> Bool {
    guard starts(with: text) else { return false }
    for _ in text.unicodeScalars { advance() }
    return true
  }

  /// The text from an earlier position to here.
  func text(from start: Int) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[start..<position])
    return String(text)
  }

  /// Goes one level deeper, or throws where that is too deep; each call has its `depth -= 1`.
  mutating func descend() throws(InputError) {
    depth += 1
    guard depth <= ShellScript.nestingLimit else {
      throw .unsupported(
        at: InputPlace(file: file, line: line), what: "nested deeper than \(ShellScript.nestingLimit) levels",
        remedy: "write the script flatter")
    }
  }

  /// The error for something that is opened and never closed.
  func unclosed(_ what: String, since line: Int, by end: String) -> InputError {
    .unsupported(
      at: InputPlace(file: file, line: line), what: "\(what) is opened here and not closed",
      remedy: "close it with \(end)")
  }

  /// A character that names start with.
  static func startsName(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  /// A decimal digit.
  static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return ("0"..."9").contains(scalar)
  }

  /// The name that starts here; nil where none does.
  mutating func name() -> String? {
    guard Self.startsName(current) else { return nil }
    let start = position
    while Self.startsName(current) || Self.isDigit(current) { advance() }
    return text(from: start)
  }
}

extension ShellScanner {
  /// Goes past the inside of `$(` or `(` and the parenthesis that closes it.
  mutating func skipParentheses(since opened: Int) throws(InputError) {
    try skipInside("(", ")", "a parenthesis", since: opened)
  }

  /// Goes past the inside of `${` and the brace that closes it.
  mutating func skipBraces(since opened: Int) throws(InputError) {
    try skipInside("{", "}", "a brace", since: opened)
  }

  /// Goes past what closes a bracket that is open; brackets in quotes and backquotes do not count.
  private mutating func skipInside(
    _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ what: String, since opened: Int
  ) throws(InputError) {
    try descend()
    var open = 1
    while let scalar = current {
      let start = line
      advance()
      switch scalar {
      case "\\": advance()
      case "'": try skip(to: "'", since: start)
      case "`": try skip(to: "`", since: start)
      case "\"": try skipDoubleQuotes(since: start)
      case opening: open += 1
      case closing:
        open -= 1
        if open == 0 {
          depth -= 1
          return
        }
      default: break
      }
    }
    throw unclosed(what, since: opened, by: "\(closing)")
  }

  /// Goes past the inside of double quotes and the quote that closes them.
  mutating func skipDoubleQuotes(since opened: Int) throws(InputError) {
    try descend()
    while let scalar = current {
      let start = line
      advance()
      switch scalar {
      case "\\": advance()
      case "`": try skip(to: "`", since: start)
      case "$" where current == "(":
        advance()
        try skipParentheses(since: start)
      case "\"":
        depth -= 1
        return
      default: break
      }
    }
    throw unclosed("a double quote", since: opened, by: "\"")
  }

  /// Goes past the next such character; in backquotes an escaped one does not count.
  mutating func skip(to end: Unicode.Scalar, since opened: Int) throws(InputError) {
    while let scalar = current {
      advance()
      if scalar == end { return }
      if scalar == "\\", end == "`" { advance() }
    }
    throw unclosed(end == "'" ? "a single quote" : "a backquote", since: opened, by: "\(end)")
  }
}
