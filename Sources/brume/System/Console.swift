import Engine
import Foundation

/// Standard output and standard error as text.
///
/// What could steer a terminal is written as `\u{1B}`: names and texts of files, arguments and variables end up here.
/// Not by Foundation's FileHandle, which ends the program with a crash where the disk is full or the terminal is gone.
enum Console {
  /// Writes to standard output; where that fails (a full disk), says so and ends the program. A closed pipe ends it
  /// quietly, as in any filter.
  static func write(_ text: String) { write(styled: PlainText.lines(text)) }

  /// Writes text with the program's own sequences of colours and attributes; what else is in it must be fit to be shown.
  static func write(styled text: String) {
    let code = put(text, to: STDOUT_FILENO)
    guard code != 0 else { return }
    warn("brume: standard output cannot be written: \(String(cString: strerror(code)))")
    Foundation.exit(ExitStatus.failed.rawValue)
  }

  /// Writes lines to standard output.
  static func write(lines: [String]) {
    write(lines.joined(separator: "\n") + "\n")
  }

  /// Writes lines to standard output, or nothing where nobody takes them: the terminal may be gone, or stalled.
  static func offer(lines: [String]) {
    var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&output, 1, 250) > 0 else { return }
    _ = put(PlainText.lines(lines.joined(separator: "\n") + "\n"), to: STDOUT_FILENO)
  }

  /// Writes a line to standard error.
  static func warn(_ line: String) { warn(text: line + "\n") }

  /// Writes text to standard error.
  static func warn(text: String) { warn(styled: PlainText.lines(text)) }

  /// Writes text with the program's own control sequences to standard error; what else is in it must be fit to be shown.
  static func warn(styled text: String) { _ = put(text, to: STDERR_FILENO) }

  /// True when standard error is a terminal.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal on standard error, 80 where it does not say.
  static var errorColumns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes all of the text; the error's number where that fails, else 0.
  private static func put(_ text: String, to file: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EAGAIN {
        // Whoever shares the terminal has made it non-blocking: wait until it takes more.
        var waited = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        poll(&waited, 1, -1)
      } else if count < 0 && errno != EINTR {
        return errno
      }
      rest = rest.dropFirst(max(0, count))
    }
    return 0
  }
}
