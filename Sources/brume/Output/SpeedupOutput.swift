import Engine

/// Predicted beside published speed-ups as JSON and as text.
enum SpeedupOutput {
  /// The JSON object of `brume validate --speedups --json`.
  static func document(_ report: SpeedupReport) -> JSONValue {
    .object([
      JSONMember("format", "brume/1"),
      JSONMember("speedups", .array(report.rows.map(row))),
      JSONMember("meanAbsoluteError", .optional(report.meanAbsoluteError)),
      JSONMember("maxAbsoluteError", .optional(report.maxAbsoluteError)),
    ])
  }

  private static func row(_ row: SpeedupReport.Row) -> JSONValue {
    [
      "workload": .string(row.name), "gpus": .int(row.gpus), "runtime": .string(row.runtime),
      "over": .string(row.other), "seconds": .number(row.seconds), "overSeconds": .number(row.otherSeconds),
      "predicted": .number(row.predicted), "published": .number(row.published), "error": .number(row.error),
    ]
  }

  /// Titles and cells of the table; the last row has the means.
  static func table(_ report: SpeedupReport) -> (columns: [TextTable.Column], rows: [[String]]) {
    let columns: [TextTable.Column] = [
      ("workload", .left), ("GPUs", .right), ("plan of", .left), ("s", .right), ("over", .left), ("s", .right),
      ("predicted", .right), ("published", .right), ("error %", .right),
    ]
    var rows = report.rows.map { row in
      [
        row.name, "\(row.gpus)", row.runtime, Decimals.significant(row.seconds, 4), row.other,
        Decimals.significant(row.otherSeconds, 4), Decimals.fixed(row.predicted, 3), Decimals.fixed(row.published, 3),
        Decimals.percent(row.error),
      ]
    }
    if let mean = report.meanAbsoluteError {
      rows.append(["mean |error|", "", "", "", "", "", "", "", Decimals.percent(mean)])
    }
    return (columns, rows)
  }

  /// The report as a table for people.
  static func text(_ report: SpeedupReport) -> [String] {
    let (columns, rows) = table(report)
    var table = TextTable(columns)
    for row in rows { table.add(row) }
    return ["speed-ups, predicted beside published", ""] + table.lines(indent: 2)
  }
}
