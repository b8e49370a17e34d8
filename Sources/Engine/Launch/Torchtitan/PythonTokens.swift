/// A token of Python.
struct PythonToken: Sendable, Equatable {
  /// What it is.
  enum Kind: Sendable, Equatable {
    /// A name or a keyword.
    case name
    /// A number.
    case number
    /// A text; `text` is its value.
    case string
    /// A text whose value is not followed: an f-string, bytes.
    case opaque
    /// Punctuation.
    case symbol
    /// The end of a statement.
    case newline
    /// The beginning of a block.
    case indent
    /// Its end.
    case dedent
  }

  /// What it is.
  var kind: Kind
  /// Its text.
  var text: String
  /// Its line, from 1.
  var line: Int

  /// A name or a symbol of that text.
  func isWord(_ text: String) -> Bool { (kind == .name || kind == .symbol) && self.text == text }
}

/// Splits Python into tokens, with its indentation.
struct PythonTokenizer {
  private let file: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var open = 0
  private var columns = [0]
  private var tokens: [PythonToken] = []

  /// Symbols of several characters, longest first.
  private static let symbols = [
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "@=", ":=",
  ]

  /// What may stand behind the first character of these.
  private static let continuations: Set<Unicode.Scalar> = ["=", "*", "/", ">", "<", "."]

  private init(_ text: String, file: String) {
    self.file = file
    scalars = text.unicodeScalars.filter { $0 != "\r" && $0.value != 0xFEFF }
  }

  /// The tokens of a text of at most 1 MB.
  ///
  /// Throws with the line where texts or brackets are not closed, or indentation does not fit. Complexity: O(length).
  static func tokens(_ text: String, file: String) throws(InputError) -> [PythonToken] {
    guard text.utf8.count <= ConfigNode.maximumBytes else {
      throw .unreadable(
        file: file, problem: "the file has \(text.utf8.count) bytes", remedy: "the limit is \(ConfigNode.maximumBytes)")
    }
    var tokenizer = PythonTokenizer(text, file: file)
    try tokenizer.run()
    return tokenizer.tokens
  }

  private mutating func run() throws(InputError) {
    while position < scalars.count {
      if open == 0, isLineStart { try indentation() }
      guard let scalar = current else { break }
      try token(scalar)
    }
    guard open == 0 else { throw failure("a bracket is opened and not closed", "close it") }
    add(.newline, "")
    for _ in columns.dropFirst() { add(.dedent, "") }
  }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
  private var isLineStart: Bool { position == 0 || scalars[position - 1] == "\n" }

  private mutating func add(_ kind: PythonToken.Kind, _ text: String) {
    if kind == .newline, tokens.last?.kind == .newline || tokens.last?.kind == .dedent || tokens.isEmpty { return }
    tokens.append(PythonToken(kind: kind, text: text, line: line))
  }

  private func failure(_ what: String, _ remedy: String) -> InputError {
    .unsupported(at: InputPlace(file: file, line: line), what: "not valid Python: \(what)", remedy: remedy)
  }

  /// Blocks that begin or end with a line; empty lines and comments change nothing.
  private mutating func indentation() throws(InputError) {
    var column = 0
    while let scalar = current, scalar == " " || scalar == "\t" || scalar == "\u{C}" {
      column = scalar == "\t" ? (column / 8 + 1) * 8 : column + 1
      position += 1
    }
    guard let scalar = current, scalar != "\n", scalar != "#" else { return }
    if column > columns[columns.count - 1] {
      guard columns.count < 100 else { throw failure("blocks deeper than 100 levels", "write it flatter") }
      columns.append(column)
      add(.indent, "")
    }
    while column < columns[columns.count - 1] {
      columns.removeLast()
      add(.dedent, "")
    }
    guard column == columns[columns.count - 1] else {
      throw failure("indentation that fits no block", "indent it as the block that it belongs to")
    }
  }

