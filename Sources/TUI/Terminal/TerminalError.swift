/// Why the terminal cannot be used; the text is for people and says what to do instead.
public enum TerminalError: Error, Equatable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe.
  case notATerminal
  /// `$TERM` is unset, empty (nil), or has no description on this machine.
  case unknownTerminal(String?)
  /// The terminal of this `$TERM` cannot move its cursor.
  case dumbTerminal(String?)
  /// The process uses the terminal already.
  case alreadyStarted
  /// A system call failed, with its `errno`.
  case system(code: Int32)

  /// What is wrong and what to do.
  public var description: String {
    let instead = "use `brume render` for the screens as text, or `brume tune` for the result"
    switch self {
    case .notATerminal:
      return "standard input and output must be a terminal; \(instead)"
    case .unknownTerminal(nil):
      return "TERM is not set, so how to draw is not known; set it (xterm-256color fits most terminals), or \(instead)"
    case .unknownTerminal(let name?):
      return "this machine has no description of the terminal TERM=\(Self.shown(name)); "
        + "set TERM to one that it knows (xterm-256color fits most), or \(instead)"
    case .dumbTerminal(let name):
      return "the terminal TERM=\(Self.shown(name ?? "")) cannot move its cursor; \(instead)"
    case .alreadyStarted:
      return "the terminal is in use by this process already"
    case .system(let code):
      return "the terminal could not be set up (system error \(code)); \(instead)"
    }
  }

  /// The name as it may be printed: what is no plain character would be a command to the terminal, and nobody reads a
  /// thousand of them.
  private static func shown(_ name: String) -> String {
    let plain = name.unicodeScalars.prefix(60).map { (33..<127).contains($0.value) ? String($0) : "?" }.joined()
    return name.unicodeScalars.count > 60 ? plain + "..." : plain
  }
}
