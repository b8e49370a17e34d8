import CTerm

extension KeyDecoder {
  /// The keys of the codes that curses recognises.
  static let keys: [Int32: Key] = {
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

  static func character(_ ascii: UInt8) -> Character {
    Character(UnicodeScalar(ascii))
  }

  /// The number that the digits say, at most 65535; 0 without digits.
  static func number(_ digits: ArraySlice<UInt8>) -> Int {
    digits.reduce(0) { min($0 * 10 + Int($1) - 48, 65_535) }
  }

  /// The key of ESC [, parameters and a last character, as terminals of the xterm family and the Linux console send it; nil
  /// for what is none, such as an answer, and for keys with modifiers.
  static func key(ofSequence parameters: [UInt8], final: UInt8) -> Key? {
    switch (final, number(parameters[...])) {
    case _ where parameters.contains { !(48..<58).contains($0) }: nil
    case (65, 0...1): .up
    case (66, 0...1): .down
    case (67, 0...1): .right
    case (68, 0...1): .left
    case (72, 0...1): .home
    case (70, 0...1): .end
    case (90, 0...1): .backTab
    case (126, 1), (126, 7): .home
    case (126, 2): .insert
    case (126, 3): .delete
    case (126, 4), (126, 8): .end
    case (126, 5): .pageUp
    case (126, 6): .pageDown
    case (126, let code): functionKeys.firstIndex(of: code).map { .function($0 + 1) }
    default: nil
    }
  }

  /// The numbers of F1 to F12 in ESC [ n ~.
  private static let functionKeys = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24]

  /// The key of ESC O and a character, or of the Linux console's ESC [ [ and one; nil for what is none.
  static func key(ofShift character: UInt8, isConsole: Bool) -> Key? {
    switch character {
    case 65...69 where isConsole: .function(Int(character) - 64)
    case _ where isConsole: nil
    case 77: .enter
    case 80...83: .function(Int(character) - 79)
    default: key(ofSequence: [], final: character)
    }
  }
}
