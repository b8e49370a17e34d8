/// The links of a detected node: rates that were seen, and of the base's measured tables what holds on this machine.
///
/// Inside the node a measured group holds where GPU, their number and the rate of their links are the base's; between
/// nodes where the fabric's rate is so too. What was not seen is kept as assumed; what was seen to differ is left out, and
/// derived from the rates (docs/model.md, section 3).
struct GuessedLinks: Sendable, Equatable {
  /// What connects the GPUs of a node.
  let inside: InsideLinks
  /// What connects nodes.
  let fabric: FabricPorts
  /// The kind of node from which the rest is.
  let base: NodeType
  /// How much of the base's figures holds inside a node.
  let insideHold: Hold
  /// How much of them holds between nodes.
  let fabricHold: Hold
  /// The PCIe links are slower than the card's by this, at most 1.
  let pcieShare: Double
  /// GPUs of a node.
  let gpus: Int
  /// Nobody asked the node itself.
  let isOnlySlurm: Bool

  /// How a figure of the base is kept.
  enum Hold: Sendable, Equatable {
    /// As it is: the machine is like the base.
    case kept
    /// As assumed: it was not seen whether it is.
    case assumed
    /// Times this, as derived: PCIe like the base's, but slower.
    case scaled(Double)
    /// Not at all: the machine differs.
    case dropped
  }

  /// What holds of `base` on a machine.
  init(_ machine: DetectedMachine, _ cards: SeenCards, base: NodeType) {
    inside = InsideLinks(machine, match: cards.match)
    fabric = FabricPorts(machine)
    self.base = base
    gpus = cards.gpus
    isOnlySlurm = machine.gpuCount == 0
    let usual = PCIe.bytesPerSecond(generation: cards.match.chip?.pcieGeneration ?? 4, width: 16) ?? 31.5e9
    pcieShare = min(1, (machine.pcieBytesPerSecond ?? usual) / usual)
    insideHold = Self.hold(inside, cards, base)
    guard let rate = fabric.bytesPerSecond else {
      fabricHold = cards.gpus == base.gpusPerNode && insideHold != .dropped ? .assumed : .dropped
      return
    }
    let isSame = Self.isNear(rate, base.links.fabricBytesPerSecond.value) && insideHold == .kept
    fabricHold = isSame ? .kept : .dropped
  }

  private static func hold(_ inside: InsideLinks, _ cards: SeenCards, _ base: NodeType) -> Hold {
    let rate = base.links.insideBytesPerSecond.value
    let isWhole = cards.gpus == base.gpusPerNode
    switch inside.kind {
    case .unseen: return isWhole || cards.gpus == 1 ? .assumed : .dropped
    case .nvlink:
      guard isNear(inside.bytesPerSecond, rate), isWhole, base.hasNVLink else { return .dropped }
      return cards.match.isExact ? .kept : .assumed
    case .pcie:
      guard !base.hasNVLink, inside.bridged == 1 else { return .dropped }
      guard isNear(inside.bytesPerSecond, rate) else {
        return inside.bytesPerSecond < rate ? .scaled(inside.bytesPerSecond / rate) : .assumed
      }
      return isWhole && inside.isRateSeen && cards.match.isExact ? .kept : .assumed
    }
  }

  /// Within 3 %: the same rate, rounded otherwise.
  private static func isNear(_ left: Double, _ right: Double) -> Bool { abs(left / right - 1) <= 0.03 }

  /// The machine differs from the base in nothing that was seen, and its links inside were seen.
  var isLikeBase: Bool { insideHold == .kept && (fabricHold != .dropped) && pcieShare > 0.97 }

  /// The machine is the base as far as can be seen: the fabric too.
  var isBase: Bool { isLikeBase && fabricHold == .kept }

  /// What should be known of the links.
  var warnings: [DetectWarning] {
    var warnings: [DetectWarning] = []
    if inside.kind == .unseen, gpus > 1, !isOnlySlurm { warnings.append(.insideUnseen(base: base.name)) }
    if inside.kind == .pcie, inside.bridged > 1 { warnings.append(.bridges(inside.bridged)) }
    if fabric.bytesPerSecond == nil { warnings.append(.fabricUnseen(base: base.name)) }
    if !fabric.leftOut.isEmpty { warnings.append(.portsLeftOut(fabric.leftOut)) }
    return warnings
  }

  /// The whole table.
  var table: LinkTable {
    let (from, name) = (base.links, base.name)
    let own = pcieGroups
    let isLike = isLikeBase
    var insideFigure = from.insideBytesPerSecond.assumed(as: name)
    if inside.kind != .unseen, inside.bytesPerSecond >= 1e6 {
      insideFigure = Figure(
        inside.bytesPerSecond, inside.isRateSeen ? .derived : .assumed, source: inside.source)
    }
    return LinkTable(
      measured: held(from.measured).merging(own) { $1 }, measuredSource: measuredSource(own),
      insideBytesPerSecond: insideFigure,
      fabricBytesPerSecond: fabric.bytesPerSecond.map { rate in
        Figure(rate, .derived, source: "\(fabric.words): \(fabric.counted)")
      } ?? assumedFabric,
      collectiveShare: fabricFigure(\.collectiveShare),
      insideLatencySeconds: insideHold == .kept
        ? from.insideLatencySeconds : from.insideLatencySeconds.assumed(as: name),
      fabricLatencySeconds: fabricFigure(\.fabricLatencySeconds),
      hostToDevice: copy(from.hostToDevice), deviceToHost: copy(from.deviceToHost),
      hostSource: isLike ? from.hostSource : "as \(name)\(pcieShare < 1 ? ", slower PCIe" : ""): \(from.hostSource)",
      pairs: pairs, allReduce: held(from.allReduce))
  }

  /// The base's fabric, of which a node with fewer GPUs is assumed to have its part.
  private var assumedFabric: Figure {
    var figure = base.links.fabricBytesPerSecond
    guard gpus < base.gpusPerNode else { return figure.assumed(as: base.name) }
    figure.value *= Double(gpus) / Double(base.gpusPerNode)
    return figure.assumed(as: base.name, "\(gpus) of its \(base.gpusPerNode) GPUs have their part of it")
  }

  /// Figures of the fabric: the base's, or on InfiniBand beside a base without it those of the InfiniBand node that ships.
  private func fabricFigure(_ path: KeyPath<LinkTable, Figure>) -> Figure {
    let own = base.links[keyPath: path]
    if fabricHold == .kept || isLikeBase { return own }
    if fabric.isInfiniBand, base.links.fabricLatencySeconds.value > Self.infiniBandLatency,
      let type = try? Catalogue.nodeType(named: "a100-80-sxm", at: InputPlace(file: ""))
    {
      return type.links[keyPath: path].assumed(as: type.name)
    }
    return own.assumed(as: base.name)
  }

  /// Above it, seconds, a base's fabric is no InfiniBand: those of the InfiniBand nodes that ship are at it.
  private static let infiniBandLatency = 2e-4

  private func copy(_ link: Link) -> Link {
    if isLikeBase { return link }
    return Link(
      gibibytesPerSecond: link.gibibytesPerSecond * pcieShare, latencySeconds: link.latencySeconds, provenance: .assumed
    )
  }
}

extension NodeType {
  /// Its GPUs are connected by more than any PCIe gives.
  fileprivate var hasNVLink: Bool { links.insideBytesPerSecond.value > 130e9 }
}
