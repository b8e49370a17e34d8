import ArgumentParser
import TUI

/// Flags for how screens look.
struct LookOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Colour theme (see `brume themes`).", valueName: "name"))
  var theme: String?

  @Option(help: "Characters: ascii, block, braille.")
  var charset: Charset?

  @Option(help: "Colours: none, 16, 256.")
  var color: ColourDepth?

  func validate() throws {
    _ = try chosenTheme(of: try Theme.shipped())
  }

  /// The look, with what the flags leave open taken from the arguments.
  func look(charset fallbackCharset: Charset, depth fallbackDepth: ColourDepth) throws -> Look {
    let chosen = try chosenTheme(of: try Theme.shipped())
    return Look(theme: chosen, depth: color ?? fallbackDepth, charset: charset ?? fallbackCharset)
  }

  /// The look, with what the flags leave open taken from the settings.
  func look(_ settings: ExplorerSettings, on terminal: TerminalAbilities) throws -> Look {
    let chosen = try chosenTheme(of: try Theme.shipped(), or: settings.theme)
    return Look(
      theme: chosen, depth: color ?? settings.depth(on: terminal), charset: charset ?? settings.charset(on: terminal))
  }

  private func chosenTheme(of themes: [Theme], or fallback: String? = nil) throws -> Theme {
    let name = theme ?? fallback ?? themes.first?.name
    guard let chosen = themes.first(where: { $0.name == name }) else {
      let known = themes.map(\.name).joined(separator: ", ")
      throw ValidationError("no theme is called '\(name ?? "")'; known: \(known)")
    }
    return chosen
  }
}

extension Charset: ExpressibleByArgument {}

extension ColourDepth: ExpressibleByArgument {
  /// From a name of `ColourDepth.named`.
  public init?(argument: String) {
    guard let depth = Self.named(argument) else { return nil }
    self = depth
  }

  /// The names that help lists.
  public static var allValueStrings: [String] { allCases.map(\.name) }
}
