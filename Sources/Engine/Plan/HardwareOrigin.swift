/// How the hardware figures behind a prediction came to be known.
///
/// A plan file keeps the summary; the notes of a result name the figures that nobody measured.
public struct HardwareOrigin: Sendable, Equatable {
  /// One figure of the hardware by its name in workload files, with its origin.
  public struct Entry: Sendable, Equatable {
    /// Name for people: `gpu flashForwardShare`, `link 2x8`.
    public var name: String
    /// How it came to be known.
    public var provenance: Provenance
  }

  /// All figures in a fixed order: the GPU's, the links', the node's.
  public let entries: [Entry]

  /// The origin of a cluster's figures.
  public init(_ cluster: Cluster) {
    let node = cluster.nodeType
    entries =
      Self.gpuEntries(node.gpu) + Self.linkEntries(node.links) + [
        Entry(name: "interference", provenance: node.interferenceOrigin.provenance),
        Entry(name: "hostMemoryBytes", provenance: node.hostMemoryBytes.provenance),
      ]
  }

  /// The least sure kind among what times depend on most: kernels, links and interference.
  ///
  /// `measured` only when the GEMM curve, the interference and the collectives were measured on such hardware.
  public var summary: Provenance {
    let core = entries.filter { Self.core.contains($0.name) || $0.name.hasPrefix("link ") }
    let order = Provenance.allCases
    let worst = core.compactMap { order.firstIndex(of: $0.provenance) }.max() ?? 0
    return order[worst]
  }

  /// Names of the figures of that origin, in order.
  public func names(_ provenance: Provenance) -> [String] {
    entries.filter { $0.provenance == provenance }.map(\.name)
  }

  private static let core: Set<String> = ["gpu gemm share", "interference", "hostToDevice", "deviceToHost"]

  private static func gpuEntries(_ gpu: GPU) -> [Entry] {
    gpu.figures.map { Entry(name: "gpu \($0.name)", provenance: $0.figure.provenance) }
  }

  private static func linkEntries(_ links: LinkTable) -> [Entry] {
    let shapes = links.measured.keys.sorted { ($0.nodes, $0.gpusPerNode) < ($1.nodes, $1.gpusPerNode) }
    var entries: [Entry] = []
    if shapes.isEmpty { entries.append(Entry(name: "link collectives", provenance: .derived)) }
    for shape in shapes {
      guard let link = links.measured[shape] else { continue }
      entries.append(Entry(name: "link \(shape.nodes)x\(shape.gpusPerNode)", provenance: link.provenance))
    }
    entries.append(Entry(name: "hostToDevice", provenance: links.hostToDevice.provenance))
    entries.append(Entry(name: "deviceToHost", provenance: links.deviceToHost.provenance))
    return entries
  }
}
