extension ClusterGuess {
  /// The cluster file: the base by name, what differs from it by value, and remarks for the person who edits it.
  ///
  /// Reading its `cluster` gives an equal cluster.
  public var yaml: String {
    let version = ConfigNode.object([
      ("brume", .number(ConfigNode.formatVersion)), ("cluster", ClusterFile.node(of: cluster, over: base)),
    ])
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
}
