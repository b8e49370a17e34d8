extension ClusterFile {
  /// The cluster as a mapping that names its base and holds what differs from it, so that a person can read and edit it.
  ///
  /// Reading it gives an equal cluster.
  static func node(of cluster: Cluster, over base: NodeType) -> ConfigNode {
    let own = WorkloadWriter.node(of: cluster.nodeType)
    var node = own.differing(from: WorkloadWriter.node(of: base), keeping: always)
    // The rest of a GPU or a table of links comes from the base.
    node = node.replacing("gpu") { gpu in gpu.leading("from", .text(base.gpu.name)) }
    return .object([
      ("nodes", .number(cluster.nodes)), ("gpusPerNode", .number(cluster.gpusPerNode)),
      ("node", node.leading("from", .text(base.name))),
    ])
  }

  /// What a person wants to see, the same as the base's or not.
  private static let always: Set<String> = [
    "name", "title", "gpu", "memoryBytes", "gpusPerNode", "hostMemoryBytes", "links", "insideBytesPerSecond",
    "fabricBytesPerSecond", "collectiveShare",
  ]
}

extension ConfigNode {
  /// The entries of a mapping that another one has not, or has otherwise; GPUs, links and curves entry by entry.
  ///
  /// Figures and tables stay whole: a reader takes them whole.
  fileprivate func differing(from other: ConfigNode, keeping always: Set<String>) -> ConfigNode {
    guard case .mapping(let entries) = content, case .mapping(let others) = other.content else { return self }
    var kept: [Entry] = []
    for entry in entries {
      let same = others.first { $0.key == entry.key }?.value
      guard always.contains(entry.key) || same != entry.value else { continue }
      var entry = entry
      if ["gpu", "links", "gemm"].contains(entry.key), let same {
        entry.value = entry.value.differing(from: same, keeping: always)
      }
      kept.append(entry)
    }
    return ConfigNode(place: place, content: .mapping(kept))
  }

  /// The mapping with one more entry in front.
  fileprivate func leading(_ key: String, _ value: ConfigNode) -> ConfigNode {
    guard case .mapping(let entries) = content else { return self }
    return ConfigNode(place: place, content: .mapping([Entry(key: key, line: nil, value: value)] + entries))
  }

  /// The mapping with the value of a key changed.
  fileprivate func replacing(_ key: String, _ change: (ConfigNode) -> ConfigNode) -> ConfigNode {
    guard case .mapping(let entries) = content else { return self }
    let changed = entries.map { $0.key == key ? Entry(key: key, line: nil, value: change($0.value)) : $0 }
    return ConfigNode(place: place, content: .mapping(changed))
  }
}
