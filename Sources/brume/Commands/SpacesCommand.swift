import ArgumentParser
import Engine

/// `brume spaces [NAME]`: the search spaces by name; of one, what each knob may be, and which spaces hold which.
struct SpacesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spaces", abstract: "List the search spaces, or explain one.",
    discussion: """
      With NAME: the values that each knob may have, the runtime of its launcher, and which spaces contain it or are \
      contained in it, as computed from the knobs.
      """)

  @Argument(help: "Explain this space.")
  var name: String?

  @OptionGroup var output: ListOptions

  func run() throws {
    let all = try Catalogue.spaces
    let chosen = try name.map { [try Catalogue.space(named: $0, at: InputPlace(file: "the command line"))] } ?? all
    if name != nil, !output.json {
      Console.write(lines: chosen.flatMap { Self.explanation($0, among: all) })
      return
    }
    var list = ListTable(key: "spaces", [("name", .left), ("runtime", .left), ("what it is", .left)])
    for space in chosen {
      let lines = TextWrap.lines(space.summary, width: 42)
      list.add(
        [space.name, space.runtime, lines.first ?? ""], Self.item(space, among: all), further: lines.dropFirst())
    }
    output.print(list)
  }

  /// A space for people, at most 80 columns wide.
  static func explanation(_ space: SearchSpace, among all: [SearchSpace]) -> [String] {
    var table = TextTable([("knob", .left), ("allowed", .left), ("meaning", .left)])
    for knob in space.knobs {
      let lines = TextWrap.lines(knob.allowed, width: 26)
      let meanings = TextWrap.lines(knob.meaning, width: 30)
      for index in 0..<max(lines.count, meanings.count) {
        table.add([
          index == 0 ? knob.key : "", index < lines.count ? lines[index] : "",
          index < meanings.count ? meanings[index] : "",
        ])
      }
    }
    let about = space.about.flatMap { TextWrap.lines($0, width: 76) }
    let relations = [("contains", space.contained(among: all)), ("contained in", space.containing(among: all))]
    let sentences = relations.flatMap { title, names in
      TextWrap.lines("\(title): \(names.isEmpty ? "none" : names.joined(separator: ", "))", width: 76)
    }
    return TextWrap.lines("\(space.name): \(space.summary)", width: 78) + [""]
      + (about + ["Comparisons tune it on the runtime \(space.runtime)."] + sentences).map { "  " + $0 } + [""]
      + table.lines(indent: 2)
  }

  private static func item(_ space: SearchSpace, among all: [SearchSpace]) -> JSONValue {
    [
      "name": .string(space.name), "summary": .string(space.summary), "about": .strings(space.about),
      "runtime": .string(space.runtime), "contains": .strings(space.contained(among: all)),
      "containedIn": .strings(space.containing(among: all)),
      "knobs": .array(
        space.knobs.map { ["key": .string($0.key), "allowed": .string($0.allowed), "meaning": .string($0.meaning)] }),
    ]
  }
}
