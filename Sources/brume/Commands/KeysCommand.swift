import ArgumentParser
import TUI

/// `brume keys`: every command of the explorer with its keys, the settings applied.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "List the explorer's commands and their keys, as the settings have them.",
    discussion: "The first column is the name that the settings file uses under `keys:` (docs/settings.md).")

  @OptionGroup var output: ListOptions

  func run() throws {
    let keymap = try SettingsFile.read().keymap
    var list = ListTable(key: "keys", [("command", .left), ("keys", .left), ("where", .left), ("what it does", .left)])
    for entry in keymap.entries {
      list.add(
        [entry.id, entry.keys.joined(separator: " "), entry.place, entry.help],
        [
          "id": .string(entry.id), "keys": .strings(entry.keys), "where": .string(entry.place),
          "help": .string(entry.help), "changed": .bool(entry.isChanged),
        ])
    }
    output.print(list)
    for remark in keymap.remarks { Console.warn("brume: \(remark)") }
  }
}
