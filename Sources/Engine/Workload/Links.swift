/// A communication channel: `seconds = (bytes / 2^30 / gibibytesPerSecond * (n-1)/n + latencySeconds) * factor`
/// for a collective of n ranks (docs/model.md, section 3).
public struct Link: Sendable, Equatable {
  /// Algorithm bandwidth [k], GiB/s of the full tensor.
  public var gibibytesPerSecond: Double
  /// Fixed cost of one call [l], seconds.
  public var latencySeconds: Double
  /// Measured or derived.
  public var provenance: Provenance

  /// A link.
  public init(gibibytesPerSecond: Double, latencySeconds: Double, provenance: Provenance) {
    self.gibibytesPerSecond = gibibytesPerSecond
    self.latencySeconds = latencySeconds
    self.provenance = provenance
  }
}

/// The shape of a group of ranks: how many nodes, and how many of its GPUs are on each.
public struct GroupShape: Sendable, Hashable {
  /// Nodes that the group spans.
  public var nodes: Int
  /// Ranks of the group on each of them.
  public var gpusPerNode: Int

  /// A group of `nodes * gpusPerNode` ranks.
  public init(nodes: Int, gpusPerNode: Int) {
    self.nodes = nodes
    self.gpusPerNode = gpusPerNode
  }

  /// Number of ranks [n].
  public var ranks: Int { nodes * gpusPerNode }
}

/// Point-to-point transfers between two GPUs alone, measured with large messages; nil where nobody did.
public struct PairLinks: Sendable, Equatable {
  /// Two GPUs of one node.
  public var inside: Link?
  /// Two GPUs of two nodes.
  public var between: Link?
  /// Where the figures stand.
  public var source: String

  /// Measured pairs.
  public init(inside: Link?, between: Link?, source: String) {
    self.inside = inside
    self.between = between
    self.source = source
  }
}

/// What connects the GPUs of one kind of node, inside it and between such nodes.
public struct LinkTable: Sendable, Equatable {
  /// Measured collectives by group shape (may be empty).
  public var measured: [GroupShape: Link]
  /// Where the measured entries stand.
  public var measuredSource: String
  /// Measured all-reduces by group shape (may be empty): the whole of one, no factor on top.
  public var allReduce: [GroupShape: Link]
  /// Measured point-to-point transfers.
  public var pairs: PairLinks?
  /// One GPU to its peers inside the node (NVLink or PCIe), one direction, B/s, before protocol losses.
  public var insideBytesPerSecond: Figure
  /// One node to the fabric, one direction, all of its ports together, B/s, before protocol losses.
  public var fabricBytesPerSecond: Figure
  /// Share of a link's raw rate that collectives reach, 0...1.
  public var collectiveShare: Figure
  /// Latency of a collective inside a node, seconds.
  public var insideLatencySeconds: Figure
  /// Latency of a collective between nodes, seconds.
  public var fabricLatencySeconds: Figure
  /// Host memory to one GPU.
  public var hostToDevice: Link
  /// One GPU to host memory.
  public var deviceToHost: Link
  /// Where the host copies stand.
  public var hostSource: String

  /// A table from its figures.
  public init(
    measured: [GroupShape: Link], measuredSource: String, insideBytesPerSecond: Figure, fabricBytesPerSecond: Figure,
    collectiveShare: Figure, insideLatencySeconds: Figure, fabricLatencySeconds: Figure, hostToDevice: Link,
    deviceToHost: Link, hostSource: String, pairs: PairLinks? = nil, allReduce: [GroupShape: Link] = [:]
  ) {
    self.measured = measured
    self.measuredSource = measuredSource
    self.insideBytesPerSecond = insideBytesPerSecond
    self.fabricBytesPerSecond = fabricBytesPerSecond
    self.collectiveShare = collectiveShare
    self.insideLatencySeconds = insideLatencySeconds
    self.fabricLatencySeconds = fabricLatencySeconds
    self.hostToDevice = hostToDevice
    self.deviceToHost = deviceToHost
    self.hostSource = hostSource
    self.pairs = pairs
    self.allReduce = allReduce
  }
}
