/// Which measured groups a detected node keeps, and those that it gets of its own.
extension GuessedLinks {
  /// What holds of the base's groups, of those that the node has GPUs for.
  func held(_ groups: [GroupShape: Link]) -> [GroupShape: Link] {
    var kept: [GroupShape: Link] = [:]
    for (shape, link) in groups where shape.gpusPerNode <= gpus {
      if let link = held(link, shape.nodes > 1 ? fabricHold : insideHold) { kept[shape] = link }
    }
    return kept
  }

  /// Point-to-point transfers that hold; nil where the base has none.
  var pairs: PairLinks? {
    guard let from = base.links.pairs else {
      guard inside.bridged > 1 else { return nil }
      return PairLinks(inside: slowestPair, between: nil, source: Self.pcieSource)
    }
    let first = inside.bridged > 1 ? slowestPair : from.inside.flatMap { held($0, insideHold) }
    let second = from.between.flatMap { held($0, fabricHold) }
    guard first != nil || second != nil else { return PairLinks(inside: nil, between: nil, source: Self.nothing) }
    let source = isBase ? from.source : inside.bridged > 1 ? Self.pcieSource : "as \(base.name): \(from.source)"
    return PairLinks(inside: first, between: second, source: source)
  }

  private func held(_ link: Link, _ hold: Hold) -> Link? {
    switch hold {
    case .kept: link
    case .assumed:
      Link(
        gibibytesPerSecond: link.gibibytesPerSecond, latencySeconds: link.latencySeconds, provenance: .assumed)
    case .scaled(let share):
      Link(
        gibibytesPerSecond: link.gibibytesPerSecond * share, latencySeconds: link.latencySeconds, provenance: .derived)
    case .dropped: nil
    }
  }

  /// Groups inside a PCIe node of a card that ships with NVLink alone: in a bridge over NVLink, larger ones over PCIe.
  ///
  /// A table of each power of two is needed: shapes that are not in it take the nearest one's rate.
  var pcieGroups: [GroupShape: Link] {
    guard inside.kind == .pcie, insideHold == .dropped else { return [:] }
    var groups: [GroupShape: Link] = [:]
    var count = 2
    while count <= gpus {
      groups[GroupShape(nodes: 1, gpusPerNode: count)] = count <= inside.bridged ? bridgePair : slowestPair
      count *= 2
    }
    if gpus > 1 { groups[GroupShape(nodes: 1, gpusPerNode: gpus)] = gpus <= inside.bridged ? bridgePair : slowestPair }
    return groups
  }

  private var bridgePair: Link {
    let rate = inside.bridgeBytesPerSecond * base.links.collectiveShare.value
    return Link(
      gibibytesPerSecond: max(rate, 1e8) / 1_073_741_824, latencySeconds: base.links.insideLatencySeconds.value,
      provenance: .derived)
  }

  private var slowestPair: Link {
    let share = inside.crossesHost ? Self.hostShare : Self.switchShare
    return Link(
      gibibytesPerSecond: inside.bytesPerSecond * share / 1_073_741_824,
      latencySeconds: base.links.insideLatencySeconds.value, provenance: .assumed)
  }

  /// Share of PCIe's rate that collectives reach between GPUs behind switches: as over NVLink.
  private static let switchShare = 0.75
  /// The same where they go through the host: between the 0.16 that was measured on the L4 machine that ships (groups of
  /// 1x8, 5.0 of 31.5 GB/s), which has no peer copies, and `switchShare`.
  private static let hostShare = 0.35
  private static let pcieSource =
    "assumed: PCIe at 0.75 of its rate behind switches, 0.35 through the host; NVLink inside a bridge; measure with brume "
    + "profiler"
  private static let nothing = "nothing was measured on this cluster"

  /// Where the groups stand, those inside a node and those between nodes.
  func measuredSource(_ own: [GroupShape: Link]) -> String {
    let (from, source) = (base.links, base.links.measuredSource)
    if isBase { return source }
    let insideWords: String
    if !own.isEmpty {
      insideWords = Self.pcieSource
    } else {
      insideWords = Self.words(insideHold, base.name, isEmpty: !from.measured.keys.contains { $0.nodes == 1 })
    }
    let betweenWords = Self.words(fabricHold, base.name, isEmpty: !from.measured.keys.contains { $0.nodes > 1 })
    if insideWords == Self.nothing, betweenWords == Self.nothing { return Self.nothing }
    return String("inside a node \(insideWords); between nodes \(betweenWords) (\(base.name): \(source))".prefix(900))
  }

  private static func words(_ hold: Hold, _ base: String, isEmpty: Bool) -> String {
    if isEmpty { return nothing }
    switch hold {
    case .kept: return "as measured on \(base), which has the same GPUs and links"
    case .assumed: return "as \(base), assumed: it was not seen whether the links are the same"
    case .scaled: return "as \(base), times the ratio of the PCIe rates"
    case .dropped: return nothing
    }
  }
}
