import ArgumentParser

/// How a command ends, for the shell.
enum ExitStatus: Int32 {
  /// A plan was found, or what was asked for was printed.
  case success = 0
  /// The answer is that no plan fits.
  case noPlan = 1
  /// The arguments are wrong (the argument parser's own code).
  case usage = 64
  /// A file or a value in it is wrong.
  case badInput = 65
  /// Something in Brume or in the system failed.
  case failed = 70
  /// Cancelled with nothing found.
  case cancelled = 130

  /// Ends the command with this status and no further message.
  var exit: ExitCode { ExitCode(rawValue) }
}
