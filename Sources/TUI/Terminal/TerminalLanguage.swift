import CTerm

/// What a terminal understands, from its description: the bytes that move its cursor, erase, and choose how it draws.
struct TerminalLanguage: Sendable {
  /// Attributes of characters.
  struct Attributes: OptionSet, Sendable {
    let rawValue: Int
    static let underline = Attributes(rawValue: 2)
    static let reverse = Attributes(rawValue: 4)
    static let dim = Attributes(rawValue: 16)
    static let bold = Attributes(rawValue: 32)
  }

  /// Clears the screen; the cursor is at its upper left then.
  var clear: [UInt8] = []
  /// Puts the cursor at a row and a column, from 0.
  var position: @Sendable (Int, Int) -> [UInt8] = { _, _ in [] }
  /// It moves the cursor by `CSI n C`, `CSI n D`, and by the controls BS, CR and LF.
  var movesRelatively = false
  /// It puts the cursor into a column by `CSI n G`.
  var addressesColumns = false
  /// It erases n cells by `CSI n X`.
  var erasesCells = false
  /// What it erases has the background of the pen; else its own.
  var erasesInBackground = false
  /// It wraps when a character comes after one in the last column, not at once; or never.
  var wrapsLate = true
  /// Colours that it has; 0 without.
  var colours = 0
  /// Its bytes for a colour of the text, and of the background.
  var foreground: @Sendable (Int) -> [UInt8] = { _ in [] }
  var background: @Sendable (Int) -> [UInt8] = { _ in [] }
  /// The bytes that reset everything, and those that switch attributes on.
  var reset: [UInt8] = []
  var bold: [UInt8] = []
  var dim: [UInt8] = []
  var reverse: [UInt8] = []
  var underline: [UInt8] = []
  /// It switches attributes and colours off one by one, as ECMA-48 says (22, 24, 27, 39, 49).
  var switchesOff = false
  /// What cannot be seen, or is shown as a colour, beside a colour (`ncv` of its description).
  var attributesLostInColour: Attributes = []
  /// Whether a character is shown in so many columns.
  var shows: @Sendable (Unicode.Scalar, Int) -> Bool = { _, _ in true }

  /// A language without a word.
  init() {}

  /// What the terminal on which the screen is up understands; on the main thread.
  static func ofScreen() -> TerminalLanguage {
    var language = TerminalLanguage()
    language.clear = capability("clear")
    language.position = { capability("cup", $0, $1) }
    language.movesRelatively =
      capability("cuf", 5) == bytes("\u{1B}[5C") && capability("cub", 5) == bytes("\u{1B}[5D")
      && capability("cud1") == [10] && capability("cub1") == [8] && capability("cr") == [13]
    language.addressesColumns = language.movesRelatively && capability("hpa", 4) == bytes("\u{1B}[5G")
    language.erasesCells = capability("ech", 5) == bytes("\u{1B}[5X")
    language.erasesInBackground = cterm_flag("bce")
    language.wrapsLate = !cterm_flag("am") || cterm_flag("xenl")
    language.colours = Int(cterm_colours())
    language.foreground = { capability("setaf", $0) }
    language.background = { capability("setab", $0) }
    language.reset = capability("sgr0")
    language.bold = capability("bold")
    language.dim = capability("dim")
    language.reverse = capability("rev")
    language.underline = capability("smul")
    language.switchesOff =
      capability("rmul") == bytes("\u{1B}[24m")
      && (language.colours == 0 || capability("op") == bytes("\u{1B}[39;49m"))
    language.attributesLostInColour = Attributes(rawValue: Int(cterm_number("ncv")))
    language.shows = { cterm_shows($0.value, Int32($1)) }
    return language
  }

  private static func capability(_ name: String, _ first: Int = 0, _ second: Int = 0) -> [UInt8] {
    var text = [CChar](repeating: 0, count: 128)
    let count = cterm_capability(name, Int32(first), Int32(second), &text, Int32(text.count))
    return text.prefix(Int(count)).map { UInt8(bitPattern: $0) }
  }

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}

// How it draws.
extension TerminalLanguage {
  /// The bytes that make it draw with `pen` after `before` (nil: unknown); none where they are the same.
  func change(from before: Pen?, to pen: Pen) -> [UInt8] {
    if before == pen { return [] }
    let whole = joined([reset] + switches(from: Pen(), to: pen))
    guard let before, switchesOff else { return whole }
    let parts = joined(off(from: before, to: pen) + switches(from: afterOff(from: before, to: pen), to: pen))
    return parts.count <= whole.count ? parts : whole
  }

  /// What must be switched off first.
  private func off(from before: Pen, to pen: Pen) -> [[UInt8]] {
    var codes: [Int] = []
    if before.bold && !pen.bold || before.dim && !pen.dim { codes.append(22) }
    if before.underline && !pen.underline { codes.append(24) }
    if before.reverse && !pen.reverse { codes.append(27) }
    if before.foreground >= 0 && pen.foreground < 0 { codes.append(39) }
    if before.background >= 0 && pen.background < 0 { codes.append(49) }
    return codes.map { Array("\u{1B}[\($0)m".utf8) }
  }

  /// The pen once that is off: bold and dim go together.
  private func afterOff(from before: Pen, to pen: Pen) -> Pen {
    var left = before
    if before.bold && !pen.bold || before.dim && !pen.dim { (left.bold, left.dim) = (false, false) }
    return left
  }

  /// What must be switched on.
  private func switches(from before: Pen, to pen: Pen) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    if pen.bold && !before.bold { parts.append(bold) }
    if pen.dim && !before.dim { parts.append(dim) }
    if pen.underline && !before.underline { parts.append(underline) }
    if pen.reverse && !before.reverse { parts.append(reverse) }
    if pen.foreground != before.foreground, pen.foreground >= 0 { parts.append(foreground(pen.foreground)) }
    if pen.background != before.background, pen.background >= 0 { parts.append(background(pen.background)) }
    return parts
  }

  /// Sequences one after the other; those of the form `CSI ... m` become one.
  private func joined(_ sequences: [[UInt8]]) -> [UInt8] {
    var numbers: [UInt8] = []
    var isFirst = true
    for sequence in sequences where !sequence.isEmpty {
      guard let part = TerminalLanguage.numbers(sequence) else { return sequences.flatMap { $0 } }
      if !isFirst { numbers.append(59) }
      numbers += part
      isFirst = false
    }
    return isFirst ? [] : [27, 91] + numbers + [109]
  }

  /// `1;31` of `CSI 1;31 m`; of a reset, also one that chooses the usual characters (`ESC ( B`), nothing; nil for others.
  private static func numbers(_ sequence: [UInt8]) -> ArraySlice<UInt8>? {
    var rest = sequence[...]
    if rest.starts(with: [27, 40, 66]) { rest = rest.dropFirst(3) }
    if rest.last == 15 { rest = rest.dropLast() }
    guard rest.starts(with: [27, 91]), rest.last == 109 else { return nil }
    let inner = rest.dropFirst(2).dropLast()
    return inner.allSatisfy { (48...57).contains($0) || $0 == 59 || $0 == 58 } ? inner : nil
  }
}
