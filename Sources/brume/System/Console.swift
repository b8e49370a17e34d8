import Foundation

/// Standard output and standard error as text.
enum Console {
  /// Writes to standard output; a closed pipe ends the program quietly, as in any filter.
  static func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// Writes lines to standard output.
  static func write(lines: [String]) {
    write(lines.joined(separator: "\n") + "\n")
  }

  /// Writes a line to standard error.
  static func warn(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// True when standard error is a terminal.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal on standard error, 80 where it does not say.
  static var errorColumns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
