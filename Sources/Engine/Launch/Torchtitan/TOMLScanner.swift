/// The characters of a TOML text, one after the other, with the line of each.
struct TOMLScanner {
  /// Name of the file, for messages.
  let file: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  /// The line of the next character, from 1.
  private(set) var line = 1

  /// A scanner at the start; line ends of Windows are read as plain ones.
  init(_ text: String, file: String) {
    self.file = file
    scalars = text.unicodeScalars.filter { $0 != "\r" && $0.value != 0xFEFF }
  }

  /// The next character; nil at the end.
  var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  /// Goes one character further.
  mutating func advance() {
    guard position < scalars.count else { return }
    if scalars[position] == "\n" { line += 1 }
    position += 1
  }

  /// Goes past these characters where the text goes on with them; blanks before them are passed over.
  mutating func take(_ text: String) -> Bool {
    skipBlanks()
    let expected = Array(text.unicodeScalars)
    guard scalars[position...].starts(with: expected) else { return false }
    for _ in expected { advance() }
    return true
  }

  private mutating func skipBlanks() {
    while current == " " || current == "\t" { advance() }
  }

  private mutating func skipComment() {
    guard current == "#" else { return }
    while let scalar = current, scalar != "\n" { advance() }
  }

  /// Goes past blanks, comments and line ends.
  mutating func skipLines() {
    while true {
      skipBlanks()
      skipComment()
      guard current == "\n" else { return }
      advance()
    }
  }

  /// The end of a line behind a value or a table's name.
  mutating func endLine() throws(InputError) {
    skipBlanks()
    skipComment()
    guard current == nil || current == "\n" else { throw failure("more than one value on a line", "write one a line") }
  }

  // MARK: errors

  /// What is wrong at the next character.
  func failure(_ what: String, _ remedy: String) -> InputError {
    .unsupported(at: InputPlace(file: file, line: line), what: "not valid TOML: \(what)", remedy: remedy)
  }

  /// A key that is there already.
  func twice(_ key: String, at line: Int) -> InputError {
    .unsupported(
      at: InputPlace(file: file, line: line), what: "not valid TOML: the key '\(key)' stands twice",
      remedy: "keep one of them")
  }

  /// More keys than any configuration has.
  func tooMany(at line: Int) -> InputError {
    .unsupported(
      at: InputPlace(file: file, line: line), what: "more than \(TOMLTable.maximumKeys) keys in one table",
      remedy: "leave out those that are not torchtitan's")
  }

  // MARK: keys and values

  /// A key, or several with dots between.
  mutating func keys() throws(InputError) -> [String] {
    var found: [String] = []
    repeat {
      skipBlanks()
      if current == "\"" || current == "'" {
        found.append(try text())
      } else {
        let word = bareWord { Self.isKey($0) }
        guard !word.isEmpty else { throw failure("a key is missing here", "write key = value") }
        found.append(word)
      }
      guard found.count <= ConfigNode.maximumNesting else { throw tooDeep }
    } while take(".")
    skipBlanks()
    return found
  }

  /// The value that starts here.
  mutating func value(depth: Int) throws(InputError) -> TOMLValue {
    guard depth <= ConfigNode.maximumNesting else { throw tooDeep }
    skipBlanks()
    let start = line
    switch current {
    case "\"", "'": return .scalar(try text(), quoted: true, line: start)
    case "[": return try list(depth: depth, since: start)
    case "{": return try inlineTable(depth: depth, since: start)
    default:
      let word = bareWord { Self.isKey($0) || "+.:".unicodeScalars.contains($0) }
      guard !word.isEmpty else { throw failure("a value is missing here", "quote a text") }
      return .scalar(Self.decimal(word), quoted: false, line: start)
    }
  }

  private mutating func list(depth: Int, since start: Int) throws(InputError) -> TOMLValue {
    advance()
    var items: [TOMLValue] = []
    while true {
      skipLines()
      if take("]") { return .list(items, isOpen: false, line: start) }
      guard current != nil else { throw unclosed("a list", since: start, by: "]") }
      items.append(try value(depth: depth + 1))
      skipLines()
      if take("]") { return .list(items, isOpen: false, line: start) }
      guard take(",") else { throw unclosed("a list", since: start, by: "]") }
    }
  }

