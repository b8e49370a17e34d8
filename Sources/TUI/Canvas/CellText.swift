/// Makes text from files safe for a cell: nothing that a terminal could take for a command passes.
enum CellText {
  /// ncurses keeps five scalars a cell: the character and four marks.
  private static let largestMarks = 4

  /// The character as it may stand in a cell; `?` for what has no sure width or could steer the terminal.
  ///
  /// Refused: controls, formatting characters (bidirectional overrides, zero-width joiners), unassigned and private
  /// scalars, marks without a base, and clusters of several spacing characters. Surplus marks are cut.
  static func safe(_ character: Character) -> Character {
    if let ascii = character.asciiValue { return ascii >= 0x20 && ascii < 0x7F ? character : "?" }
    var kept = String.UnicodeScalarView()
    for scalar in character.unicodeScalars {
      if (0xFE00...0xFE0F).contains(scalar.value) { continue }  // variation selectors change widths
      guard isPrintable(scalar) else { return "?" }
      let width = CharacterWidth.of(scalar)
      if kept.isEmpty ? width == 0 : width != 0 { return "?" }
      if kept.count <= largestMarks { kept.append(scalar) }
    }
    let text = String(kept)
    return text.count == 1 ? text.first ?? "?" : "?"
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }

  /// The text cut to `width` columns, with `…` where something was cut off.
  static func fitted(_ text: String, width: Int) -> String {
    guard width > 0 else { return "" }
    var columns = 0
    for character in text { columns += CharacterWidth.of(safe(character)) }
    if columns <= width { return text }
    var result = ""
    columns = 0
    for character in text {
      let wide = CharacterWidth.of(safe(character))
      if columns + wide > width - 1 { break }
      columns += wide
      result.append(character)
    }
    return result + "…"
  }
}
