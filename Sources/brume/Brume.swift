import ArgumentParser
import Engine

/// The command line of Brume.
///
/// Each command is a file in `Commands/`.
@main
struct Brume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brume", abstract: "Find, explore and save the best plan to train a language model on a cluster.",
    version: EngineVersion.current,
    subcommands: [ModelsCommand.self, GPUsCommand.self, ClustersCommand.self, SpacesCommand.self])

  /// Runs the command that the arguments name, and ends with its exit code.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(error)
    }
  }
}
