import CTerm

/// Turns what the terminal sends (bytes, and the key codes that curses recognised) into events.
///
/// It keeps what is not complete yet, so that a mouse report, a pasted text or a UTF-8 character may come in pieces.
/// Sequences that mean nothing here are swallowed whole: their letters must never be taken for commands.
struct KeyDecoder {
  /// Longest pasted text that is kept, bytes; what is longer is cut.
  static let pasteLimitBytes = 1 << 20

  private enum Mode {
    case ground
    /// After ESC: Alt, or a sequence, or the key itself.
    case escape
    /// In ESC [ that curses did not recognise, with the bytes so far.
    case sequence(count: Int)
    /// After ESC O.
    case singleShift
    /// In ESC [ <, with the text so far.
    case mouse([UInt8])
    /// In ESC [ M, with the bytes so far.
    case oldMouse([UInt8])
    /// Between the marks of a paste.
    case paste
    /// In a UTF-8 character of `length` bytes.
    case character(bytes: [UInt8], length: Int, alt: Bool)
  }

  private var mode = Mode.ground
  /// Pasted so far; not in `mode`, so that appending never copies it.
  private var pasted: [UInt8] = []
  private var events: [Event] = []
  private var codesInDrain = 0
  private var lastCode = CTERM_NONE.rawValue

  /// Takes the next byte or code.
  mutating func feed(_ code: Int32) {
    codesInDrain += 1
    lastCode = code
    switch mode {
    case .ground: ground(code)
    case .escape: afterEscape(code)
    case .sequence(let count): inSequence(code, count: count)
    case .singleShift: inSingleShift(code)
    case .mouse(let text): inMouse(code, text: text)
    case .oldMouse(let bytes): inOldMouse(code, bytes: bytes)
    case .paste: inPaste(code)
    case .character(let bytes, let length, let alt): inCharacter(code, bytes: bytes, length: length, alt: alt)
    }
  }

  /// Says that nothing more is there for now: an ESC alone is the Escape key.
  ///
  /// - Parameter afterPause: whether nothing had come for a while before this drain, so that a person typed it.
  mutating func endDrain(afterPause: Bool = false) {
    switch mode {
    case .escape: emit(.escape)
    case .sequence(count: 0): emit(.alt("["))
    case .singleShift: emit(.alt("O"))
    case .paste where afterPause && codesInDrain == 1 && lastCode == 3:
      // The end of a paste that got lost must not lock the keyboard: Ctrl-C alone gets out.
      pasted = []
      emit(.control("c"))
    default:
      codesInDrain = 0
      return
    }
    mode = .ground
    codesInDrain = 0
  }

  /// The events since the last call.
  mutating func takeEvents() -> [Event] {
    defer { events = [] }
    return events
  }

  private mutating func emit(_ key: Key) {
    events.append(.key(key))
  }

  private mutating func ground(_ code: Int32) {
    switch code {
    case 27: mode = .escape
    case 8, 127: emit(.backspace)
    case 9: emit(.tab)
    case 10, 13: emit(.enter)
    case 1...26: emit(.control(Self.character(UInt8(code) + 96)))
    case 32..<127: emit(.character(Self.character(UInt8(code))))
    case 0..<128: break
    case 128...255: startCharacter(UInt8(code), alt: false)
    default: special(code)
    }
  }

  /// A code of curses.
  private mutating func special(_ code: Int32) {
    switch code {
    case Int32(CTERM_MOUSE_SGR.rawValue): mode = .mouse([])
    case Int32(CTERM_MOUSE_X10.rawValue): mode = .oldMouse([])
    case Int32(CTERM_PASTE_START.rawValue): mode = .paste
    default:
      if let key = Self.keys[code] { emit(key) }
    }
  }

  private mutating func afterEscape(_ code: Int32) {
    mode = .ground
    switch code {
    case 91: mode = .sequence(count: 0)
    case 79: mode = .singleShift
    case 32..<127: emit(.alt(Self.character(UInt8(code))))
    case 128...255: startCharacter(UInt8(code), alt: true)
    default:
      emit(.escape)
      ground(code)
    }
  }

  private mutating func inSequence(_ code: Int32, count: Int) {
    switch code {
    case 32..<64: mode = .sequence(count: count + 1)
    case 91 where count == 0: mode = .singleShift  // ESC [ [ A: function keys of the Linux console
    case 64..<127: mode = .ground
    default:
      mode = .ground
      ground(code)
    }
  }

  private mutating func inSingleShift(_ code: Int32) {
    mode = .ground
    if !(32..<127).contains(code) { ground(code) }
  }

