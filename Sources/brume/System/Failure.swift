import ArgumentParser
import Engine
import Foundation
import TUI

/// Ends the program on an error: the right exit code, and a message that says what, where and what to do.
enum Failure {
  /// The status that an error of ours stands for; nil for the argument parser's own.
  static func status(of error: any Error) -> ExitStatus? {
    switch error {
    case is InputError, is PlanError, is PinError: .badInput
    // The explorer where there is no terminal: another command is the right one, and the text names it.
    case is TerminalError: .usage
    // A file that is in the way is the person's to move; a full disk is not.
    case OutputError.exists: .badInput
    case is OutputError: .failed
    default: nil
    }
  }

  /// Prints the error and exits; never returns.
  static func exit(_ error: any Error) -> Never {
    if let status = status(of: error) {
      Console.warn("brume: \(error)")
      Foundation.exit(status.rawValue)
    }
    // Help, version, usage errors and plain exit codes are the argument parser's business.
    let code = Brume.exitCode(for: error)
    guard code == .failure, !(error is ExitCode) else { Brume.exit(withError: error) }
    Console.warn("brume: \(error)")
    Foundation.exit(ExitStatus.failed.rawValue)
  }
}
