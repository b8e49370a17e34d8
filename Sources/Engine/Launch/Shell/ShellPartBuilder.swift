/// Collects the parts of a word: neighbouring characters of one line and kind become one literal.
struct ShellPartBuilder {
  /// The parts so far.
  private(set) var parts: [ShellPart] = []
  private var text = String.UnicodeScalarView()
  private var isQuoted = false
  private var line = 0
  private var isOpen = false

  /// A character that stands for itself.
  mutating func add(_ scalar: Unicode.Scalar, isQuoted: Bool, line: Int) {
    begin(isQuoted: isQuoted, line: line)
    text.append(scalar)
  }

  /// Quotes, which make a word even where nothing is in them.
  mutating func begin(isQuoted: Bool, line: Int) {
    if isOpen, self.isQuoted == isQuoted, self.line == line { return }
    flush()
    (self.isQuoted, self.line, isOpen) = (isQuoted, line, true)
  }

  /// Anything else.
  mutating func add(_ part: ShellPart) {
    flush()
    parts.append(part)
  }

  /// All parts, at the end.
  mutating func finish() -> [ShellPart] {
    flush()
    return parts
  }

  private mutating func flush() {
    guard isOpen else { return }
    parts.append(.literal(String(text), isQuoted: isQuoted, line: line))
    text = String.UnicodeScalarView()
    isOpen = false
  }
}
