import ArgumentParser
import TUI

/// `brume themes`: the colour themes that ship.
struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "themes", abstract: "List the colour themes.")

  @OptionGroup var output: ListOptions

  func run() throws {
    var list = ListTable(key: "themes", [("name", .left), ("what it is", .left)])
    for theme in try Theme.shipped() {
      list.add(
        [theme.name, theme.summary], ["name": .string(theme.name), "summary": .string(theme.summary)])
    }
    output.print(list)
  }
}
