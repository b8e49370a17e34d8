import ArgumentParser
import Engine

/// The command line of Brume.
///
/// Each command is a file in `Commands/`; alone, or with a file, it is `explore`.
@main
struct Brume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brume", abstract: "Find, explore and save the best plan to train a language model on a cluster.",
    discussion: """
      A WORKLOAD or PLAN is a YAML file, the name of a sample (see `brume samples`), or - for standard input.
      Exit codes: 0 a plan was found, 1 no plan fits, 64 usage, 65 bad input, 70 failed, 130 cancelled with nothing \
      found.
      """,
    version: EngineVersion.current,
    subcommands: [
      ExploreCommand.self, TuneCommand.self, ScoreCommand.self, CompareCommand.self, ExplainCommand.self,
      FrontierCommand.self, ExportCommand.self, ImportCommand.self, RenderCommand.self,
      NewCommand.self, ModelsCommand.self, GPUsCommand.self, ClustersCommand.self, SamplesCommand.self,
      SpacesCommand.self, RuntimesCommand.self, ThemesCommand.self, KeysCommand.self, ValidateCommand.self,
      DetectCommand.self, ProfilerCommand.self, CalibrateCommand.self, ObserveCommand.self, BenchCommand.self,
    ],
    defaultSubcommand: ExploreCommand.self)

  /// Runs the command that the arguments name, and ends with its exit code.
  static func main() {
    HelpWidth.keepSane()
    var running: (any ParsableCommand.Type)?
    do {
      var command = try parseAsRoot(StartWords.arguments)
      running = type(of: command)
      try command.run()
    } catch {
      Failure.exit(error, in: running)
    }
  }
}
