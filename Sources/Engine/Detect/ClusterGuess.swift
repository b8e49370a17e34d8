/// A cluster out of what was seen of it: the nearest kind of node that ships, with what was seen laid over it.
///
/// Every figure says whether it was seen; what was not is the base's, and `assumed`. Figures that were measured on the
/// base hold where the machine is like it, and nowhere else.
public struct ClusterGuess: Sendable, Equatable {
  /// The cluster.
  public let cluster: Cluster
  /// The kind of node that ships from which the rest is.
  public let base: NodeType
  /// What should be known of it, the gravest first.
  public let warnings: [DetectWarning]

  /// What a person says beside the outputs.
  public struct Wishes: Sendable, Equatable {
    /// The GPU of the catalogue to start from; nil for that of the card.
    public var gpu: String?
    /// Name of the kind of node; nil for `my-` and the GPU's.
    public var name: String?

    /// Wishes; none by default.
    public init(gpu: String? = nil, name: String? = nil) {
      self.gpu = gpu
      self.name = name
    }
  }

  /// The cluster of a machine; `place` is where its outputs came from, for messages.
  ///
  /// Errors: nothing was seen, slices, virtual or unlike GPUs, a GPU that is not in the catalogue. Complexity: O(GPUs
  /// squared).
  public init(_ machine: DetectedMachine, wishes: Wishes = Wishes(), at place: InputPlace) throws(InputError) {
    try SeenCards.check(machine, at: place)
    let seen = try SeenCards(machine, gpu: wishes.gpu, at: place)
    guard seen.gpus <= ClusterReader.maximumGPUsPerNode else {
      throw .unsupported(
        at: place, what: "\(seen.gpus) GPUs in a node", remedy: "at most \(ClusterReader.maximumGPUsPerNode) are known")
    }
    let gpu = try Catalogue.gpu(named: seen.match.name, at: InputPlace(file: "--gpu"))
    guard let base = try Catalogue.nodeTypes.first(where: { $0.gpu.name == gpu.name }) else {
      throw .unsupported(at: place, what: "no kind of node ships with \(gpu.name)", remedy: "name another with --gpu")
    }
    self.base = base
    let links = GuessedLinks(machine, seen, base: base)
    let node = NodeType(
      name: "", title: Self.title(seen, links), gpu: GuessedGPU(seen, gpu).gpu, gpusPerNode: seen.gpus,
      links: links.table, interference: base.interference,
      interferenceOrigin: links.isLikeBase ? base.interferenceOrigin : base.interferenceOrigin.assumed(as: base.name),
      hostMemoryBytes: Self.hostMemory(machine, seen, base: base),
      dollarsPerGPUHour: base.dollarsPerGPUHour.map { price in
        links.isBase ? price : price.assumed(as: base.name, "set your own")
      })
    var named = node
    named.name = try Self.name(wishes.name, node.gpu, at: InputPlace(file: "--name"))
    cluster = Cluster(nodes: seen.count.nodes, gpusPerNode: seen.gpus, nodeType: named)
    warnings = seen.warnings + links.warnings + seen.count.warnings
  }

  private static func hostMemory(_ machine: DetectedMachine, _ seen: SeenCards, base: NodeType) -> Figure {
    if let bytes = machine.hostMemoryBytes, machine.gpuCount > 0 {
      return Figure(bytes, .measured, source: "MemTotal of /proc/meminfo")
    }
    if let bytes = seen.count.group?.memoryBytes, bytes >= 1e9 {
      return Figure(bytes, .measured, source: "RealMemory of scontrol show node")
    }
    return base.hostMemoryBytes.assumed(as: base.name)
  }

  private static func title(_ seen: SeenCards, _ links: GuessedLinks) -> String {
    let inside =
      switch links.inside.kind {
      case .nvlink: ", NVLink"
      case .pcie: links.inside.bridged > 1 ? ", PCIe with NVLink bridges" : ", PCIe"
      case .unseen: ""
      }
    let fabric = links.fabric.words.isEmpty ? "" : ", \(links.fabric.words)"
    let card = seen.card.hasSuffix("...") ? seen.match.name : seen.card
    return "\(seen.gpus) x \(card)\(inside)\(fabric)"
  }

  private static func name(_ wished: String?, _ gpu: GPU, at place: InputPlace) throws(InputError) -> String {
    guard let wished else { return "my-\(gpu.name)" }
    let isPlain = wished.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }
    guard isPlain, (1...60).contains(wished.utf8.count), wished.first?.isLetter == true else {
      throw .value(
        at: place, found: "'\(wished)'",
        expected: "a name of up to 60 lower-case letters, digits, -, . and _ that starts with a letter")
    }
    if let type = try? Catalogue.nodeType(named: wished, at: place) {
      throw .conflict(
        at: place, problem: "'\(wished)' is a kind of node that ships: \(type.title)", remedy: "take another")
    }
    return wished
  }
}

extension Figure {
  /// The same value as nobody told it of this machine: that of the thing called `name`.
  func assumed(as name: String, _ remark: String? = nil) -> Figure {
    let source = "as \(name): \(source)" + (remark.map { "; \($0)" } ?? "")
    return Figure(value, .assumed, source: String(source.prefix(900)))
  }
}
