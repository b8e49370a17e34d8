@testable import TUI

/// Terminals as their descriptions tell them, without a terminal.
extension TerminalLanguage {
  /// xterm with 256 colours.
  static let xterm: TerminalLanguage = {
    var language = TerminalLanguage.vt100
    language.addressesColumns = true
    language.erasesCells = true
    language.erasesInBackground = true
    language.switchesOff = true
    language.dim = bytes("[2m")
    language.colours = 256
    language.foreground = { bytes($0 < 8 ? "[3\($0)m" : $0 < 16 ? "[\($0 + 82)m" : "[38;5;\($0)m") }
    language.background = { bytes($0 < 8 ? "[4\($0)m" : $0 < 16 ? "[\($0 + 92)m" : "[48;5;\($0)m") }
    return language
  }()

  /// screen and tmux: erasing leaves the terminal's own background.
  static let screen: TerminalLanguage = {
    var language = TerminalLanguage.xterm
    language.erasesInBackground = false
    language.addressesColumns = false
    return language
  }()

  /// The Linux console: eight colours, beside which nothing is underlined or dim.
  static let linux: TerminalLanguage = {
    var language = TerminalLanguage.xterm
    language.colours = 8
    language.foreground = { bytes("[3\($0)m") }
    language.background = { bytes("[4\($0)m") }
    language.reset = bytes("[m") + [15]
    language.attributesLostInColour = [.underline, .dim]
    return language
  }()

  /// A vt100: no colours, nothing is switched off alone.
  static let vt100: TerminalLanguage = {
    var language = TerminalLanguage()
    language.clear = bytes("[H") + bytes("[2J")
    language.position = { bytes("[\($0 + 1);\($1 + 1)H") }
    language.movesRelatively = true
    language.reset = bytes("[m") + [15]
    language.bold = bytes("[1m")
    language.reverse = bytes("[7m")
    language.underline = bytes("[4m")
    return language
  }()

  /// A terminal that scrolls when its last cell is written, and that knows absolute addresses alone.
  static let plain: TerminalLanguage = {
    var language = TerminalLanguage.vt100
    language.movesRelatively = false
    language.wrapsLate = false
    return language
  }()

  /// A control sequence.
  private static func bytes(_ text: String) -> [UInt8] { [27] + Array(text.utf8) }
}
