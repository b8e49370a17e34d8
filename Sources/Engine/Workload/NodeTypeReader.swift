/// Reads node types: their GPU, links, interference and host memory.
enum NodeTypeReader {
  /// Keys of a node type, in the order of the documentation.
  static let keys = [
    "from", "name", "title", "gpu", "gpusPerNode", "hostMemoryBytes", "dollarsPerGPUHour", "interference", "links",
  ]
  /// Keys of its links.
  static let linkKeys = [
    "insideBytesPerSecond", "fabricBytesPerSecond", "collectiveShare", "insideLatencySeconds", "fabricLatencySeconds",
    "measured", "allReduce", "measuredSource", "hostToDevice", "deviceToHost", "hostSource",
    "pointToPoint",
  ]
  /// Rates that a fabric may have, B/s.
  static let fabricRates = 1e6...1e15
  /// Rates of measured links, GiB/s.
  static let measuredRates = 1e-6...1e6
  /// Latencies of links, seconds.
  static let latencies = 0.0...10.0
  /// Keys of measured point-to-point transfers.
  static let pairKeys = ["inside", "between", "source"]
  /// Named sets of interference factors, as a file may define them for its node types.
  typealias InterferenceSets = [String: Interference]

  /// A node type from a mapping; what the mapping leaves out comes from `base` where there is one.
  static func nodeType(
    _ mapping: ConfigMapping, name: String, base: NodeType? = nil, sets: InterferenceSets = [:],
    gpuNamed: (String, InputPlace) throws(InputError) -> GPU
  ) throws(InputError) -> NodeType {
    let (interference, origin) = try interference(mapping, base: base, sets: sets)
    var price = base?.dollarsPerGPUHour
    if mapping["dollarsPerGPUHour"] != nil { price = try mapping.figure("dollarsPerGPUHour", .none, 0...1e5) }
    return NodeType(
      name: try mapping.string("name", or: name), title: try mapping.string("title", or: base?.title ?? name),
      gpu: try gpu(mapping, base: base?.gpu, gpuNamed),
      gpusPerNode: try mapping.int("gpusPerNode", 1...ClusterReader.maximumGPUsPerNode, or: base?.gpusPerNode),
      links: try links(mapping, base: base?.links), interference: interference, interferenceOrigin: origin,
      hostMemoryBytes: try mapping.figure("hostMemoryBytes", .bytes, 1e9...1e15, or: base?.hostMemoryBytes),
      dollarsPerGPUHour: price)
  }

  private static func gpu(
    _ mapping: ConfigMapping, base: GPU?, _ gpuNamed: (String, InputPlace) throws(InputError) -> GPU
  ) throws(InputError) -> GPU {
    guard let node = mapping["gpu"] else {
      if let base { return base }
      throw .missing(at: mapping.place, key: "gpu", expected: "the name of a GPU, or its figures")
    }
    if node.isScalar { return try gpuNamed(try node.string("the name of a GPU"), node.place) }
    let inner = try node.mapping(HardwareReader.gpuKeys)
    var start = base
    if let from = inner["from"] { start = try gpuNamed(try from.string("the name of a GPU"), from.place) }
    return try HardwareReader.gpu(inner, name: start?.name ?? "gpu", base: start)
  }

  private static func interference(
    _ mapping: ConfigMapping, base: NodeType?, sets: InterferenceSets
  ) throws(InputError) -> (Interference, Figure) {
    guard let node = mapping["interference"] else {
      if let base { return (base.interference, base.interferenceOrigin) }
      throw .missing(at: mapping.place, key: "interference", expected: "28 factors with their provenance and source")
    }
    let inner = try node.mapping(["set", "factors", "provenance", "source"])
    let origin = Figure(
      28, try inner.required("provenance", "one of \(Provenance.names)").choice(Provenance.self),
      source: try inner.required("source", "where the factors stand").string())
    if let name = inner["set"] {
      let text = try name.string("the name of a set of factors")
      if let set = sets[text] { return (set, origin) }
      let known = sets.keys.sorted()
      throw .unknownName(
        at: name.place, kind: "set of interference factors", name: text,
        suggestion: Suggestion.nearest(to: text, in: known), known: known)
    }
    return (try factors(try inner.required("factors", "a list of 28 factors")), origin)
  }

