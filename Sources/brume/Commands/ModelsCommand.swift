import ArgumentParser
import Engine

/// `brume models`: the models that ship.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the models that ship.",
    discussion:
      "Parameters are those at a sequence of 2048 tokens. A path to a Hugging Face config.json stands for a model too.")

  @OptionGroup var output: ListOptions

  func run() throws {
    var list = ListTable(
      key: "models",
      [
        ("name", .left), ("parameters", .right), ("layers", .right), ("hidden", .right), ("heads", .right),
        ("KV heads", .right), ("MLP", .right), ("vocabulary", .right), ("source", .left),
      ])
    for model in try Catalogue.models {
      let parameters = model.parameterCount(sequenceLength: Self.sequenceLength)
      list.add(
        [
          model.name, Decimals.count(parameters), "\(model.layers)", "\(model.hidden)", "\(model.heads)",
          "\(model.keyValueHeads)", "\(model.feedForward)" + (model.gatedFeedForward ? " gated" : ""),
          "\(model.vocabulary)", model.source,
        ],
        Self.item(model, parameters: parameters))
    }
    output.print(list)
  }

  /// A learned position table grows with the sequence; the counts are for this one.
  private static let sequenceLength = 2048

  private static func item(_ model: ModelShape, parameters: Double) -> JSONValue {
    [
      "name": .string(model.name), "aliases": .strings(Catalogue.aliases(of: model.name)),
      "parameters": .number(parameters), "layers": .int(model.layers), "hidden": .int(model.hidden),
      "feedForward": .int(model.feedForward), "heads": .int(model.heads), "keyValueHeads": .int(model.keyValueHeads),
      "headWidth": .int(model.headWidth), "vocabulary": .int(model.vocabulary), "source": .string(model.source),
    ]
  }
}
