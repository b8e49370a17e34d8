extension VirtualScreen {
  /// Where in a sequence the bytes are; kept between calls, so that bytes may come in any pieces.
  struct Parser: Sendable {
    enum State: Sendable { case ground, escape, sequence, string, stringEscape, charset(UInt8) }
    var state = State.ground
    var sequence: [UInt8] = []
    /// Bytes of a UTF-8 character that is not complete.
    var character: [UInt8] = []
    /// Whether G0 and G1 are the line-drawing set, and which is in use.
    var drawsLines = [false, false]
    var shift = 0
  }

  /// Takes bytes from the program.
  public mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { feed(byte) }
  }

  private mutating func feed(_ byte: UInt8) {
    switch parser.state {
    case .ground: ground(byte)
    case .escape: escape(byte)
    case .sequence: inSequence(byte)
    case .charset(let set):
      if set == 40 || set == 41 { parser.drawsLines[Int(set) - 40] = byte == 48 }
      parser.state = .ground
    case .string:
      if byte == 7 { parser.state = .ground } else if byte == 27 { parser.state = .stringEscape }
    case .stringEscape: parser.state = byte == 92 ? .ground : .string
    }
  }

  private mutating func ground(_ byte: UInt8) {
    switch byte {
    case 27:
      parser.character = []
      parser.state = .escape
    case 0..<32, 127: control(byte)
    case 128...: continueCharacter(byte)
    default: printASCII(byte)
    }
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 8: move(row: cursorRow, column: cursorColumn - 1)
    case 9: move(row: cursorRow, column: min(width - 1, (cursorColumn / 8 + 1) * 8))
    case 10, 11, 12: lineFeed()
    case 13: move(row: cursorRow, column: 0)
    case 14: parser.shift = 1
    case 15: parser.shift = 0
    default: break  // NUL is padding; BEL rings
    }
  }

  private mutating func printASCII(_ byte: UInt8) {
    let table = Array("◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")
    if parser.drawsLines[parser.shift], (96..<127).contains(byte) {
      put(String(table[Int(byte) - 96]), width: 1)
    } else {
      put(String(UnicodeScalar(byte)), width: 1)
    }
  }

  private mutating func continueCharacter(_ byte: UInt8) {
    parser.character.append(byte)
    let first = parser.character[0]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    guard parser.character.count >= length else { return }
    if let text = String(validating: parser.character, as: UTF8.self), let scalar = text.unicodeScalars.first {
      put(text, width: CharacterWidth.of(scalar))
    } else {
      misunderstood.append("bytes \(parser.character)")
    }
    parser.character = []
  }

  private mutating func escape(_ byte: UInt8) {
    parser.state = .ground
    switch byte {
    case 91:  // [
      parser.sequence = []
      parser.state = .sequence
    case 93, 80, 94, 95: parser.state = .string  // ] P ^ _
    case 40...47: parser.state = .charset(byte)
    case 55: savedCursor = (cursorRow, cursorColumn)  // 7
    case 56: move(row: savedCursor.row, column: savedCursor.column)  // 8
    case 61: applicationKeypad = true  // =
    case 62: applicationKeypad = false  // >
    case 68: lineFeed()  // D
    case 69:  // E
      lineFeed()
      move(row: cursorRow, column: 0)
    case 77: reverseLineFeed()  // M
    case 92: break  // the end of a string
    case 99: self = VirtualScreen(width: width, height: height)  // c
    case 27: parser.state = .escape
    default: misunderstood.append("ESC \(UnicodeScalar(byte))")
    }
  }

  private mutating func inSequence(_ byte: UInt8) {
    switch byte {
    case 27: parser.state = .escape
    case 0..<32: control(byte)
    case 64..<127:
      parser.state = .ground
      run(ControlSequence(parser.sequence, final: byte))
    default: parser.sequence.append(byte)
    }
  }
}

/// A control sequence: `CSI`, a mark such as `?`, numbers, and what it ends with.
struct ControlSequence: CustomStringConvertible {
  /// `?`, `>`, `<` or `=` in front, or an intermediate before the end; empty without.
  var mark = ""
  /// The numbers; nil where one is left out.
  var numbers: [Int?] = []
  /// The last character.
  var final: Character

  /// Reads the bytes between `CSI` and `final`.
  init(_ bytes: [UInt8], final: UInt8) {
    var digits: [UInt8] = []
    for byte in bytes {
      if (48..<60).contains(byte) { digits.append(byte) } else { mark.append(Character(UnicodeScalar(byte))) }
    }
    if !digits.isEmpty {
      let parts = digits.split(omittingEmptySubsequences: false) { $0 == 59 || $0 == 58 }
      numbers = parts.map { Int(String(decoding: $0, as: UTF8.self)) }
    }
    self.final = Character(UnicodeScalar(final))
  }

  /// A number from 1 (left out or 0: 1), as movements and counts are.
  func count(_ index: Int = 0) -> Int { max(1, number(index) ?? 1) }

  /// A number, or nil where it is left out.
  func number(_ index: Int = 0) -> Int? { index < numbers.count ? numbers[index] : nil }

  var description: String {
    "CSI \(mark)\(numbers.map { $0.map(String.init) ?? "" }.joined(separator: ";"))\(final)"
  }
}
