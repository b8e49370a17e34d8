/// Reads clusters: `64x8xh100`, the name of a node type, or a mapping.
enum ClusterReader {
  /// Keys of a cluster, in the order of the documentation.
  static let keys = ["from", "nodes", "gpusPerNode", "node", "hostMemoryBytes", "dollarsPerGPUHour"]
  /// Most nodes.
  static let maximumNodes = 100_000
  /// Most GPUs of a node.
  static let maximumGPUsPerNode = 1_024
  /// What a specification looks like, for messages.
  static let expectedSpec =
    "nodes x GPUs per node x node type, such as 64x8xh100, GPUs x node type, such as 8xl4, or a cluster file"

  /// A cluster from a specification or a mapping.
  ///
  /// `folder` is where relative paths of cluster files start (nil: the current folder), `files` are those that led here.
  static func cluster(
    _ node: ConfigNode, folder: String? = nil, files: [String] = []
  ) throws(InputError) -> Cluster {
    if node.isScalar { return try named(node, folder: folder, files: files) }
    let mapping = try node.mapping(keys)
    var base: Cluster?
    if let from = mapping["from"] { base = try named(from, folder: folder, files: files) }
    var type = try nodeType(mapping, base: base?.nodeType)
    if mapping["hostMemoryBytes"] != nil {
      type.hostMemoryBytes = try mapping.figure("hostMemoryBytes", .bytes, 1e9...1e15)
    }
    if mapping["dollarsPerGPUHour"] != nil {
      type.dollarsPerGPUHour = try mapping.figure("dollarsPerGPUHour", .none, 0...1e5)
    }
    let nodes = try mapping.int("nodes", 1...maximumNodes, or: base?.nodes)
    let gpus = try mapping.int("gpusPerNode", 1...maximumGPUsPerNode, or: base?.gpusPerNode ?? type.gpusPerNode)
    try check(gpus, type, at: mapping["gpusPerNode"]?.place ?? mapping.place)
    return Cluster(nodes: nodes, gpusPerNode: gpus, nodeType: type)
  }

  /// A cluster by its specification, or by the path of its file, with counts before it or without: `4x8x./mine.yaml`.
  private static func named(
    _ node: ConfigNode, folder: String?, files: [String]
  ) throws(InputError) -> Cluster {
    let spec = try node.string(expectedSpec, maximum: 1_000)
    if ClusterFile.isPath(spec) {
      let (counts, rest) = counts(spec)
      let path = counts.isEmpty ? spec : String(rest)
      let cluster = try ClusterFile.read(path, at: node.place, folder: folder, files: files)
      guard !counts.isEmpty else { return cluster }
      return try sized(counts, cluster.nodeType, spec: spec, at: node.place)
    }
    guard spec.count <= 200 else { throw node.wrong("\(expectedSpec), of at most 200 characters") }
    return try cluster(spec: spec, at: node.place)
  }

  /// A cluster from `64x8xh100`, `4x8 l4-vm`, `8xl4`, `32xl4` (whole nodes of 8) or `h100` (one full node).
  ///
  /// `own` is a node type of a file, known by its name beside those that ship, and before them.
  static func cluster(spec: String, at place: InputPlace, own: NodeType? = nil) throws(InputError) -> Cluster {
    let (counts, rest) = counts(spec)
    try checkCounts(counts, spec: spec, at: place)
    guard !rest.isEmpty, rest.first?.isNumber == false else {
      throw .value(at: place, found: "'\(spec)'", expected: expectedSpec)
    }
    return try sized(counts, try nodeType(named: String(rest), at: place, own: own), spec: spec, at: place)
  }

  private static func checkCounts(_ counts: [Int], spec: String, at place: InputPlace) throws(InputError) {
    guard counts.allSatisfy({ (1...10_000_000).contains($0) }) else {
      throw .value(at: place, found: "'\(spec)'", expected: "\(expectedSpec), with counts from 1 to \(maximumNodes)")
    }
  }

  /// A cluster of a type from the counts of a specification.
  private static func sized(
    _ counts: [Int], _ type: NodeType, spec: String, at place: InputPlace
  ) throws(InputError) -> Cluster {
    try checkCounts(counts, spec: spec, at: place)
    let (nodes, gpus) = try shape(counts, type, spec: spec, at: place)
    guard nodes <= maximumNodes else {
      throw .value(at: place, found: "\(nodes) nodes", expected: "at most \(maximumNodes) nodes")
    }
    try check(gpus, type, at: place)
    return Cluster(nodes: nodes, gpusPerNode: gpus, nodeType: type)
  }

  /// The up to two counts at the start of a specification, and what follows them.
  static func counts(_ spec: String) -> (counts: [Int], name: Substring) {
    var counts: [Int] = []
    var rest = Substring(spec)
    while counts.count < 2, let (count, after) = leadingCount(rest) {
      counts.append(count)
      rest = after
    }
    return (counts, rest)
  }

  /// A node type of a file where the name is its own, else one that ships.
  static func nodeType(named name: String, at place: InputPlace, own: NodeType?) throws(InputError) -> NodeType {
    if let own, own.name == name { return own }
    let type = try Catalogue.nodeType(named: name, at: place)
    // Another name of the same kind must not take what the file says of it.
    return own.flatMap { $0.name == type.name ? $0 : nil } ?? type
  }

  private static func shape(
    _ counts: [Int], _ type: NodeType, spec: String, at place: InputPlace
  ) throws(InputError) -> (Int, Int) {
    switch counts.count {
    case 0: return (1, type.gpusPerNode)
    case 2: return (counts[0], counts[1])
    default:
      if counts[0] <= type.gpusPerNode { return (1, counts[0]) }
      guard counts[0] % type.gpusPerNode == 0 else {
        throw .value(
          at: place, found: "'\(spec)'",
          expected: "a multiple of \(type.gpusPerNode) GPUs, or nodes x GPUs per node, such as 2x6x\(type.name)")
      }
      return (counts[0] / type.gpusPerNode, type.gpusPerNode)
    }
  }

  /// A number with the `x` or space behind it, and what follows; nil where the text does not start so.
  private static func leadingCount(_ text: Substring) -> (Int, Substring)? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    let after = text[digits.endIndex...]
    guard !digits.isEmpty, let separator = after.first, separator == "x" || separator == " " else { return nil }
    // More digits than an Int holds become a count that is out of every range.
    return (Int(digits) ?? Int.max, after.dropFirst())
  }

  private static func check(_ gpus: Int, _ type: NodeType, at place: InputPlace) throws(InputError) {
    guard gpus <= type.gpusPerNode else {
      throw .value(
        at: place, found: "\(gpus) GPUs per node",
        expected: "at most \(type.gpusPerNode), which a node of type "
          + "\(type.name) has")
    }
  }

  private static func nodeType(_ mapping: ConfigMapping, base: NodeType?) throws(InputError) -> NodeType {
    guard let node = mapping["node"] else {
      if let base { return base }
      throw .missing(at: mapping.place, key: "node", expected: "the name of a node type, such as h100-sxm")
    }
    if node.isScalar {
      return try Catalogue.nodeType(named: try node.string("the name of a node type"), at: node.place)
    }
    let inner = try node.mapping(NodeTypeReader.keys)
    var start = base
    if let from = inner["from"] {
      start = try Catalogue.nodeType(named: try from.string("the name of a node type"), at: from.place)
    }
    return try NodeTypeReader.nodeType(inner, name: start?.name ?? "node", base: start) {
      (name, place) throws(InputError) in try Catalogue.gpu(named: name, at: place)
    }
  }
}