  private mutating func token(_ scalar: Unicode.Scalar) throws(InputError) {
    switch scalar {
    case "\n":
      if open == 0 { add(.newline, "") }
      position += 1
      line += 1
    case " ", "\t", "\u{C}": position += 1
    case "#": while let next = current, next != "\n" { position += 1 }
    case "\\" where position + 1 < scalars.count && scalars[position + 1] == "\n":
      position += 2
      line += 1
    case "\"", "'": try string(prefix: "")
    case _ where Self.startsName(scalar): try word()
    case "0"..."9": number()
    case "." where position + 1 < scalars.count && ("0"..."9").contains(scalars[position + 1]): number()
    default: try symbol(scalar)
    }
  }

  private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
  }

  private mutating func word() throws(InputError) {
    let start = position
    while let scalar = current, Self.startsName(scalar) || ("0"..."9").contains(scalar) { position += 1 }
    let text = slice(start)
    if current == "\"" || current == "'", text.count <= 2, text.allSatisfy({ "rRbBfFuU".contains($0) }) {
      try string(prefix: text.lowercased())
    } else {
      add(.name, text)
    }
  }

  private mutating func number() {
    let start = position
    while let scalar = current {
      let previous = scalars[position - (position > start ? 1 : 0)]
      let isSign = (scalar == "+" || scalar == "-") && (previous == "e" || previous == "E")
      guard
        scalar == "." || scalar == "_" || isSign || scalar.isASCII && scalar.properties.isAlphabetic
          || ("0"..."9").contains(scalar)
      else { break }
      position += 1
    }
    add(.number, slice(start))
  }

  private func slice(_ start: Int) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[start..<position])
    return String(text)
  }

  private mutating func symbol(_ scalar: Unicode.Scalar) throws(InputError) {
    if position + 1 < scalars.count, Self.continuations.contains(scalars[position + 1]),
      let symbol = Self.symbols.first(where: { scalars[position...].starts(with: $0.unicodeScalars) })
    {
      add(.symbol, symbol)
      position += symbol.unicodeScalars.count
      return
    }
    guard scalar.value >= 32, scalar.value != 127 else {
      throw failure("a control character", "a configuration is plain text: remove it")
    }
    if "([{".unicodeScalars.contains(scalar) { open += 1 }
    if ")]}".unicodeScalars.contains(scalar) {
      guard open > 0 else { throw failure("a bracket is closed that was not opened", "remove it") }
      open -= 1
    }
    add(.symbol, String(Character(scalar)))
    position += 1
  }

  // MARK: texts

  /// A text from its quote; `prefix` holds the letters before it, in lower case.
  private mutating func string(prefix: String) throws(InputError) {
    let (start, quote) = (line, scalars[position])
    let isLong = position + 2 < scalars.count && scalars[position + 1] == quote && scalars[position + 2] == quote
    position += isLong ? 3 : 1
    var text = String.UnicodeScalarView()
    while let scalar = current {
      if scalar == quote {
        let isEnd = !isLong || scalars[position...].starts(with: [quote, quote, quote])
        if isEnd {
          position += isLong ? 3 : 1
          let isOpaque = prefix.contains("f") || prefix.contains("b")
          tokens.append(PythonToken(kind: isOpaque ? .opaque : .string, text: String(text), line: start))
          return
        }
      }
      if scalar == "\n" {
        guard isLong else { break }
        line += 1
      }
      position += 1
      guard scalar == "\\" else {
        text.append(scalar)
        continue
      }
      if prefix.contains("r") { text.append(scalar) } else { escape(into: &text) }
      if prefix.contains("r"), let next = current {
        if next == "\n" { line += 1 }
        text.append(next)
        position += 1
      }
    }
    line = start
    throw failure("a text is opened and not closed", "close it with its quote")
  }

  /// What stands behind a backslash.
  private mutating func escape(into text: inout String.UnicodeScalarView) {
    guard let scalar = current else { return }
    position += 1
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "v": "\u{B}", "\\": "\\",
      "'": "'", "\"": "\"",
    ]
    if scalar == "\n" {
      line += 1
    } else if let value = plain[scalar] {
      text.append(value)
    } else if let width = ["x": 2, "u": 4, "U": 8][scalar], position + width <= scalars.count,
      let code = UInt32(String(String.UnicodeScalarView(scalars[position..<position + width])), radix: 16),
      let value = Unicode.Scalar(code)
    {
      text.append(value)
      position += width
    } else {
      text.append("\\")
      text.append(scalar)
    }
  }
}
