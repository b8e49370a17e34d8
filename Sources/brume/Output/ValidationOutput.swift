import Engine

/// A validation report as JSON and as text.
enum ValidationOutput {
  /// The JSON object of `brume validate --json` (docs/validation.md).
  static func document(_ report: ValidationReport) -> JSONValue {
    .object([
      JSONMember("format", "brume/1"), JSONMember("rows", .array(report.rows.map(row))),
      JSONMember("summary", .array(report.summary.map { .object(statistics($0)) })),
      JSONMember(
        "overall",
        .object(
          statistics(report.overall)
            + [JSONMember("meanAbsoluteErrorOverSources", .optional(report.meanOverSources))])),
      JSONMember("sweeps", .array(report.sweeps.map(sweep))),
      JSONMember("errorBars", .array(coverage(report).map(coverageObject))),
    ])
  }

  /// How honest the error bars are, of times and of reserved memory.
  static func coverage(_ report: ValidationReport) -> [(what: String, coverage: BarCoverage)] {
    let records = RunRecords(report)
    return BarCoverage.Without.allCases.flatMap { without in
      [
        ("time", BarCoverage.time(records, without: without)),
        ("reserved memory", BarCoverage.memory(records, without: without)),
      ]
    }
  }

  private static func coverageObject(_ what: String, _ coverage: BarCoverage) -> JSONValue {
    [
      "of": .string(what), "without": .string(coverage.without.rawValue), "count": .int(coverage.count),
      "inside": .int(coverage.inside), "share": .optional(coverage.share),
      "meanHalfWidth": .optional(coverage.meanHalfWidth),
    ]
  }

  private static func row(_ row: RowPrediction) -> JSONValue {
    [
      "id": .string(row.row.id), "source": .string(row.row.source), "gpu": .string(row.row.gpu),
      "runtime": row.runtime.map(JSONValue.string) ?? nil, "core": .bool(row.row.isCore),
      "measuredSeconds": .optional(row.measuredSeconds), "predictedSeconds": .optional(row.predictedSeconds),
      "error": .optional(row.error), "memory": .array(row.memory.map(memory)),
      "assumed": .array(row.assumed.map(JSONValue.string)), "skipped": row.skipped.map(JSONValue.string) ?? nil,
    ]
  }

  private static func memory(_ memory: RowPrediction.Memory) -> JSONValue {
    [
      "kind": .string(memory.kind.rawValue), "stage": .int(memory.stage),
      "measuredBytes": .number(memory.measuredBytes), "predictedBytes": .number(memory.predictedBytes),
      "error": .number(memory.error),
    ]
  }

  private static func statistics(_ errors: ErrorStatistics) -> [JSONMember] {
    [
      JSONMember("source", .string(errors.source)), JSONMember("count", .int(errors.count)),
      JSONMember("skipped", .int(errors.skipped)), JSONMember("notCore", .int(errors.notCore)),
      JSONMember("meanAbsoluteError", .optional(errors.meanAbsoluteError)),
      JSONMember("meanError", .optional(errors.meanError)),
      JSONMember("maxAbsoluteError", .optional(errors.maxAbsoluteError)),
      JSONMember("rankCorrelation", .optional(errors.rankCorrelation)), JSONMember("pairs", .int(errors.pairs)),
      JSONMember("orderedShare", .optional(errors.orderedShare)), JSONMember("memoryCount", .int(errors.memoryCount)),
      JSONMember("memoryMeanAbsoluteError", .optional(errors.memoryMeanAbsoluteError)),
    ]
  }

  private static func sweep(_ sweep: Sweep) -> JSONValue {
    [
      "source": .string(sweep.source), "model": .string(sweep.model), "gpus": .int(sweep.gpus),
      "globalBatch": .int(sweep.globalBatch), "count": .int(sweep.count), "spread": .number(sweep.spread),
      "rankCorrelation": .optional(sweep.rankCorrelation), "pairs": .int(sweep.pairs),
      "orderedPairs": .int(sweep.orderedPairs),
    ]
  }

  // MARK: Text

  /// The report as tables: errors by source, each run, and what was skipped and why.
  static func text(_ report: ValidationReport) -> [String] {
    var lines = ["errors by source (predicted / measured - 1, %)", ""] + summary(report)
    lines += ["", "pairs: runs of one sweep more than 9 % apart, and the share of them in the right order"]
    lines += ["", "error bars: measured values inside the bar that is made without them (nine in ten is honest)", ""]
    lines += bars(report) + ["", "runs", ""] + runs(report)
    let reasons = report.skipReasons
    guard !reasons.isEmpty else { return lines }
    var table = TextTable([("source", .left), ("rows", .right), ("why", .left)])
    for skip in reasons { table.add([skip.source, "\(skip.count)", skip.reason]) }
    return lines + ["", "not predicted", ""] + table.lines(indent: 2)
  }

  private static func summary(_ report: ValidationReport) -> [String] {
    var table = TextTable([
      ("source", .left), ("rows", .right), ("skipped", .right), ("mean |e|", .right), ("mean e", .right),
      ("max |e|", .right), ("rank", .right), ("pairs", .right), ("in order", .right), ("memory", .right),
      ("mean |e|", .right),
    ])
    for errors in report.summary + [report.overall] {
      table.add([
        errors.source, "\(errors.count)", "\(errors.skipped)", percent(errors.meanAbsoluteError),
        percent(errors.meanError), percent(errors.maxAbsoluteError),
        errors.rankCorrelation.map { Decimals.fixed($0, 2) } ?? "-", "\(errors.pairs)",
        percent(errors.orderedShare), "\(errors.memoryCount)", percent(errors.memoryMeanAbsoluteError),
      ])
    }
    table.add(["sources, one vote each", "", "", percent(report.meanOverSources)])
    return table.lines(indent: 2)
  }

  private static func bars(_ report: ValidationReport) -> [String] {
    var table = TextTable([
      ("bar of", .left), ("made without", .left), ("values", .right), ("inside %", .right), ("mean +- %", .right),
    ])
    for (what, coverage) in coverage(report) {
      table.add([
        what, coverage.without == .run ? "the run" : "its source", "\(coverage.count)", percent(coverage.share),
        percent(coverage.meanHalfWidth),
      ])
    }
    return table.lines(indent: 2)
  }

  private static func runs(_ report: ValidationReport) -> [String] {
    var table = TextTable([
      ("run", .left), ("gpu", .left), ("GPUs", .right), ("runtime", .left), ("measured s", .right),
      ("predicted s", .right), ("error %", .right), ("memory errors %", .left),
    ])
    for row in report.rows where row.skipped == nil {
      table.add([
        row.row.id, row.row.gpu, "\(row.row.gpuCount)", row.runtime ?? "-", seconds(row.measuredSeconds),
        seconds(row.predictedSeconds), percent(row.error), memoryErrors(row),
      ])
    }
    return table.lines(indent: 2)
  }

  /// `allocated -1.0, +0.3; reserved +2.1`, in the order of the stages.
  private static func memoryErrors(_ row: RowPrediction) -> String {
    MeasuredMemory.Kind.allCases.compactMap { kind in
      let errors = row.memory.filter { $0.kind == kind }.map { percent($0.error) }
      return errors.isEmpty ? nil : "\(kind.rawValue) \(errors.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  private static func percent(_ share: Double?) -> String { share.map { Decimals.percent($0) } ?? "-" }

  private static func seconds(_ value: Double?) -> String { value.map { Decimals.significant($0, 4) } ?? "-" }
}
