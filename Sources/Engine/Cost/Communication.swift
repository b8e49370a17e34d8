/// Rate of the collectives of one group: `seconds = (bytes * secondsPerByte + latency) * factor`
/// (docs/model.md, section 3; the (n-1)/n of a ring is in `secondsPerByte`).
struct CollectiveRate: Equatable {
  /// Seconds per byte of the full tensor; 0 for a group of one.
  var secondsPerByte: Double
  /// Latency in seconds; 0 for a group of one.
  var latencySeconds: Double

  /// The rate of a group on a cluster.
  init(cluster: Cluster, group: GroupShape) {
    self.init(group.ranks > 1 ? cluster.collectiveLink(group) : nil, ranks: group.ranks, factor: 1)
  }

  /// The rate of the all-reduces of a group: as measured, else that of its all-gathers times the factor.
  init(allReduceOf cluster: Cluster, group: GroupShape) {
    if let link = cluster.nodeType.links.allReduce[group] {
      self.init(link, ranks: group.ranks, factor: 1)
    } else {
      let link = group.ranks > 1 ? cluster.collectiveLink(group) : nil
      self.init(link, ranks: group.ranks, factor: CollectiveFactor.allReduce)
    }
  }

  private init(_ link: Link?, ranks: Int, factor: Double) {
    guard let link else {
      secondsPerByte = 0
      latencySeconds = 0
      return
    }
    secondsPerByte = Double(ranks - 1) / Double(ranks) / (link.gibibytesPerSecond * Units.gibibyte) * factor
    latencySeconds = link.latencySeconds * factor
  }
}

/// Units of the engine.
enum Units {
  /// 2^30 bytes.
  static let gibibyte = 1_073_741_824.0
  /// 2^20 bytes.
  static let mebibyte = 1_048_576.0
}

/// Cost of a collective relative to an all-gather of the same tensor, from the paper's artifact (docs/model.md, section 3).
enum CollectiveFactor {
  /// All-gather.
  static let allGather = 1.0
  /// Reduce-scatter: the reduction reads and adds what it receives.
  static let reduceScatter = 1.1
  /// All-reduce: a reduce-scatter and an all-gather.
  static let allReduce = 2.1
}

/// Seconds of transfers, as expressions over a group's rate (docs/model.md, section 3).
struct Transfers {
  /// Seconds per byte.
  let secondsPerByte: Expression
  /// Latency, seconds.
  let latency: Expression
  /// Seconds per byte of an all-reduce; nil for `CollectiveFactor.allReduce` times an all-gather's.
  var reduceSecondsPerByte: Expression?
  /// Latency of an all-reduce, seconds.
  var reduceLatency: Expression?

  /// One all-reduce of a tensor of `bytes`.
  func allReduce(_ bytes: Expression) -> Expression {
    guard let reduceSecondsPerByte, let reduceLatency else {
      return collective(bytes, factor: CollectiveFactor.allReduce)
    }
    return bytes * reduceSecondsPerByte + reduceLatency
  }

  /// One collective on a tensor of `bytes` (full size).
  func collective(_ bytes: Expression, factor: Double) -> Expression {
    (bytes * secondsPerByte + latency) * factor
  }

  /// A copy of `bytes`: nothing where there is nothing to copy, else its share of the bandwidth and one latency.
  func copy(_ bytes: Expression) -> Expression {
    .select(bytes, bytes * secondsPerByte + latency, bytes * 0)
  }
}

extension Link {
  /// Seconds of a point-to-point transfer or a host copy (docs/model.md, section 3).
  func seconds(bytes: Double) -> Double {
    bytes > 0 ? bytes / (gibibytesPerSecond * Units.gibibyte) + latencySeconds : 0
  }
}
