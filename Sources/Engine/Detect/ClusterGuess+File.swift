extension ClusterGuess {
  /// The cluster file: the base by name, what differs from it by value, and remarks for the person who edits it.
  ///
  /// Reading its `cluster` gives an equal cluster.
  public var yaml: String {
    let version = ConfigNode.object([("brume", .number(ConfigNode.formatVersion)), ("cluster", node)])
    let head = [
      "# A cluster by brume detect: \(cluster.label), from \(base.name), with what was seen laid over it.",
      "# provenance: measured (here, or on such hardware), vendor, derived (of links: from what was seen), assumed (not seen).",
      "# What is left out is as in `\(base.name)` (brume clusters). Use it with --cluster FILE, edit it at will.",
    ]
    let size =
      cluster.nodes > 1
      ? [] : ["# One node: set `nodes`, or take four of them with --cluster 4x\(cluster.gpusPerNode)x./FILE."]
    return (head + size + warnings.map { "# - \($0.description)" }).joined(separator: "\n") + "\n" + version.yaml()
  }

  /// The cluster as a mapping over its base.
  var node: ConfigNode {
    let own = WorkloadWriter.node(of: cluster.nodeType)
    var node = own.differing(from: WorkloadWriter.node(of: base), keeping: Self.always)
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
