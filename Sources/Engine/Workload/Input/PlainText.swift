/// Text from files, arguments and names of files, made fit to be shown: nothing in it can steer a terminal, hide what
/// stands beside it, or end the line that it is put into.
///
///     PlainText.line("a\u{1B}[2J") == "a\\u{1B}[2J"
public enum PlainText {
  /// Most scalars of a message.
  public static let most = 2_000

  /// Whether a character is not seen, or acts: controls (C0, DEL, C1), formats (bidirectional overrides, zero widths,
  /// U+FEFF), ends of lines and paragraphs.
  public static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    if scalar.value < 0xA0 { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  /// Whether a character must not stand in a name: controls, ends of lines, and what turns the direction of the text
  /// around it. Others that are not seen are parts of letters in some scripts.
  static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// The text on one line of at most `most` scalars: what is hidden is written as `\u{1B}`, and `...` stands where the
  /// rest is left out.
  ///
  /// Complexity: O(`most`).
  public static func line(_ text: String, most: Int = most) -> String {
    if text.utf8.count <= most, !mayHide(text) { return text }
    var result = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      let written = isHidden(scalar) ? code(scalar) : String.UnicodeScalarView([scalar])
      count += written.count
      result.append(contentsOf: written)
      guard count <= most else { return String(result.prefix(max(0, most - 3))) + "..." }
    }
    return String(result)
  }

  /// The text with what is hidden written as `\u{1B}`; ends of lines (`\n`) and tabs stay.
  ///
  /// Complexity: O(length).
  public static func lines(_ text: String) -> String {
    guard mayHide(text) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isHidden(scalar), scalar != "\n", scalar != "\t" {
        result.append(contentsOf: code(scalar))
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// A name that is taken from somewhere (a file's own name): one that can be written into a file and read again.
  ///
  /// What may not stand in a name is written as `\u{1B}`; at most 200 scalars; `fallback` where nothing is left.
  static func name(_ text: String, or fallback: String) -> String {
    let name = line(text, most: 200)
    return name.isEmpty ? fallback : name
  }

  /// Whether there is anything but visible ASCII.
  private static func mayHide(_ text: String) -> Bool { text.utf8.contains { $0 < 0x20 || $0 > 0x7E } }

  private static func code(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars
  }
}
