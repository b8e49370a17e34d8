import CTerm

/// Turns what the terminal sends (bytes, and the key codes that curses recognised) into events.
///
/// It keeps what is not complete yet, so that a mouse report, a pasted text or a UTF-8 character may come in pieces.
/// Sequences that mean nothing here are swallowed whole: their letters must never be taken for commands. It knows the
/// usual sequences of keys itself, beside the codes: curses does not see those that are cut in two on their way, and those
/// behind a paste.
struct KeyDecoder {
  private enum Mode {
    case ground
    /// After ESC: Alt, or a sequence, or the key itself.
    case escape
    /// In ESC [ that curses did not recognise, with its first bytes so far.
    case sequence([UInt8])
    /// After ESC O, or after ESC [ [ of the Linux console.
    case singleShift(isConsole: Bool)
    /// In ESC [ <, with the text so far.
    case mouse([UInt8])
    /// In ESC [ M, with the bytes so far.
    case oldMouse([UInt8])
    /// In what ESC and `kind` begin and BEL or ESC \ ends: a terminal's answer to somebody else's question.
    case string(kind: Character, isEmpty: Bool, afterEscape: Bool)
    /// Between the marks of a paste.
    case paste
    /// In a UTF-8 character of `length` bytes.
    case character(bytes: [UInt8], length: Int, alt: Bool)
  }

  private var mode = Mode.ground
  /// Pasted so far; not in `mode`, so that appending never copies it.
  private var pasted = PasteBuffer()
  private var events: [Event] = []
  private var codesInDrain = 0
  private var lastCode = CTERM_NONE.rawValue

  /// Whether all that comes is text, to the mark that ends it.
  var isInPaste: Bool { if case .paste = mode { true } else { false } }

  /// Takes bytes as they came, by which curses has recognised no keys.
  mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { feed(Int32(byte)) }
  }

  /// Takes the next byte or code.
  mutating func feed(_ code: Int32) {
    codesInDrain += 1
    lastCode = code
    switch mode {
    case .ground: ground(code)
    case .escape: afterEscape(code)
    case .sequence(let bytes): inSequence(code, bytes: bytes)
    case .singleShift(let isConsole): inSingleShift(code, isConsole: isConsole)
    case .mouse(let text): inMouse(code, text: text)
    case .oldMouse(let bytes): inOldMouse(code, bytes: bytes)
    case .string(let kind, _, let afterEscape): inString(code, kind: kind, afterEscape: afterEscape)
    case .paste: inPaste(code)
    case .character(let bytes, let length, let alt): inCharacter(code, bytes: bytes, length: length, alt: alt)
    }
  }

  /// Says that nothing has come for a second: the rest of what is open, but for a paste, does not come any more, and what
  /// comes now is typed.
  mutating func forgetOpen() {
    if case .paste = mode { return }
    mode = .ground
  }

  /// Says that nothing more is there for now: an ESC alone is the Escape key.
  ///
  /// - Parameter afterPause: whether nothing had come for a while before this drain, so that a person typed it.
  mutating func endDrain(afterPause: Bool = false) {
    switch mode {
    case .escape: emit(.escape)
    case .sequence([]): emit(.alt("["))
    case .singleShift(isConsole: false): emit(.alt("O"))
    case .string(let kind, isEmpty: true, _): emit(.alt(kind))
    case .paste where afterPause && codesInDrain == 1 && lastCode == 3:
      // The end of a paste that got lost must not lock the keyboard: Ctrl-C alone gets out.
      pasted = PasteBuffer()
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
    case 91: mode = .sequence([])
    case 79: mode = .singleShift(isConsole: false)
    case 80, 88, 93, 94, 95:  // P X ] ^ _
      mode = .string(kind: Self.character(UInt8(code)), isEmpty: true, afterEscape: false)
    case 32..<127: emit(.alt(Self.character(UInt8(code))))
    case 128...255: startCharacter(UInt8(code), alt: true)
    default:
      emit(.escape)
      ground(code)
    }
  }

  private mutating func inSequence(_ code: Int32, bytes: [UInt8]) {
    switch code {
    case 60 where bytes.isEmpty: mode = .mouse([])
    case 77 where bytes.isEmpty: mode = .oldMouse([])
    case 91 where bytes.isEmpty: mode = .singleShift(isConsole: true)
    case 126 where bytes == [50, 48, 48]: mode = .paste
    case 32..<64: mode = .sequence(bytes.count < 4 ? bytes + [UInt8(code)] : bytes)
    case 64..<127:
      mode = .ground
      if let key = Self.key(ofSequence: bytes, final: UInt8(code)) { emit(key) }
    default:
      mode = .ground
      ground(code)
    }
  }

  private mutating func inString(_ code: Int32, kind: Character, afterEscape: Bool) {
    switch code {
    case 92 where afterEscape, 7: mode = .ground
    case 27 where !afterEscape: mode = .string(kind: kind, isEmpty: false, afterEscape: true)
    case 8..<14 where !afterEscape, 32..<256 where !afterEscape:
      mode = .string(kind: kind, isEmpty: false, afterEscape: false)
    default:
      // Another sequence, or a control character, which no string holds: its end is lost.
      mode = afterEscape ? .escape : .ground
      afterEscape ? self.afterEscape(code) : ground(code)
    }
  }

  private mutating func inSingleShift(_ code: Int32, isConsole: Bool) {
    mode = .ground
    guard (32..<127).contains(code) else { return ground(code) }
    if let key = Self.key(ofShift: UInt8(code), isConsole: isConsole) { emit(key) }
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
    var isEnd = code == Int32(CTERM_PASTE_END.rawValue)
    if (0...255).contains(code) { isEnd = pasted.feed(UInt8(code)) } else { pasted.feedKey() }
    guard isEnd else { return }
    mode = .ground
    events.append(.paste(pasted.takeText()))
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
