import ArgumentParser
import Engine

/// `brume runtimes`: the runtimes that a prediction can be for, each figure with its origin in JSON.
struct RuntimesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runtimes", abstract: "List the runtimes that a prediction can be for.",
    discussion: "With --json every figure comes with its origin and source.")

  @OptionGroup var output: ListOptions

  func run() throws {
    var list = ListTable(
      key: "runtimes",
      [
        ("name", .left), ("ZeRO", .left), ("offload", .left), ("gradient B", .right), ("reduction", .left),
        ("step", .left), ("title", .left),
      ])
    for runtime in RuntimeProfile.all {
      list.add(
        [
          runtime.name, runtime.zeroLevels.map(String.init).joined(separator: ","), runtime.offloads ? "yes" : "no",
          Decimals.significant(runtime.gradientBytes.value, 2), runtime.reduction.rawValue, runtime.step.rawValue,
          runtime.title,
        ],
        Self.item(runtime))
    }
    output.print(list)
  }

  private static func item(_ runtime: RuntimeProfile) -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("name", .string(runtime.name)), JSONMember("title", .string(runtime.title)),
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
