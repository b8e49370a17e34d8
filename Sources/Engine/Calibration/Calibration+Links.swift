/// Collectives, transfers between GPUs and host copies (docs/model.md, section 3).
extension Calibration {
  /// The links of each measured group: all-gathers and reduce-scatters give one line, all-reduces another.
  func fitLinks(_ report: inout CalibrationReport) {
    let shared = points.collectives.filter { !$0.isAlone && $0.operation != .pointToPoint }
    let groups = Set(shared.map(\.group)).sorted(by: LinkTable.inOrder)
    guard !groups.isEmpty else {
      fitPairs(&report)
      return
    }
    var links = report.cluster.nodeType.links
    var found: [GroupShape: Link] = [:]
    var reduces: [GroupShape: Link] = [:]
    for group in groups {
      let own = shared.filter { $0.group == group }
      let gathers = own.filter { $0.operation == .allGather }
      let scatters = own.filter { $0.operation == .reduceScatter }
      let isAlike = agree(scatters, with: gathers, group, &report)
      if let link = line(isAlike ? gathers + scatters : gathers, "link", group, &report) { found[group] = link }
      if let link = line(own.filter { $0.operation == .allReduce }, "all-reduce", group, &report) {
        reduces[group] = link
      }
    }
    // Where groups of a kind were measured, those of the base are of another machine; of the other kind nothing new is known.
    func laid(_ own: [GroupShape: Link], over old: [GroupShape: Link]) -> [GroupShape: Link] {
      old.filter { entry in !own.keys.contains { ($0.nodes > 1) == (entry.key.nodes > 1) } }
        .merging(own) { $1 }
    }
    let kept = laid(found, over: links.measured).count - found.count
    links.measured = laid(found, over: links.measured)
    links.allReduce = laid(reduces, over: links.allReduce)
    links.measuredSource =
      origin(shared.count) + (kept > 0 ? "; the other kind of groups: \(links.measuredSource)" : "")
    report.cluster.nodeType.links = links
    fitPairs(&report)
  }

  private func line(
    _ own: [CollectivePoint], _ kind: String, _ group: GroupShape, _ report: inout CalibrationReport
  ) -> Link? {
    let name = "\(kind) \(group.nodes)x\(group.gpusPerNode)"
    let ring = Double(group.ranks - 1) / Double(group.ranks)
    // A reduce-scatter takes 1.1 all-gathers.
    let lines = own.map { point in
      let factor = point.operation == .reduceScatter ? CollectiveFactor.reduceScatter : 1
      return (bytes: point.bytes * ring, seconds: point.seconds / factor)
    }
    guard let fit = LineFit(lines) else {
      if !own.isEmpty { report.warnings.append("\(name): one amount is no line; the group is left out") }
      return nil
    }
    let error = report.compare(own.count) { index in
      let factor = own[index].operation == .reduceScatter ? CollectiveFactor.reduceScatter : 1
      return .init(
        name: "\(own[index].operation.rawValue) \(group.nodes)x\(group.gpusPerNode) of "
          + "\(Quantity.text((own[index].bytes / Units.mebibyte * 10).rounded() / 10)) MiB",
        measured: own[index].seconds, fitted: fit.seconds(lines[index].bytes) * factor)
    }
    let before = kind == "link" ? base.nodeType.links.measured[group] : base.nodeType.links.allReduce[group]
    let rate = fit.rate / Units.gibibyte
    report.add(
      name, rate, "GiB/s", before: before?.gibibytesPerSecond, own.count, error, deviation: fit.deviation)
    report.add(
      "\(name) latency", fit.latency, "s", before: before?.latencySeconds, own.count, error,
      deviation: fit.latencyDeviation)
    return Link(gibibytesPerSecond: rate, latencySeconds: fit.latency, provenance: fit.provenance)
  }

  /// Measured over predicted reduce-scatters (a ratio) that still tell the all-gathers' line: five times the 3 % that a point
  /// may be off by, our choice.
  private static let alike = 0.85...1.15

  /// Whether reduce-scatters tell the line of all-gathers: the cost model takes one for 1.1 all-gathers. Says where this
  /// machine's are otherwise; without all-gathers they are all that is known.
  private func agree(
    _ scatters: [CollectivePoint], with gathers: [CollectivePoint], _ group: GroupShape,
    _ report: inout CalibrationReport
  ) -> Bool {
    guard let fit = LineFit(gathers.map { ($0.bytes, $0.seconds) }) else { return true }
    let ratios = scatters.map { $0.seconds / (CollectiveFactor.reduceScatter * fit.seconds($0.bytes)) }
    guard let ratio = ratios.median, !Self.alike.contains(ratio) else { return true }
    report.warnings.append(
      "reduce-scatters of \(group.nodes)x\(group.gpusPerNode) take \(Quantity.text((ratio * 100).rounded() / 100)) of "
        + "what the cost model says: 1.1 all-gathers; the link is that of the all-gathers")
    return false
  }

  /// One pair of GPUs alone, in a node and between two.
  private func fitPairs(_ report: inout CalibrationReport) {
    let alone = points.collectives.filter { $0.operation == .pointToPoint && $0.isAlone }
    guard !alone.isEmpty else { return }
    var pairs = PairLinks(inside: nil, between: nil, source: origin(alone.count))
    for isBetween in [false, true] {
      let own = alone.filter { ($0.group.nodes > 1) == isBetween }
      guard let fit = LineFit(own.map { ($0.bytes, $0.seconds) }) else { continue }
      let name = isBetween ? "pair between nodes" : "pair inside a node"
      let error = report.compare(own.count) { index in
        .init(name: name, measured: own[index].seconds, fitted: fit.seconds(own[index].bytes))
      }
      let before = isBetween ? base.nodeType.links.pairs?.between : base.nodeType.links.pairs?.inside
      let rate = fit.rate / Units.gibibyte
      report.add(
        name, rate, "GiB/s", before: before?.gibibytesPerSecond, own.count, error, deviation: fit.deviation)
      let link = Link(gibibytesPerSecond: rate, latencySeconds: fit.latency, provenance: fit.provenance)
      if isBetween { pairs.between = link } else { pairs.inside = link }
    }
    report.cluster.nodeType.links.pairs = pairs
  }

  /// Copies both ways, while as many GPUs of the node copy as were measured at most: training uses all of them.
  func fitCopies(_ report: inout CalibrationReport) {
    for isToDevice in [true, false] {
      let own = points.copies.filter { $0.isToDevice == isToDevice }
      let most = own.map(\.gpusAtOnce).max() ?? 1
      let chosen = own.filter { $0.gpusAtOnce == most }
      guard let fit = LineFit(chosen.map { ($0.bytes, $0.seconds) }) else { continue }
      let name = isToDevice ? "hostToDevice" : "deviceToHost"
      let error = report.compare(chosen.count) { index in
        .init(
          name: "\(name) by \(most) GPUs", measured: chosen[index].seconds, fitted: fit.seconds(chosen[index].bytes))
      }
      let links = base.nodeType.links
      let rate = fit.rate / Units.gibibyte
      report.add(
        name, rate, "GiB/s", before: (isToDevice ? links.hostToDevice : links.deviceToHost).gibibytesPerSecond,
        chosen.count, error, deviation: fit.deviation)
      let link = Link(gibibytesPerSecond: rate, latencySeconds: fit.latency, provenance: fit.provenance)
      if isToDevice {
        report.cluster.nodeType.links.hostToDevice = link
      } else {
        report.cluster.nodeType.links.deviceToHost = link
      }
      report.cluster.nodeType.links.hostSource = origin(points.copies.count)
    }
  }
}