  private mutating func inlineTable(depth: Int, since start: Int) throws(InputError) -> TOMLValue {
    advance()
    var table = TOMLTable(line: start)
    if take("}") { return .table(table) }
    while true {
      let keys = try keys()
      guard take("=") else { throw failure("a key without a value", "write key = value") }
      let at = line
      try table.set(keys[...], try value(depth: depth + keys.count), line: at, self)
      if take("}") { return .table(table) }
      guard take(",") else { throw unclosed("a table", since: start, by: "}") }
    }
  }

  private var tooDeep: InputError {
    .unsupported(
      at: InputPlace(file: file, line: line), what: "nested deeper than \(ConfigNode.maximumNesting) levels",
      remedy: "flatten the file")
  }

  private func unclosed(_ what: String, since line: Int, by end: String) -> InputError {
    .unsupported(
      at: InputPlace(file: file, line: line), what: "not valid TOML: \(what) is opened here and not closed",
      remedy: "close it with \(end)")
  }

  private mutating func bareWord(_ isPart: (Unicode.Scalar) -> Bool) -> String {
    var word = String.UnicodeScalarView()
    while let scalar = current, isPart(scalar) {
      word.append(scalar)
      advance()
    }
    return String(word)
  }

  private static func isKey(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-")
  }

  /// A whole number in base 16, 8 or 2 as a decimal one; anything else as it is.
  private static func decimal(_ word: String) -> String {
    for (mark, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(mark) {
      return Int(word.dropFirst(2).replacing("_", with: ""), radix: radix).map { "\($0)" } ?? word
    }
    return word
  }

  // MARK: texts

  /// A text in single or double quotes, on one line or between three of them.
  private mutating func text() throws(InputError) -> String {
    let start = line
    let quote: Unicode.Scalar = current == "'" ? "'" : "\""
    let three = String(repeating: Character(quote), count: 3)
    if take(three) {
      if current == "\n" { advance() }
      return try inside(quote, isLong: true, since: start)
    }
    advance()
    return try inside(quote, isLong: false, since: start)
  }

  private mutating func inside(_ quote: Unicode.Scalar, isLong: Bool, since start: Int) throws(InputError) -> String {
    var text = String.UnicodeScalarView()
    while let scalar = current {
      if scalar == quote {
        guard isLong else {
          advance()
          return String(text)
        }
        let rest = scalars[position...].prefix { $0 == quote }.count
        guard rest < 3 else {
          // Up to two quotes may stand right before the three that close it.
          for _ in 0..<min(rest - 3, 2) { text.append(quote) }
          for _ in 0..<min(rest, 5) { advance() }
          return String(text)
        }
      }
      guard isLong || scalar != "\n" else { break }
      advance()
      guard scalar == "\\", quote == "\"" else {
        text.append(scalar)
        continue
      }
      if let escaped = try escape(isLong: isLong) { text.append(escaped) }
    }
    throw unclosed("a text", since: start, by: isLong ? "three quotes" : "a quote on the same line")
  }

  /// What stands behind a backslash; nil for a line end that is left out.
  private mutating func escape(isLong: Bool) throws(InputError) -> Unicode.Scalar? {
    guard let scalar = current else { return nil }
    if isLong, scalar == "\n" || scalar == " " || scalar == "\t" {
      while current == "\n" || current == " " || current == "\t" { advance() }
      return nil
    }
    advance()
    switch scalar {
    case "b": return "\u{8}"
    case "t": return "\t"
    case "n": return "\n"
    case "f": return "\u{C}"
    case "r": return "\r"
    case "\"", "\\": return scalar
    case "u", "U":
      var code = ""
      while code.count < (scalar == "u" ? 4 : 8), let digit = current, digit.properties.isASCIIHexDigit {
        code.unicodeScalars.append(digit)
        advance()
      }
      if code.count == (scalar == "u" ? 4 : 8), let value = UInt32(code, radix: 16).flatMap(Unicode.Scalar.init) {
        return value
      }
    default: break
    }
    throw failure("an unknown escape in a text", "write \\\\ for a backslash")
  }
}
