/// The text of saved outputs as lines that a person saw: without colours, carriage returns and control characters.
struct SavedOutput: Sendable, Equatable {
  /// The lines in their order, with tabs and indentation.
  let lines: [String]

  /// Lines of a text. Complexity: O(length).
  init(_ text: String) {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var escape = Escape.none
    for scalar in text.unicodeScalars {
      switch (escape, scalar) {
      case (_, "\n"):
        lines.append(String(line))
        line = String.UnicodeScalarView()
        escape = .none
      case (.none, "\u{1B}"): escape = .started
      case (.started, "["): escape = .inside
      case (.started, _): escape = .none
      case (.inside, "@"..."~"): escape = .none
      case (.inside, _): break
      case (.none, "\t"): line.append(scalar)
      // What these tools print is ASCII; anything else must not get into a file.
      case (.none, _): if scalar.value >= 32, scalar.value != 127 { line.append(scalar.isASCII ? scalar : "?") }
      }
    }
    if !line.isEmpty { lines.append(String(line)) }
    self.lines = lines
  }

  /// Where in a terminal's escape sequence (`ESC [ ... letter`) the text is.
  private enum Escape {
    case none, started, inside
  }
}

extension StringProtocol {
  /// Without blanks and tabs around it.
  var trimmed: String {
    guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...last].drop { $0.isWhitespace })
  }

  /// The number in front of a text such as `81920 MiB`, `16x` or `400.00 W`; nil where there is none.
  var leadingNumber: Double? {
    Quantity.number(trimmed.prefix { ("0"..."9").contains($0) || $0 == "." })
  }

  /// The whole number in front of a text, of at most nine digits; nil where there is none.
  var leadingCount: Int? {
    let digits = trimmed.prefix { ("0"..."9").contains($0) }
    return digits.count <= 9 ? Int(digits) : nil
  }

  /// Key and value of a line `key : value`, both trimmed; nil without a colon.
  var keyAndValue: (key: String, value: String)? {
    guard let colon = firstIndex(of: ":") else { return nil }
    return (self[..<colon].trimmed, self[index(after: colon)...].trimmed)
  }
}
