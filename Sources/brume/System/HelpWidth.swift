import Foundation

/// The width of the argument parser's help.
///
/// The parser wraps it to `$COLUMNS` or to the terminal's columns, and where these are fewer than its lists are indented by
/// it leaves the texts out (a debug build traps).
enum HelpWidth {
  /// The fewest columns that the help is wrapped to; on a narrower terminal its lines are broken by that.
  private static let least = 40

  /// Tells the parser of the least width where it would take a smaller one. Changes the environment: only at the start,
  /// before other threads read it.
  static func keepSane() {
    let wanted = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    var size = winsize()
    let window = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
    guard let columns = wanted ?? window, columns < least else { return }
    setenv("COLUMNS", "\(least)", 1)
  }
}
