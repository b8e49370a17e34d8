import Foundation

/// Which link a group of ranks gets: measured where it was measured, derived from the link speeds elsewhere
/// (docs/model.md section 3).
extension Cluster {
  /// The link of a collective among the ranks of `group`; a group of one rank costs nothing.
  ///
  /// A measured entry wins. Another shape takes the nearest measured one of its kind (inside a node, or between
  /// nodes), scaled by the ratio of the two shapes' bounds. Without any, the bound itself. Complexity: O(entries).
  public func collectiveLink(_ group: GroupShape) -> Link {
    let table = nodeType.links
    guard group.ranks > 1 else {
      return Link(gibibytesPerSecond: .infinity, latencySeconds: 0, provenance: .derived)
    }
    if let link = table.measured[group] { return link }
    let rate = table.ringBound(group, of: nodeType.gpusPerNode)
    let latency = table.derivedLatency(group)
    guard let near = table.nearestMeasured(group) else {
      return Link(gibibytesPerSecond: rate, latencySeconds: latency, provenance: .derived)
    }
    let ratio = rate / table.ringBound(near.shape, of: nodeType.gpusPerNode)
    let growth = latency - table.derivedLatency(near.shape)
    return Link(
      gibibytesPerSecond: near.link.gibibytesPerSecond * ratio,
      latencySeconds: max(0, near.link.latencySeconds + growth), provenance: .derived)
  }

  /// The link from one GPU to one other, while `senders` GPUs of its node send at once.
  ///
  /// In a ring of two each rank sends its half while it receives the other: the rate of that collective is the rate of
  /// one direction, measured while all GPUs of the node do so (eight groups of 2x1 carry together what one of 2x8
  /// does). Fewer senders share the same total, up to what one pair alone was measured to reach; where no pair was
  /// measured, the entries 1x2 and 2x1 serve as they are (docs/model.md section 3).
  public func pointToPointLink(sameNode: Bool, senders: Int) -> Link {
    let shared = collectiveLink(
      sameNode ? GroupShape(nodes: 1, gpusPerNode: 2) : GroupShape(nodes: 2, gpusPerNode: 1))
    guard let pair = sameNode ? nodeType.links.pairs?.inside : nodeType.links.pairs?.between else { return shared }
    let part = shared.gibibytesPerSecond * Double(nodeType.gpusPerNode) / Double(max(1, senders))
    return Link(
      gibibytesPerSecond: min(pair.gibibytesPerSecond, part), latencySeconds: pair.latencySeconds,
      provenance: pair.provenance)
  }
}

extension LinkTable {
  /// Bound of a hierarchical ring, GiB/s of the full tensor: the slower of the link inside a node and the part of the
  /// node's fabric that belongs to the group's GPUs.
  func ringBound(_ group: GroupShape, of gpusPerNode: Int) -> Double {
    let inside = insideBytesPerSecond.value * collectiveShare.value / Self.gibibyte
    guard group.nodes > 1 else { return inside }
    let part = Double(group.gpusPerNode) / Double(max(gpusPerNode, 1))
    return min(inside, fabricBytesPerSecond.value * collectiveShare.value * part / Self.gibibyte)
  }

  /// Latency of a group, seconds: that of the node, or that of the fabric for each doubling of the nodes.
  func derivedLatency(_ group: GroupShape) -> Double {
    group.nodes > 1 ? fabricLatencySeconds.value * log2(Double(group.nodes)) : insideLatencySeconds.value
  }

  /// The measured shape nearest to `group` among those of its kind: GPUs per node weigh twice, as the rate between
  /// nodes follows them; of equals the smaller. Nil where none of its kind was measured.
  func nearestMeasured(_ group: GroupShape) -> (shape: GroupShape, link: Link)? {
    func distance(_ shape: GroupShape) -> Double {
      2 * abs(log2(Double(shape.gpusPerNode) / Double(group.gpusPerNode)))
        + abs(log2(Double(shape.nodes) / Double(group.nodes)))
    }
    var best: (shape: GroupShape, link: Link)?
    for (shape, link) in measured.sorted(by: { Self.inOrder($0.key, $1.key) })
    where (shape.nodes > 1) == (group.nodes > 1) && shape.ranks > 1 {
      guard let current = best else {
        best = (shape, link)
        continue
      }
      if distance(shape) < distance(current.shape) - 1e-12 { best = (shape, link) }
    }
    return best
  }

  /// Order of shapes in files: by nodes, then by GPUs per node.
  static func inOrder(_ left: GroupShape, _ right: GroupShape) -> Bool {
    (left.nodes, left.gpusPerNode) < (right.nodes, right.gpusPerNode)
  }

  private static let gibibyte = 1_073_741_824.0
}
