extension Plan {
  /// GPUs that hold a stage.
  public var gpuCount: Int { stages.reduce(0) { $0 + $1.nodes * $1.gpusPerNode } }

  /// Nodes of a cluster that hold no stage of this plan: its last ones (docs/model.md, section 1).
  public func idleNodes(of cluster: Cluster) -> Int {
    max(0, cluster.nodes - (gpuCount + cluster.gpusPerNode - 1) / cluster.gpusPerNode)
  }
}

extension Cluster {
  /// Which nodes stay idle where the last `count` do, for people: `node 4 idle`, `nodes 61-62 idle`; nil for none.
  public func idleLabel(_ count: Int) -> String? {
    guard count > 0 else { return nil }
    return count == 1 ? "node \(nodes) idle" : "nodes \(nodes - count + 1)-\(nodes) idle"
  }
}
