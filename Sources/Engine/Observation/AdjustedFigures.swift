/// The figures of a cluster that observed runs moved, as notes tell them: by their sources alone, so that a plan file says
/// it too.
public struct AdjustedFigures: Sendable, Equatable {
  /// A figure, or a table of links that share a source.
  public struct Entry: Sendable, Equatable {
    /// Its name: `gemm share`, `links measured`.
    public var name: String
    /// True over told, in two decimals, as its source says: `x0.93`.
    public var factor: String
    /// By whom: `3 observed runs`.
    public var runs: String
  }

  /// What moved, in a fixed order.
  public var entries: [Entry]

  /// Those of a cluster; complexity: O(figures).
  public init(_ cluster: Cluster) {
    let type = cluster.nodeType
    let links = type.links
    let figures: [(String, String?)] = [
      ("gemm share", type.gpu.gemm.share.source), ("flashForwardShare", type.gpu.flashForwardShare.source),
      ("flashBackwardShare", type.gpu.flashBackwardShare.source),
      ("power productShare", type.gpu.power?.productShare.source), ("memoryBandwidth", type.gpu.memoryBandwidth.source),
      ("links measured", links.measuredSource), ("links of pairs", links.pairs?.source),
      ("insideBytesPerSecond", links.insideBytesPerSecond.source),
      ("fabricBytesPerSecond", links.fabricBytesPerSecond.source), ("host copies", links.hostSource),
    ]
    entries = figures.compactMap { name, source in
      guard let source, let words = AdjustmentSource.words(source) else { return nil }
      return Entry(name: name, factor: words.factor, runs: words.runs)
    }
  }

  /// `gemm share x0.93, flashForwardShare x0.93`, and by how many runs; nil where nothing moved.
  public var summary: (figures: String, runs: String)? {
    guard let first = entries.first else { return nil }
    return (entries.map { "\($0.name) \($0.factor)" }.joined(separator: ", "), first.runs)
  }
}
