import Engine

/// What `brume calibrate` prints: fitted figures, overlap by set of channels, and the worst points.
struct CalibrationOutput {
  private let report: CalibrationReport
  private static let worstPoints = 10

  /// The words on a calibration.
  init(_ report: CalibrationReport) { self.report = report }

  /// For people.
  ///
  /// - Parameter all: every point, not only the worst ones.
  func lines(all: Bool) -> [String] {
    var lines = ["\(report.cluster.label), fitted over \(report.base)", ""]
    if !report.figures.isEmpty { lines += figureLines + [""] }
    if let overlap = report.overlap { lines += Self.overlapLines(overlap) + [""] }
    lines += pointLines(all: all)
    for warning in report.warnings { lines.append("note: \(warning)") }
    return lines
  }

  private var figureLines: [String] {
    var table = TextTable([
      ("figure", .left), ("was", .right), ("is", .right), ("", .left), ("points", .right), ("error %", .right),
      ("told", .left),
    ])
    for figure in report.figures {
      let (scale, unit) = Self.unit(figure.unit)
      table.add([
        figure.name, figure.before.map { Decimals.significant($0 / scale, 4) } ?? "-",
        Decimals.significant(figure.value / scale, 4), unit, "\(figure.points)",
        figure.meanError > 0 ? Decimals.percent(figure.meanError) : "", Self.words(figure.verdict),
      ])
    }
    return table.lines()
  }

  /// How people read a unit: its size in the file's unit, and its name.
  private static func unit(_ unit: String) -> (scale: Double, name: String) {
    switch unit {
    case "s": (1e-6, "us")
    case "B": (1_073_741_824, "GiB")
    default: (1, unit)
    }
  }

  private static func words(_ verdict: CalibrationReport.Verdict) -> String {
    switch verdict {
    case .firm: "well"
    case .loose: "roughly"
    case .open: "badly: other values fit as well"
    case .unseen: "not at all: the base's"
    }
  }

  private static func overlapLines(_ overlap: OverlapReport) -> [String] {
    var table = TextTable([
      ("channels at once", .left), ("points", .right), ("error %", .right), ("perfect overlap %", .right),
      ("serial %", .right),
    ])
    func add(_ name: String, _ set: OverlapReport.OfSet) {
      table.add([
        name, "\(set.count)", Decimals.percent(set.fit, 2), Decimals.percent(set.perfect), Decimals.percent(set.serial),
      ])
    }
    for set in overlap.sets { add(set.channels.map(\.letter).joined(separator: " "), set) }
    for size in overlap.sizes { add("\(size.channelCount) channels", size.errors) }
    add("all", overlap.total)
    var lines = table.lines() + [""]
    if let heldOut = overlap.heldOut {
      lines.append("a fifth that was held out: \(Decimals.percent(heldOut, 2)) %")
    }
    lines.append(
      "left out: \(overlap.unsteady) whose repeats differ by more than a tenth, \(overlap.unknown) whose parts were not measured alone"
    )
    lines.append(
      "more work never shortens the time: the least response is "
        + "\(Decimals.fixed(overlap.fit.worstResponse, 4)) s a second (\(Decimals.fixed(overlap.fit.freeWorstResponse, 4)) without that condition)"
    )
    return lines + ["", "interference factors (C compute, N collectives, H from the host, D to the host)"]
      + factorLines(overlap.fit)
  }

  private static func factorLines(_ fit: InterferenceFit) -> [String] {
    var table = TextTable([("factor", .left), ("", .right), ("+- %", .right), ("points", .right), ("told", .left)])
    for (index, factor) in InterferenceFactor.all.enumerated() {
      let deviation = fit.counts[index] > 0 ? fit.deviations[index] : .infinity
      table.add([
        factor.label, Decimals.fixed(fit.published[index], 3),
        deviation.isFinite ? deviation < 1 ? Decimals.percent(deviation) : "> 100" : "", "\(fit.counts[index])",
        words(CalibrationReport.Verdict(deviation: deviation)),
      ])
    }
    return table.lines(indent: 2)
  }

  private func pointLines(all: Bool) -> [String] {
    let points = report.points + (report.overlap?.points ?? [])
    guard !points.isEmpty else { return [] }
    let worst = points.enumerated().sorted { (abs($0.element.error), $1.offset) > (abs($1.element.error), $0.offset) }
    let shown = all ? points : worst.prefix(Self.worstPoints).map(\.element)
    var table = TextTable([("", .left), ("measured ms", .right), ("fitted ms", .right), ("error %", .right)])
    for point in shown {
      table.add([
        point.name, Decimals.significant(point.measured * 1e3, 4), Decimals.significant(point.fitted * 1e3, 4),
        Decimals.percent(point.error),
      ])
    }
    let title = all ? "fitted beside measured" : "the worst of \(points.count) points (--all prints each)"
    return [title] + table.lines(indent: 2) + [""]
  }

  /// For scripts.
  var value: JSONValue {
    .object([
      JSONMember("format", "brume/1"), JSONMember("base", .string(report.base)),
      JSONMember("cluster", WorkloadJSON.value(ClusterFile.node(of: report.cluster))),
      JSONMember(
        "figures",
        .array(
          report.figures.map { figure in
            [
              "name": .string(figure.name), "value": .number(figure.value), "unit": .string(figure.unit),
              "before": .optional(figure.before), "points": .int(figure.points), "meanError": .number(figure.meanError),
              "verdict": .string(figure.verdict.rawValue),
            ]
          })), JSONMember("overlap", report.overlap.map(Self.value) ?? .null),
      JSONMember("points", .array((report.points + (report.overlap?.points ?? [])).map(Self.value))),
      JSONMember("warnings", .strings(report.warnings)),
    ])
  }

  private static func value(_ point: CalibrationReport.Beside) -> JSONValue {
    [
      "name": .string(point.name), "measuredSeconds": .number(point.measured), "fittedSeconds": .number(point.fitted),
      "error": .number(point.error),
    ]
  }

  private static func value(_ overlap: OverlapReport) -> JSONValue {
    func set(_ set: OverlapReport.OfSet) -> JSONValue {
      [
        "channels": .string(set.channels.map(\.letter).joined()), "count": .int(set.count),
        "meanAbsoluteError": .number(set.fit), "perfectOverlapError": .number(set.perfect),
        "serialError": .number(set.serial),
      ]
    }
    let factors: [JSONValue] = InterferenceFactor.all.enumerated().map { index, factor in
      let deviation = overlap.fit.counts[index] > 0 ? overlap.fit.deviations[index] : .infinity
      return [
        "factor": .string(factor.label), "value": .number(overlap.fit.published[index]),
        "deviation": deviation.isFinite ? .number(deviation) : .null, "points": .int(overlap.fit.counts[index]),
        "verdict": .string(CalibrationReport.Verdict(deviation: deviation).rawValue),
      ]
    }
    return [
      "sets": .array(overlap.sets.map(set)),
      "sizes": .array(
        overlap.sizes.map { size in
          [
            "channelCount": .int(size.channelCount), "count": .int(size.errors.count),
            "meanAbsoluteError": .number(size.errors.fit), "perfectOverlapError": .number(size.errors.perfect),
            "serialError": .number(size.errors.serial),
          ]
        }), "total": set(overlap.total), "heldOutError": .optional(overlap.heldOut),
      "unsteady": .int(overlap.unsteady), "unknown": .int(overlap.unknown), "factors": .array(factors),
      "leastResponse": .number(overlap.fit.worstResponse), "leastResponseFree": .number(overlap.fit.freeWorstResponse),
    ]
  }
}
