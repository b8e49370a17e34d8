/// A figure of a kind of node that observed runs may move: where it stands, and of which kind it is.
///
/// The same figures as `Cluster.shifted` moves.
enum MovableFigure: Hashable {
  /// A figure with its own source.
  case figure(WritableKeyPath<NodeType, Figure>, HardwareDoubt, String)
  /// The share of products at the power limit.
  case power
  /// A measured collective.
  case measured(GroupShape)
  /// A measured all-reduce.
  case allReduce(GroupShape)
  /// A pair of GPUs, inside a node or between nodes.
  case pair(isInside: Bool)
  /// Copies, to the device or from it.
  case host(isToDevice: Bool)

  /// All that a kind of node has, in a fixed order.
  static func all(of type: NodeType) -> [MovableFigure] {
    let figures: [MovableFigure] = [
      .figure(\.gpu.gemm.share, .products, "gemm share"),
      .figure(\.gpu.flashForwardShare, .products, "flashForwardShare"),
      .figure(\.gpu.flashBackwardShare, .products, "flashBackwardShare"), .power,
      .figure(\.gpu.memoryBandwidth, .bandwidth, "memoryBandwidth"),
      .figure(\.links.insideBytesPerSecond, .linksInside, "insideBytesPerSecond"),
      .figure(\.links.insideLatencySeconds, .linksInside, "insideLatencySeconds"),
      .figure(\.links.fabricBytesPerSecond, .linksBetween, "fabricBytesPerSecond"),
      .figure(\.links.fabricLatencySeconds, .linksBetween, "fabricLatencySeconds"),
    ]
    let shapes = { (links: [GroupShape: Link]) in links.keys.sorted { LinkTable.inOrder($0, $1) } }
    return figures + shapes(type.links.measured).map { .measured($0) }
      + shapes(type.links.allReduce).map { .allReduce($0) }
      + [.pair(isInside: true), .pair(isInside: false), .host(isToDevice: true), .host(isToDevice: false)]
  }

  /// The kind of figure.
  var kind: HardwareDoubt {
    switch self {
    case .figure(_, let kind, _): kind
    case .power: .products
    case .measured(let shape), .allReduce(let shape): shape.nodes > 1 ? .linksBetween : .linksInside
    case .pair(let isInside): isInside ? .linksInside : .linksBetween
    case .host: .hostCopies
    }
  }

  /// The figure's rate, in whatever unit it has; nil where the kind of node has none.
  func value(in type: NodeType) -> Double? {
    switch self {
    case .figure(let path, _, _): type[keyPath: path].value
    case .power: type.gpu.power?.productShare.value
    default: link(in: type)?.gibibytesPerSecond
    }
  }

  private func link(in type: NodeType) -> Link? {
    switch self {
    case .figure, .power: nil
    case .measured(let shape): type.links.measured[shape]
    case .allReduce(let shape): type.links.allReduce[shape]
    case .pair(let isInside): isInside ? type.links.pairs?.inside : type.links.pairs?.between
    case .host(let isToDevice): isToDevice ? type.links.hostToDevice : type.links.deviceToHost
    }
  }

  /// True where both have the same figure: value for value, and the latency of a link too.
  func isEqual(in type: NodeType, _ other: NodeType) -> Bool {
    switch self {
    case .figure, .power: value(in: type) == value(in: other)
    default:
      link(in: type).map { ($0.gibibytesPerSecond, $0.latencySeconds) } ?? (0, 0)
        == link(in: other).map { ($0.gibibytesPerSecond, $0.latencySeconds) } ?? (0, 0)
    }
  }

  /// Takes the figure from another kind of node, as measured where `source` says by whom.
  func copy(from other: NodeType, to type: inout NodeType, source: String?) {
    func figure(_ new: Figure, _ old: Figure) -> Figure {
      source.map { Figure(new.value, .measured, source: AdjustmentSource.text($0, before: old)) } ?? new
    }
    func link(_ new: Link?) -> Link? {
      var link = new
      if source != nil { link?.provenance = .measured }
      return link
    }
    switch self {
    case .figure(let path, _, _): type[keyPath: path] = figure(other[keyPath: path], type[keyPath: path])
    case .power:
      guard let new = other.gpu.power?.productShare, let old = type.gpu.power?.productShare else { return }
      type.gpu.power?.productShare = figure(new, old)
    case .measured(let shape): type.links.measured[shape] = link(other.links.measured[shape])
    case .allReduce(let shape): type.links.allReduce[shape] = link(other.links.allReduce[shape])
    case .pair(isInside: true): type.links.pairs?.inside = link(other.links.pairs?.inside)
    case .pair(isInside: false): type.links.pairs?.between = link(other.links.pairs?.between)
    case .host(isToDevice: true): type.links.hostToDevice = link(other.links.hostToDevice) ?? type.links.hostToDevice
    case .host(isToDevice: false): type.links.deviceToHost = link(other.links.deviceToHost) ?? type.links.deviceToHost
    }
  }
}

extension MovableFigure {
  /// True where observed runs have moved the figure, or one that shares its source.
  func isAdjusted(in type: NodeType) -> Bool {
    switch self {
    case .figure(let path, _, _): AdjustmentSource.isOne(type[keyPath: path].source)
    case .power: type.gpu.power.map { AdjustmentSource.isOne($0.productShare.source) } ?? false
    case .measured, .allReduce: AdjustmentSource.isOne(type.links.measuredSource)
    case .pair: type.links.pairs.map { AdjustmentSource.isOne($0.source) } ?? false
    case .host: AdjustmentSource.isOne(type.links.hostSource)
    }
  }

  /// Takes the figure with its source from another kind of node.
  func restore(from base: NodeType, to type: inout NodeType) {
    copy(from: base, to: &type, source: nil)
    switch self {
    case .figure, .power: break
    case .measured, .allReduce: type.links.measuredSource = base.links.measuredSource
    case .pair: if let source = base.links.pairs?.source { type.links.pairs?.source = source }
    case .host: type.links.hostSource = base.links.hostSource
    }
  }

  /// Name for people.
  var name: String {
    switch self {
    case .figure(_, _, let name): name
    case .power: "power productShare"
    case .measured(let shape): "link \(shape.nodes)x\(shape.gpusPerNode)"
    case .allReduce(let shape): "all-reduce \(shape.nodes)x\(shape.gpusPerNode)"
    case .pair(let isInside): isInside ? "pairs inside" : "pairs between"
    case .host(let isToDevice): isToDevice ? "hostToDevice" : "deviceToHost"
    }
  }
}
