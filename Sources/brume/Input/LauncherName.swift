import ArgumentParser
import Engine

/// A launcher as a flag names it.
struct LauncherName: ExpressibleByArgument {
  /// The launcher.
  let launcher: Launcher

  /// The launcher of that name; nil where there is none.
  init?(argument: String) {
    guard let launcher = Launcher(rawValue: argument) else { return nil }
    self.launcher = launcher
  }

  /// All names, for completions and for messages.
  static var allValueStrings: [String] { Launcher.allCases.map(\.rawValue) }

  /// What the flag takes.
  static let help = ArgumentHelp(
    "The launcher: \(list).", valueName: "launcher")

  /// All names in a line.
  static var list: String { allValueStrings.joined(separator: ", ") }
}
