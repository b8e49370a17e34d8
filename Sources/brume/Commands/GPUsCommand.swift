import ArgumentParser
import Engine

/// `brume gpus`: the GPUs that ship, each figure with its origin in JSON.
struct GPUsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpus", abstract: "List the GPUs that ship.",
    discussion: "With --json every figure comes with its origin and source.")

  @OptionGroup var output: ListOptions

  func run() throws {
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

  private static func item(_ gpu: GPU) -> JSONValue {
    [
      "name": .string(gpu.name), "title": .string(gpu.title), "memoryBytes": .figure(gpu.memoryBytes),
      "peakFlops": .figure(gpu.peakFlops), "memoryBandwidth": .figure(gpu.memoryBandwidth),
      "gemmShare": .figure(gpu.gemm.share), "gemmHalfDepth": .figure(gpu.gemm.halfDepth),
      "gemmWaveElements": .figure(gpu.gemm.waveElements), "flashHalfSequence": .figure(gpu.flashHalfSequence),
      "flashForwardShare": .figure(gpu.flashForwardShare), "flashBackwardShare": .figure(gpu.flashBackwardShare),
      "elementwiseShare": .figure(gpu.elementwiseShare), "launchSeconds": .figure(gpu.launchSeconds),
      "contextBytes": .figure(gpu.contextBytes),
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
