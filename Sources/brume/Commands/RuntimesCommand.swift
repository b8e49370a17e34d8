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
    [
      "name": .string(runtime.name), "title": .string(runtime.title),
      "zeroLevels": .array(runtime.zeroLevels.map(JSONValue.int)), "offloads": .bool(runtime.offloads),
      "weightBytes": .figure(runtime.weightBytes), "gradientBytes": .figure(runtime.gradientBytes),
      "hasSeparateGradients": .bool(runtime.hasSeparateGradients),
      "accumulatesShards": .bool(runtime.accumulatesShards), "reductionBytes": .figure(runtime.reductionBytes),
      "reduction": .string(runtime.reduction.rawValue), "weightGather": .string(runtime.weightGather.rawValue),
      "step": .string(runtime.step.rawValue), "stepBytes": .figure(runtime.stepBytes),
      "gradientCheckBytes": .figure(runtime.gradientCheckBytes),
      "lossForwardBytes": .figure(runtime.lossForwardBytes), "lossBackwardBytes": .figure(runtime.lossBackwardBytes),
      "logitBytes": .figure(runtime.logitBytes), "dispatchSeconds": .figure(runtime.dispatchSeconds),
      "fragmentation": .figure(runtime.fragmentation), "lastStageReserve": .figure(runtime.lastStageReserve),
      "reservedError": .figure(runtime.reservedError),
    ]
  }
}