  /// The 28 factors in the published order (docs/model.md section 4).
  static func factors(_ node: ConfigNode) throws(InputError) -> Interference {
    var values: [Double] = []
    for item in try node.list(28...28) { values.append(try item.double(1...1_000)) }
    guard let interference = Interference(published: values) else { throw node.wrong("28 factors of at least 1") }
    return interference
  }

  private static func links(_ mapping: ConfigMapping, base: LinkTable?) throws(InputError) -> LinkTable {
    guard let node = mapping["links"] else {
      if let base { return base }
      throw .missing(at: mapping.place, key: "links", expected: "a mapping of \(linkKeys.joined(separator: ", "))")
    }
    let inner = try node.mapping(linkKeys)
    return LinkTable(
      measured: try measured(inner, "measured", base: base?.measured),
      measuredSource: try inner.string("measuredSource", or: base?.measuredSource ?? "nothing was measured"),
      insideBytesPerSecond: try inner.figure(
        "insideBytesPerSecond", .bytesPerSecond, 1e6...1e15, or: base?.insideBytesPerSecond),
      fabricBytesPerSecond: try inner.figure(
        "fabricBytesPerSecond", .bytesPerSecond, fabricRates, or: base?.fabricBytesPerSecond),
      collectiveShare: try inner.figure("collectiveShare", .none, HardwareReader.share, or: base?.collectiveShare),
      insideLatencySeconds: try inner.figure(
        "insideLatencySeconds", .seconds, latencies, or: base?.insideLatencySeconds),
      fabricLatencySeconds: try inner.figure(
        "fabricLatencySeconds", .seconds, latencies, or: base?.fabricLatencySeconds),
      hostToDevice: try link(inner, "hostToDevice", base: base?.hostToDevice),
      deviceToHost: try link(inner, "deviceToHost", base: base?.deviceToHost),
      hostSource: try inner.string("hostSource", or: base?.hostSource), pairs: try pairs(inner, base: base?.pairs),
      allReduce: try measured(inner, "allReduce", base: base?.allReduce))
  }

  private static func pairs(_ mapping: ConfigMapping, base: PairLinks?) throws(InputError) -> PairLinks? {
    guard let node = mapping["pointToPoint"] else { return base }
    let inner = try node.mapping(pairKeys)
    var pairs = PairLinks(inside: nil, between: nil, source: try inner.string("source", or: base?.source))
    if let inside = inner["inside"] { pairs.inside = try link(inside) }
    if let between = inner["between"] { pairs.between = try link(between) }
    return pairs
  }

  private static func measured(
    _ mapping: ConfigMapping, _ key: String, base: [GroupShape: Link]?
  ) throws(InputError) -> [GroupShape: Link] {
    guard let node = mapping[key] else { return base ?? [:] }
    var table: [GroupShape: Link] = [:]
    for entry in try node.anyMapping().entries {
      let parts = entry.key.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let nodes = parts[0], let gpus = parts[1], (1...100_000).contains(nodes),
        (1...ClusterReader.maximumGPUsPerNode).contains(gpus), nodes * gpus > 1
      else {
        throw .value(
          at: entry.value.place, found: "'\(entry.key)'", expected: "the shape of a group, nodes x GPUs, such as 2x8")
      }
      table[GroupShape(nodes: nodes, gpusPerNode: gpus)] = try link(entry.value)
    }
    return table
  }

  private static func link(_ mapping: ConfigMapping, _ key: String, base: Link?) throws(InputError) -> Link {
    if let node = mapping[key] { return try link(node) }
    if let base { return base }
    throw .missing(
      at: mapping.place, key: key, expected: "a link {gibibytesPerSecond: ..., latencySeconds: ..., provenance: ...}")
  }

  /// A link as a mapping, or as `[GiB/s, seconds]` where it was measured.
  private static func link(_ node: ConfigNode) throws(InputError) -> Link {
    if case .sequence = node.content {
      let pair = try node.list(2...2)
      return Link(
        gibibytesPerSecond: try pair[0].double(measuredRates),
        latencySeconds: try pair[1].quantity(.seconds, latencies),
        provenance: .measured)
    }
    let mapping = try node.mapping(["gibibytesPerSecond", "latencySeconds", "provenance"])
    return Link(
      gibibytesPerSecond: try mapping.double("gibibytesPerSecond", measuredRates),
      latencySeconds: try mapping.required("latencySeconds", "a time").quantity(.seconds, latencies),
      provenance: try mapping.choice("provenance", or: .measured))
  }
}
