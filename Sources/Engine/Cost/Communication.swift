/// Rate of the collectives of one group: `seconds = (bytes * secondsPerByte + latency) * factor`
/// (docs/model.md, section 3; the (n-1)/n of a ring is in `secondsPerByte`).
struct CollectiveRate: Equatable {
  /// Seconds per byte of the full tensor; 0 for a group of one.
  var secondsPerByte: Double
  /// Latency in seconds; 0 for a group of one.
  var latencySeconds: Double

  /// The rate of a group on a cluster.
  init(cluster: Cluster, group: GroupShape) {
    guard group.ranks > 1 else {
      secondsPerByte = 0
      latencySeconds = 0
      return
    }
    let link = cluster.collectiveLink(group)
    let ranks = Double(group.ranks)
    secondsPerByte = (ranks - 1) / ranks / (link.gibibytesPerSecond * Units.gibibyte)
    latencySeconds = link.latencySeconds
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
