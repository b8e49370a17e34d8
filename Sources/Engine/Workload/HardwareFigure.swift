/// A figure of a hardware file with its name there.
public struct HardwareFigure: Sendable, Equatable {
  /// The keys that lead to it: `gemm share`, `links insideBytesPerSecond`.
  public var name: String
  /// The figure.
  public var figure: Figure
  /// Its unit.
  public var unit: Quantity.Unit

  /// A figure with its name.
  public init(name: String, figure: Figure, unit: Quantity.Unit) {
    self.name = name
    self.figure = figure
    self.unit = unit
  }
}

extension GPU {
  /// All of its figures, in the order of hardware files.
  public var figures: [HardwareFigure] {
    func one(_ name: String, _ figure: Figure, _ unit: Quantity.Unit = .none) -> HardwareFigure {
      HardwareFigure(name: name, figure: figure, unit: unit)
    }
    return [
      one("memoryBytes", memoryBytes, .bytes), one("peakFlops", peakFlops, .flops),
      one("memoryBandwidth", memoryBandwidth, .bytesPerSecond), one("gemm share", gemm.share),
      one("gemm halfDepth", gemm.halfDepth), one("gemm waveElements", gemm.waveElements),
      one("flashHalfSequence", flashHalfSequence), one("flashForwardShare", flashForwardShare),
      one("flashBackwardShare", flashBackwardShare), one("elementwiseShare", elementwiseShare),
      one("launchSeconds", launchSeconds, .seconds), one("contextBytes", contextBytes, .bytes),
      one("communicatorBytes", communicatorBytes, .bytes),
    ] + (fp8Flops.map { [one("fp8Flops", $0, .flops)] } ?? [])
      + (power.map { [one("power productShare", $0.productShare), one("power memoryPart", $0.memoryPart)] } ?? [])
  }
}

extension NodeType {
  /// All of its figures but its GPU's, in the order of hardware files; a link's is its rate in B/s, and another its latency.
  public var figures: [HardwareFigure] {
    func one(_ name: String, _ figure: Figure, _ unit: Quantity.Unit = .none) -> HardwareFigure {
      HardwareFigure(name: name, figure: figure, unit: unit)
    }
    func link(_ name: String, _ link: Link, _ source: String) -> [HardwareFigure] {
      [
        one(
          name, Figure(link.gibibytesPerSecond * Units.gibibyte, link.provenance, source: source), .bytesPerSecond),
        one("\(name) latency", Figure(link.latencySeconds, link.provenance, source: source), .seconds),
      ]
    }
    func table(_ name: String, _ table: [GroupShape: Link]) -> [HardwareFigure] {
      table.sorted { LinkTable.inOrder($0.key, $1.key) }.flatMap {
        link("links \(name) \($0.key.nodes)x\($0.key.gpusPerNode)", $0.value, links.measuredSource)
      }
    }
    var found = [
      one("hostMemoryBytes", hostMemoryBytes, .bytes),
      one("links insideBytesPerSecond", links.insideBytesPerSecond, .bytesPerSecond),
      one("links fabricBytesPerSecond", links.fabricBytesPerSecond, .bytesPerSecond),
      one("links collectiveShare", links.collectiveShare),
      one("links insideLatencySeconds", links.insideLatencySeconds, .seconds),
      one("links fabricLatencySeconds", links.fabricLatencySeconds, .seconds),
    ]
    if let price = dollarsPerGPUHour { found.insert(one("dollarsPerGPUHour", price), at: 1) }
    found += zip(InterferenceFactor.all, interference.published).map { factor, value in
      one(
        "interference \(factor.label)",
        Figure(value, interferenceOrigin.provenance, source: interferenceOrigin.source))
    }
    found += table("measured", links.measured) + table("allReduce", links.allReduce)
    found += link("links hostToDevice", links.hostToDevice, links.hostSource)
    found += link("links deviceToHost", links.deviceToHost, links.hostSource)
    if let pairs = links.pairs {
      found += pairs.inside.map { link("links pointToPoint inside", $0, pairs.source) } ?? []
      found += pairs.between.map { link("links pointToPoint between", $0, pairs.source) } ?? []
    }
    return found
  }
}
