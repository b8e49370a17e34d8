/// A table of measured runs, predicted: `brume validate` (docs/validation.md).
public struct ValidationReport: Sendable, Equatable {
  /// Each run, in the order of the table.
  public var rows: [RowPrediction]
  /// Errors by source, sources in the order of the table.
  public var summary: [ErrorStatistics]
  /// Errors of all rows, each with one vote.
  public var overall: ErrorStatistics
  /// Sweeps, in the order of their first runs.
  public var sweeps: [Sweep]

  /// Mean over the sources of their mean |error|: each source has one vote; nil without any.
  public var meanOverSources: Double? { ErrorStatistics.mean(summary.compactMap(\.meanAbsoluteError)) }

  /// Predicts the rows of a table, or those of one source.
  ///
  /// Throws where a shipped file cannot be read; complexity: some milliseconds a row.
  public init(_ table: MeasuredTable, source: String? = nil) throws(InputError) {
    let conventions = try RunConventions.shipped
    rows = table.rows.filter { source == nil || $0.source == source }
      .map { RowPrediction($0, conventions: conventions) }
    let sweeps = Sweep.all(of: rows)
    var sources: [String] = []
    for row in rows where !sources.contains(row.row.source) { sources.append(row.row.source) }
    let all = rows
    summary = sources.map { name in
      ErrorStatistics(
        source: name, rows: all.filter { $0.row.source == name }, sweeps: sweeps.filter { $0.source == name })
    }
    overall = ErrorStatistics(source: "all", rows: all, sweeps: sweeps)
    self.sweeps = sweeps
  }

  /// Why rows were skipped, core or not, by source and reason, in the order of the table.
  public var skipReasons: [(source: String, reason: String, count: Int)] {
    var found: [(source: String, reason: String, count: Int)] = []
    for row in rows {
      guard let reason = row.skipped else { continue }
      if let index = found.firstIndex(where: { $0.source == row.row.source && $0.reason == reason }) {
        found[index].count += 1
      } else {
        found.append((row.row.source, reason, 1))
      }
    }
    return found
  }
}
