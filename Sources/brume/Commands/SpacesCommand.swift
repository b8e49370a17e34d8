import ArgumentParser
import Engine

/// `brume spaces`: the search spaces by name.
struct SpacesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "spaces", abstract: "List the search spaces.")

  @OptionGroup var output: ListOptions

  func run() throws {
    var list = ListTable(key: "spaces", [("name", .left), ("what it is", .left)])
    for space in SearchSpace.all {
      list.add([space.name, space.summary], ["name": .string(space.name), "summary": .string(space.summary)])
    }
    output.print(list)
  }
}