  private mutating func inMouse(_ code: Int32, text: [UInt8]) {
    switch code {
    case 48..<58, 59:
      mode = text.count < 24 ? .mouse(text + [UInt8(code)]) : .ground
    case 77, 109:
      mode = .ground
      let numbers = text.split(separator: 59, omittingEmptySubsequences: false).map(Self.number)
      if numbers.count == 3 { mouse(button: numbers[0], x: numbers[1], y: numbers[2], isRelease: code == 109) }
    default:
      mode = .ground
      ground(code)
    }
  }

  private mutating func inOldMouse(_ code: Int32, bytes: [UInt8]) {
    guard (32...255).contains(code) else {
      mode = .ground
      return ground(code)
    }
    let all = bytes + [UInt8(code)]
    mode = all.count < 3 ? .oldMouse(all) : .ground
    guard all.count == 3 else { return }
    let button = Int(all[0]) - 32
    let isRelease = button & 0b1100_0011 == 3
    mouse(button: isRelease ? 0 : button, x: Int(all[1]) - 32, y: Int(all[2]) - 32, isRelease: isRelease)
  }

  /// A report of xterm: bits 0-1 the button, 32 motion, 64 the wheel; columns and rows from 1.
  private mutating func mouse(button: Int, x: Int, y: Int, isRelease: Bool) {
    guard x >= 1, y >= 1 else { return }
    let modifiers = 4 | 8 | 16
    let action: MouseEvent.Action
    switch button & ~modifiers {
    case 64: action = .wheelUp
    case 65: action = .wheelDown
    case 0: action = isRelease ? .release : .press
    case 32: action = .drag
    default: return  // other buttons are the terminal's: paste, menu
    }
    events.append(.mouse(MouseEvent(action: action, x: x - 1, y: y - 1)))
  }

  private mutating func inPaste(_ code: Int32) {
    if code == Int32(CTERM_PASTE_END.rawValue) {
      mode = .ground
      events.append(.paste(Self.text(ofPaste: pasted)))
      pasted = []
    } else if (0...255).contains(code), pasted.count < Self.pasteLimitBytes {
      pasted.append(UInt8(code))
    }
  }

  private mutating func startCharacter(_ byte: UInt8, alt: Bool) {
    switch byte {
    case 0xC2...0xDF: mode = .character(bytes: [byte], length: 2, alt: alt)
    case 0xE0...0xEF: mode = .character(bytes: [byte], length: 3, alt: alt)
    case 0xF0...0xF4: mode = .character(bytes: [byte], length: 4, alt: alt)
    default: mode = .ground
    }
  }

  private mutating func inCharacter(_ code: Int32, bytes: [UInt8], length: Int, alt: Bool) {
    guard (0x80...0xBF).contains(code) else {
      mode = .ground
      return ground(code)
    }
    let all = bytes + [UInt8(code)]
    guard all.count == length else {
      mode = .character(bytes: all, length: length, alt: alt)
      return
    }
    mode = .ground
    guard let text = String(validating: all, as: UTF8.self), let character = text.first else { return }
    emit(alt ? .alt(character) : .character(character))
  }
}

extension KeyDecoder {
  /// The keys of the codes that curses recognises.
  private static let keys: [Int32: Key] = {
    var keys: [Int32: Key] = [:]
    let named: [(cterm_code, Key)] = [
      (CTERM_UP, .up), (CTERM_DOWN, .down), (CTERM_LEFT, .left), (CTERM_RIGHT, .right), (CTERM_HOME, .home),
      (CTERM_END, .end), (CTERM_PAGE_UP, .pageUp), (CTERM_PAGE_DOWN, .pageDown), (CTERM_INSERT, .insert),
      (CTERM_DELETE, .delete), (CTERM_BACKSPACE, .backspace), (CTERM_ENTER, .enter), (CTERM_BACK_TAB, .backTab),
      (CTERM_SUSPEND, .control("z")),
    ]
    for (code, key) in named { keys[Int32(code.rawValue)] = key }
    for number in 1...12 { keys[Int32(CTERM_FUNCTION.rawValue) + Int32(number)] = .function(number) }
    return keys
  }()

  private static func character(_ ascii: UInt8) -> Character {
    Character(UnicodeScalar(ascii))
  }

  /// The number that the digits say, at most 65535; 0 without digits.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int {
    digits.reduce(0) { min($0 * 10 + Int($1) - 48, 65_535) }
  }

  /// Pasted text with newlines as such: terminals send them as carriage returns.
  private static func text(ofPaste bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      if byte == 10, index > 0, bytes[index - 1] == 13 { continue }
      result.append(byte == 13 ? 10 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
