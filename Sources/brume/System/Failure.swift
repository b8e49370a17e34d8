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

  /// What is told of arguments that a command finds wrong when it runs: as the parser does of those that it finds.
  static func usage(_ error: ValidationError, of command: any ParsableCommand.Type) -> String {
    let name = command.configuration.commandName.map { " \($0)" } ?? ""
    let usage = Brume.usageString(for: command)
    return "Error: \(error.message)\nUsage: \(usage)\n  See 'brume\(name) --help' for more information."
  }

  /// Prints the error, which ended the parser or a command, and exits; never returns.
  static func exit(_ error: any Error, in command: (any ParsableCommand.Type)? = nil) -> Never {
    if let error = error as? ValidationError, let command {
      Console.warn(usage(error, of: command))
      Foundation.exit(ExitStatus.usage.rawValue)
    }
    // The line dropped before the terminal could be taken: not the person's mistake.
    if error is TerminalError, Console.inputIsGone { Foundation.exit(128 + SIGHUP) }
    if let status = status(of: error) {
      Console.warn("brume: \(error)")
      Foundation.exit(status.rawValue)
    }
    // Help, version, usage errors and plain exit codes are the argument parser's business, but for the writing: a full
    // disk is told of.
    let code = Brume.exitCode(for: error)
    guard code == .failure, !(error is ExitCode) else { leave(error, code) }
    Console.warn("brume: \(error)")
    Foundation.exit(ExitStatus.failed.rawValue)
  }

  /// What the argument parser's own `exit` does; but an argument in its text cannot steer the terminal.
  private static func leave(_ error: any Error, _ code: ExitCode) -> Never {
    let text = Brume.fullMessage(for: error)
    if !text.isEmpty {
      if code == .success { Console.write(text + "\n") } else { Console.warn(text) }
    }
    Foundation.exit(code.rawValue)
  }
}
