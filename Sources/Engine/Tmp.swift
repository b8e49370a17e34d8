extension Cluster {
  func collectiveLink(_ group: GroupShape) -> Link { nodeType.links.measured[group] ?? Link(gibibytesPerSecond: 3, latencySeconds: 1e-3, provenance: .derived) }
  func pointToPointLink(sameNode: Bool) -> Link { Link(gibibytesPerSecond: sameNode ? 8 : 2, latencySeconds: 1e-4, provenance: .derived) }
}
