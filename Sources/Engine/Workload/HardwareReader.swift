/// Reads GPUs from YAML mappings whose keys are the properties of `GPU`.
enum HardwareReader {
  /// Keys of a GPU, in the order of the documentation.
  static let gpuKeys = [
    "from", "name", "title", "memoryBytes", "peakFlops", "fp8Flops", "memoryBandwidth", "gemm", "flashForwardShare",
    "flashBackwardShare", "flashHalfSequence", "elementwiseShare", "launchSeconds", "contextBytes", "communicatorBytes",
    "power",
  ]

  /// A GPU from a mapping; what the mapping leaves out comes from `base` where there is one.
  static func gpu(_ mapping: ConfigMapping, name: String, base: GPU? = nil) throws(InputError) -> GPU {
    GPU(
      name: try mapping.string("name", or: name), title: try mapping.string("title", or: base?.title ?? name),
      memoryBytes: try mapping.figure("memoryBytes", .bytes, 1e6...1e14, or: base?.memoryBytes),
      peakFlops: try mapping.figure("peakFlops", .flops, 1e9...1e18, or: base?.peakFlops),
      memoryBandwidth: try mapping.figure("memoryBandwidth", .bytesPerSecond, 1e6...1e16, or: base?.memoryBandwidth),
      gemm: try gemm(mapping, base: base?.gemm),
      flashForwardShare: try mapping.figure("flashForwardShare", .none, share, or: base?.flashForwardShare),
      flashBackwardShare: try mapping.figure("flashBackwardShare", .none, share, or: base?.flashBackwardShare),
      elementwiseShare: try mapping.figure("elementwiseShare", .none, share, or: base?.elementwiseShare),
      launchSeconds: try mapping.figure("launchSeconds", .seconds, 0...1, or: base?.launchSeconds),
      contextBytes: try mapping.figure("contextBytes", .bytes, 0...1e12, or: base?.contextBytes),
      communicatorBytes: try mapping.figure(
        "communicatorBytes", .bytes, 0...1e12,
        or: base?.communicatorBytes ?? Figure(0, .assumed, source: "counted with the context")),
      flashHalfSequence: try mapping.figure("flashHalfSequence", .none, 0...1e6, or: base?.flashHalfSequence),
      fp8Flops: try mapping["fp8Flops"] == nil
        ? base?.fp8Flops : mapping.figure("fp8Flops", .flops, 1e9...1e18),
      power: try power(mapping) ?? base?.power)
  }

  /// A share of a peak: above nothing, at most all of it.
  static let share: ClosedRange<Double> = 0.001...1

  private static func power(_ mapping: ConfigMapping) throws(InputError) -> PowerLimit? {
    guard let node = mapping["power"] else { return nil }
    let limit = try node.mapping(["productShare", "memoryPart"])
    return PowerLimit(
      productShare: try limit.figure("productShare", .none, share),
      memoryPart: try limit.figure("memoryPart", .none, 0...1))
  }

  private static func gemm(_ mapping: ConfigMapping, base: GEMMCurve?) throws(InputError) -> GEMMCurve {
    guard let node = mapping["gemm"] else {
      if let base { return base }
      throw .missing(at: mapping.place, key: "gemm", expected: "a mapping of share, halfDepth and waveElements")
    }
    let curve = try node.mapping(["share", "halfDepth", "waveElements"])
    return GEMMCurve(
      share: try curve.figure("share", .none, share, or: base?.share),
      halfDepth: try curve.figure("halfDepth", .none, 0...1e6, or: base?.halfDepth),
      waveElements: try curve.figure("waveElements", .none, 0...1e9, or: base?.waveElements))
  }
}

extension ConfigMapping {
  /// A figure `{value: 24 GiB, provenance: vendor, source: "..."}`; a bare value counts as assumed, by this file.
  func figure(
    _ key: String, _ unit: Quantity.Unit, _ range: ClosedRange<Double>, or fallback: Figure? = nil
  ) throws(InputError) -> Figure {
    guard let node = self[key] else {
      if let fallback { return fallback }
      throw .missing(
        at: place, key: key, expected: "a figure {value: \(unit.example), provenance: ..., source: ...}")
    }
    if node.isScalar {
      return Figure(
        try node.quantity(unit, range), .assumed, source: "given in \(PlainText.line(node.place.file, most: 400))")
    }
    let mapping = try node.mapping(["value", "provenance", "source"])
    return Figure(
      try mapping.required("value", unit.example).quantity(unit, range),
      try mapping.required("provenance", "one of \(Provenance.names)").choice(Provenance.self),
      source: try mapping.required("source", "where the figure stands").string("where the figure stands"))
  }
}

extension Provenance {
  /// All of them, for messages.
  static let names = Provenance.allCases.map(\.rawValue).joined(separator: ", ")
}
