/// So much more of a scarce resource, as a change of a workload and as `--set` assignments.
public struct ResourceStep: Sendable, Hashable {
  /// Of what.
  public var resource: ScarceResource
  /// How much more, in the resource's unit; above 0.
  public var amount: Double

  /// A step.
  public init(_ resource: ScarceResource, _ amount: Double) {
    self.resource = resource
    self.amount = amount
  }

  /// The steps that a cluster can take: one unit of each resource, twice the nodes, and the next number of GPUs that
  /// nodes of this kind have, where not all of them are used. Links between nodes need two nodes, those inside two GPUs.
  public static func all(of cluster: Cluster) -> [ResourceStep] {
    var steps = [ResourceStep(.nodes, 1)]
    if cluster.nodes > 1 { steps.append(ResourceStep(.nodes, Double(cluster.nodes))) }
    let width = cluster.gpusPerNode
    if let next = PlanShape.divisors(of: cluster.nodeType.gpusPerNode).first(where: { $0 > width }) {
      steps.append(ResourceStep(.gpusPerNode, Double(next - width)))
    }
    steps += [ResourceStep(.deviceMemory, 1), ResourceStep(.hostMemory, 1)]
    if cluster.nodes > 1 { steps.append(ResourceStep(.fabric, 1)) }
    if width > 1 { steps.append(ResourceStep(.insideLink, 1)) }
    return steps + [ResourceStep(.hostLink, 1), ResourceStep(.compute, 1), ResourceStep(.memoryBandwidth, 1)]
  }

  /// The step in words: `1 GiB more device memory per GPU`.
  public var text: String {
    let count = Quantity.text(amount)
    let several = amount == 1 ? "" : "s"
    switch resource {
    case .nodes: return "\(count) more node\(several)"
    case .gpusPerNode: return "\(count) more GPU\(several) per node"
    case .deviceMemory: return "\(count) GiB more device memory per GPU"
    case .hostMemory: return "\(count) GiB more host memory per node"
    case .fabric: return "\(count) GB/s more between nodes"
    case .insideLink: return "\(count) GB/s more between the GPUs of a node"
    case .hostLink: return "\(count) GB/s more to and from the host"
    case .compute: return "\(count) TFLOP/s more per GPU"
    case .memoryBandwidth: return "\(count) GB/s more memory bandwidth per GPU"
    }
  }

  /// `key=value` assignments to a workload file, as for `--set`, that make the change.
  ///
  /// Measured links follow the bound of a ring over the links that the change makes faster, as links of groups that
  /// nobody measured do (docs/model.md, section 3).
  public func assignments(for cluster: Cluster) -> [String] {
    let type = cluster.nodeType
    func more(_ figure: Figure, _ unit: Double) -> String { Quantity.text(figure.value + amount * unit) }
    switch resource {
    case .nodes: return ["cluster.nodes=\(cluster.nodes + Int(amount))"]
    case .gpusPerNode: return ["cluster.gpusPerNode=\(cluster.gpusPerNode + Int(amount))"]
    case .deviceMemory: return ["cluster.node.gpu.memoryBytes=" + more(type.gpu.memoryBytes, Self.gibibyte)]
    case .hostMemory: return ["cluster.hostMemoryBytes=" + more(type.hostMemoryBytes, Self.gibibyte)]
    case .fabric, .insideLink: return linkAssignments(type)
    case .hostLink:
      let extra = amount * 1e9 / Self.gibibyte
      return [("hostToDevice", type.links.hostToDevice), ("deviceToHost", type.links.deviceToHost)].map { name, link in
        var faster = link
        (faster.gibibytesPerSecond, faster.provenance) = (link.gibibytesPerSecond + extra, .derived)
        return "cluster.node.links.\(name)=" + Self.text(faster)
      }
    case .compute: return ["cluster.node.gpu.peakFlops=" + more(type.gpu.peakFlops, 1e12)]
    case .memoryBandwidth: return ["cluster.node.gpu.memoryBandwidth=" + more(type.gpu.memoryBandwidth, 1e9)]
    }
  }

  /// The workload with the change, read as `--set` reads it.
  ///
  /// Throws where a figure leaves the range that files may have.
  public func changed(_ workload: Workload) throws(InputError) -> Workload {
    let node = try WorkloadWriter.node(of: workload).applying(assignments(for: workload.cluster))
    return try WorkloadSource.workload(node, folder: nil, defaultName: nil)
  }

  // MARK: Links

  private func linkAssignments(_ type: NodeType) -> [String] {
    let links = type.links
    var faster = links
    let name: String
    if resource == .fabric {
      name = "fabricBytesPerSecond"
      faster.fabricBytesPerSecond.value += amount * 1e9
    } else {
      name = "insideBytesPerSecond"
      faster.insideBytesPerSecond.value += amount * 1e9
    }
    let figure = resource == .fabric ? faster.fabricBytesPerSecond : faster.insideBytesPerSecond
    var found = ["cluster.node.links.\(name)=" + Quantity.text(figure.value)]
    func scaled(_ link: Link, _ group: GroupShape) -> Link {
      let ratio = faster.ringBound(group, of: type.gpusPerNode) / links.ringBound(group, of: type.gpusPerNode)
      guard ratio != 1 else { return link }
      return Link(
        gibibytesPerSecond: link.gibibytesPerSecond * ratio, latencySeconds: link.latencySeconds, provenance: .derived)
    }
    for (key, table) in [("measured", links.measured), ("allReduce", links.allReduce)] where !table.isEmpty {
      let entries = table.sorted { LinkTable.inOrder($0.key, $1.key) }.map { group, link in
        "\(group.nodes)x\(group.gpusPerNode): " + Self.text(scaled(link, group))
      }
      found.append("cluster.node.links.\(key)={" + entries.joined(separator: ", ") + "}")
    }
    // A pair has the link to itself: it is as fast as a group of one GPU a node is when all of them are at work.
    let pairs =
      [("inside", links.pairs?.inside, GroupShape(nodes: 1, gpusPerNode: 2))]
      + [("between", links.pairs?.between, GroupShape(nodes: 2, gpusPerNode: type.gpusPerNode))]
    for (key, link, group) in pairs {
      guard let link else { continue }
      found.append("cluster.node.links.pointToPoint.\(key)=" + Self.text(scaled(link, group)))
    }
    return found
  }

  /// A link as a YAML mapping on one line.
  private static func text(_ link: Link) -> String {
    "{gibibytesPerSecond: \(Quantity.text(link.gibibytesPerSecond)), "
      + "latencySeconds: \(Quantity.text(link.latencySeconds)), provenance: \(link.provenance.rawValue)}"
  }

  private static let gibibyte = 1_073_741_824.0
}
