import Engine

/// Published plans beside what the search finds, as JSON and as text.
enum PublishedPlanOutput {
  /// The JSON object of `brume validate --plans`: `plans` and their `summary`, and `speedups` of the launchers' spaces.
  static func document(_ report: PublishedPlanReport?, _ launchers: LauncherSpeedups?) -> JSONValue {
    var members = [JSONMember("format", "brume/1")]
    if let report {
      members.append(JSONMember("plans", .array(report.rows.map(row))))
      members.append(JSONMember("summary", summary(report)))
    }
    if let launchers { members.append(JSONMember("speedups", .array(launchers.rows.map(LauncherOutput.row)))) }
    return .object(members)
  }

  private static func row(_ row: PublishedPlanReport.Row) -> JSONValue {
    let workload = row.published.workload
    return [
      "line": row.published.place.line.map(JSONValue.int) ?? .null, "launcher": .string(row.published.space.name),
      "runtime": .string(workload.run.runtime), "model": .string(workload.model.name),
      "cluster": .string(workload.cluster.label), "sequence": .int(workload.run.sequenceLength),
      "batch": .int(workload.run.globalBatch), "flash": .bool(workload.run.attention == .flash),
      "closedFormSeconds": .number(row.score.closedFormSeconds),
      "iterationSeconds": .number(row.score.iterationSeconds), "fits": .bool(row.score.fits),
      "excessBytes": .number(row.excessBytes), "hostExcessBytes": .number(row.hostExcessBytes),
      "outsideSpace": row.breach.map(JSONValue.string) ?? .null,
      "roundedShares": .int(row.published.roundedShares), "searchStatus": .string(row.best.status.rawValue),
      "bestSeconds": .optional(row.best.best?.score.closedFormSeconds), "ratio": .optional(row.ratio),
      "verdict": .string(row.verdict.rawValue),
      "roomierSeconds": .optional(row.roomier?.best?.score.closedFormSeconds),
      "roomierRatio": .optional(row.roomierRatio),
      "roomierVerdict": row.roomierVerdict.map { .string($0.rawValue) } ?? .null,
    ]
  }

  private static func summary(_ report: PublishedPlanReport) -> JSONValue {
    func count(_ holds: (PublishedPlanReport.Row) -> Bool) -> JSONValue { .int(report.rows.filter(holds).count) }
    let verdicts = PublishedPlanReport.Verdict.allCases.map { verdict in
      JSONMember(verdict.rawValue, count { $0.verdict == verdict })
    }
    return [
      "count": .int(report.rows.count), "fit": count(\.score.fits), "outsideSpace": count { $0.breach != nil },
      "roundedShares": .int(report.rows.reduce(0) { $0 + $1.published.roundedShares }), "verdicts": .object(verdicts),
    ]
  }

  // MARK: Tables

  /// Titles and cells: one row a plan.
  static func table(_ rows: [PublishedPlanReport.Row]) -> (columns: [TextTable.Column], rows: [[String]]) {
    let columns: [TextTable.Column] = [
      ("workload", .left), ("attention", .left), ("batch", .right), ("launcher", .left), ("published s", .right),
      ("GiB over", .right), ("best s", .right), ("ratio", .right), ("verdict", .left), ("with its memory s", .right),
      ("ratio", .right),
    ]
    let cells = rows.map { row in
      let workload = row.published.workload
      return [
        workload.name, workload.run.attention.rawValue, "\(workload.run.globalBatch)", row.published.space.name,
        Decimals.significant(row.score.closedFormSeconds, 5), excess(row), seconds(row.best), ratio(row.ratio),
        row.verdict.rawValue + (row.breach.map { " (\($0))" } ?? ""), row.roomier.map(seconds) ?? "",
        row.roomier == nil ? "" : ratio(row.roomierRatio),
      ]
    }
    return (columns, cells)
  }

  /// GiB by which a plan exceeds its device, and its host; empty where it fits.
  private static func excess(_ row: PublishedPlanReport.Row) -> String {
    // Rounded up: what does not fit must not look as if it did.
    let (device, host) = (Decimals.spareGibibytes(-row.excessBytes), Decimals.spareGibibytes(-row.hostExcessBytes))
    let parts = (row.excessBytes > 0 ? [device] : []) + (row.hostExcessBytes > 0 ? ["host \(host)"] : [])
    return parts.joined(separator: ", ").replacing("-", with: "")
  }

  private static func seconds(_ result: TuneResult) -> String {
    result.best.map { Decimals.significant($0.score.closedFormSeconds, 5) } ?? "none fits"
  }

  private static func ratio(_ value: Double?) -> String { value.map { Decimals.fixed($0, 3) } ?? "-" }

  /// How many plans have which verdict, by launcher; the last row has all.
  static func counts(_ report: PublishedPlanReport) -> (columns: [TextTable.Column], rows: [[String]]) {
    let verdicts = PublishedPlanReport.Verdict.allCases
    let columns: [TextTable.Column] =
      [("launcher", .left), ("plans", .right), ("fit", .right)] + verdicts.map { ($0.rawValue, .right) }
      + [("with their memory: matched or beaten", .right)]
    var launchers: [String] = []
    for name in report.rows.map(\.published.space.name) where !launchers.contains(name) { launchers.append(name) }
    func cells(_ label: String, _ rows: [PublishedPlanReport.Row]) -> [String] {
      let held = rows.filter { $0.roomierVerdict == .matched || $0.roomierVerdict == .beaten }
      return [label, "\(rows.count)", "\(rows.filter(\.score.fits).count)"]
        + verdicts.map { verdict in "\(rows.filter { $0.verdict == verdict }.count)" }
        + ["\(held.count) of \(rows.filter { $0.roomier != nil }.count)"]
    }
    return (
      columns,
      launchers.map { name in cells(name, report.rows.filter { $0.published.space.name == name }) }
        + [cells("all", report.rows)]
    )
  }

  /// The report as tables for people.
  static func text(_ report: PublishedPlanReport) -> [String] {
    func lines(_ content: (columns: [TextTable.Column], rows: [[String]])) -> [String] {
      var table = TextTable(content.columns)
      for row in content.rows { table.add(row) }
      return table.lines(indent: 2)
    }
    return ["published plans beside the best of their launcher's space (closed form)", ""] + lines(table(report.rows))
      + ["", "verdicts", ""] + lines(counts(report))
  }
}
