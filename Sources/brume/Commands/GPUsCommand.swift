import ArgumentParser
import Engine

/// `brume gpus [NAME]`: the GPUs that ship; of one, each figure with its origin and source.
struct GPUsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpus", abstract: "List the GPUs that ship, or tell where the figures of one come from.",
    discussion: "With NAME, and with --json, every figure comes with its origin and source.")

  @Argument(help: "Tell of this GPU; a cluster file tells of the GPU in it.")
  var name: String?

  @OptionGroup var output: ListOptions

  func run() throws {
    if let name { return try tell(name) }
    var list = ListTable(
      key: "gpus",
      [
        ("name", .left), ("memory GiB", .right), ("TFLOP/s", .right), ("GB/s", .right), ("GEMM share", .right),
        ("which is", .left), ("title", .left),
      ])
    for gpu in try Catalogue.gpus {
      list.add(
        [
          gpu.name, Decimals.gibibytes(gpu.memoryBytes.value), Decimals.significant(gpu.peakFlops.value / 1e12, 4),
          Decimals.significant(gpu.memoryBandwidth.value / 1e9, 4), Decimals.fixed(gpu.gemm.share.value, 2),
          gpu.gemm.share.provenance.rawValue, gpu.title,
        ],
        Self.item(gpu))
    }
    output.print(list)
  }

  private func tell(_ name: String) throws {
    let gpu =
      ClusterFile.isPath(name)
      ? try ClusterFile.read(name).nodeType.gpu
      : try Catalogue.gpu(named: name, at: InputPlace(file: "the command line"))
    let table = FigureTable(figures: gpu.figures)
    if output.json {
      let members: [JSONMember] = [
        JSONMember("format", "brume/1"), JSONMember("gpus", .array([Self.item(gpu)])),
        JSONMember("figures", table.value),
      ]
      return Console.write(JSONWriter().text(.object(members)) + "\n")
    }
    Console.write(lines: ["\(gpu.name): \(gpu.title)", "\(table.summary)", ""] + table.lines)
  }

  private static func item(_ gpu: GPU) -> JSONValue {
    [
      "name": .string(gpu.name), "title": .string(gpu.title), "memoryBytes": .figure(gpu.memoryBytes),
      "peakFlops": .figure(gpu.peakFlops), "memoryBandwidth": .figure(gpu.memoryBandwidth),
      "gemmShare": .figure(gpu.gemm.share), "gemmHalfDepth": .figure(gpu.gemm.halfDepth),
      "gemmWaveElements": .figure(gpu.gemm.waveElements), "flashHalfSequence": .figure(gpu.flashHalfSequence),
      "flashForwardShare": .figure(gpu.flashForwardShare), "flashBackwardShare": .figure(gpu.flashBackwardShare),
      "elementwiseShare": .figure(gpu.elementwiseShare), "launchSeconds": .figure(gpu.launchSeconds),
      "contextBytes": .figure(gpu.contextBytes), "communicatorBytes": .figure(gpu.communicatorBytes),
    ]
  }
}

extension JSONValue {
  /// A hardware figure with its origin.
  static func figure(_ figure: Figure) -> JSONValue {
    [
      "value": .number(figure.value), "origin": .string(figure.provenance.rawValue), "source": .string(figure.source),
    ]
  }
}
