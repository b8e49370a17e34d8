import Engine
import Foundation

/// Standard output and standard error as text.
///
/// What could steer a terminal is written as `\u{1B}`: names and texts of files, arguments and variables end up here.
/// Not by Foundation's FileHandle, which ends the program with a crash where the disk is full or the terminal is gone.
enum Console {
  /// Writes to standard output; where that fails (a full disk), says so and ends the program. A pipe that its reader
  /// has closed, or a terminal that is gone, ends it quietly, as any filter, also where the caller has the signal for
  /// that ignored.
  static func write(_ text: String) { write(styled: PlainText.lines(text)) }

  /// Writes text with the program's own sequences of colours and attributes; what else is in it must be fit to be shown.
  static func write(styled text: String) {
    let code = put(text, to: STDOUT_FILENO)
    guard code != 0 else { return }
    if code == EPIPE { Foundation.exit(128 + SIGPIPE) }
    if code == EIO, isDevice(STDOUT_FILENO) { Foundation.exit(128 + SIGHUP) }
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

  /// Whether more than ASCII may be written: anywhere but on a terminal whose locale is not UTF-8.
  static var showsUTF8: Bool {
    guard isatty(STDOUT_FILENO) == 1 else { return true }
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return locale.lowercased().replacing("-", with: "").contains("utf8")
  }

  /// True when the terminal on standard input is gone.
  static var inputIsGone: Bool {
    guard isDevice(STDIN_FILENO) else { return false }
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&input, 1, 0) > 0 && input.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
  }

  /// True when standard error is a terminal.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether a line that is rewritten may be shown on standard error now: the terminal takes bytes, and the program is in
  /// the foreground; in the background (`bg`) it would write over what the person types.
  static var mayShowProgress: Bool {
    var output = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&output, 1, 0) > 0, output.revents & Int16(POLLOUT) != 0 else { return false }
    let foreground = tcgetpgrp(STDERR_FILENO)
    return foreground < 0 || foreground == getpgrp()
  }

  /// Columns of the terminal on standard error, 80 where it does not say.
  static var errorColumns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether a file is a device, as terminals are; of one that is gone `isatty` says no.
  private static func isDevice(_ file: Int32) -> Bool {
    var info = stat()
    return fstat(file, &info) == 0 && info.st_mode & S_IFMT == S_IFCHR
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
