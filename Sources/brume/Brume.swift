import ArgumentParser

/// The command line of Brume.
@main
struct Brume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brume", abstract: "Find, explore and save the best plan to train a language model on a cluster.",
    version: "0.1.0")
}
