import ArgumentParser
import Engine

/// `brume runtimes [NAME]`: the runtimes that a prediction can be for; of one, what it does and each figure's origin.
struct RuntimesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runtimes", abstract: "List the runtimes that a prediction can be for, or explain one.",
    discussion: """
      With NAME: what that runtime overlaps, keeps in memory and can run, and each of its figures with origin and \
      source. With --json every figure comes with its origin and source.
      """)

  @Argument(help: "Explain this runtime.")
  var name: String?

  @OptionGroup var output: ListOptions

  func run() throws {
    let runtimes = try chosen()
    if name != nil, !output.json {
      Console.write(lines: runtimes.flatMap(Self.explanation))
      return
    }
    var list = ListTable(
      key: "runtimes",
      [
        ("name", .left), ("ZeRO", .left), ("offload", .left), ("gradient B", .right), ("reduction", .left),
        ("step", .left), ("title", .left),
      ])
    for runtime in runtimes {
      list.add(
        [
          runtime.name, runtime.zeroLevels.map(String.init).joined(separator: ","),
          runtime.offloads ? (runtime.stepsOnHost ? "host step" : "yes") : "no",
          Decimals.significant(runtime.gradientBytes.value, 2), runtime.reduction.rawValue, runtime.step.rawValue,
          runtime.title,
        ],
        Self.item(runtime))
    }
    output.print(list)
  }

  /// The runtime of that name, or all.
  private func chosen() throws -> [RuntimeProfile] {
    let all = try Catalogue.runtimes
    guard let name else { return all }
    return [try Catalogue.runtime(named: name, at: InputPlace(file: "the command line"))]
  }

  private static func explanation(_ runtime: RuntimeProfile) -> [String] {
    var table = TextTable([
      ("property", .left), ("value", .right), ("origin", .left), ("meaning", .left), ("source", .left),
    ])
    for field in RuntimeField.all {
      switch field.value(of: runtime) {
      case .figure(let figure):
        table.add([
          field.name, Quantity.text(figure.value), figure.provenance.rawValue, field.meaning, figure.source,
        ])
      case .flag(let flag): table.add([field.name, flag ? "yes" : "no", "", field.meaning, ""])
      case .placement(let placement): table.add([field.name, placement.rawValue, "", field.meaning, ""])
      }
    }
    let levels = runtime.zeroLevels.map(String.init).joined(separator: ", ")
    return ["\(runtime.name): \(runtime.title)", ""] + runtime.about.map { "  \($0)" } + [
      "", "  ZeRO levels: \(levels). Bytes and seconds are per parameter, logit or rank, as the meaning says.", "",
    ] + table.lines()
  }

  private static func item(_ runtime: RuntimeProfile) -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("name", .string(runtime.name)), JSONMember("title", .string(runtime.title)),
      JSONMember("about", .strings(runtime.about)),
      JSONMember("zeroLevels", .array(runtime.zeroLevels.map(JSONValue.int))),
    ]
    for field in RuntimeField.all {
      switch field.value(of: runtime) {
      case .figure(let figure): members.append(JSONMember(field.name, .figure(figure)))
      case .flag(let flag): members.append(JSONMember(field.name, .bool(flag)))
      case .placement(let placement): members.append(JSONMember(field.name, .string(placement.rawValue)))
      }
    }
    return .object(members)
  }
}
