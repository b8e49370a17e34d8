import Engine

/// docs/validation-tables.md: what `brume validate` says of the runs that ship, as a page.
struct ValidationPage {
  /// The runs.
  let report: ValidationReport
  /// The speed-ups.
  let speedups: SpeedupReport
  /// Why runs are off.
  let reasons: ErrorReasons

  private static let worstCount = 10
  private static let smallestSweep = 3

  /// The page.
  var lines: [String] {
    [
      "# Predicted beside measured: the tables", "",
      "Written by `brume validate --markdown` (`.ci/record` does it; `.ci/run` checks that it is current). What the columns",
      "mean is in [validation.md](validation.md). Errors are predicted / measured - 1, in %; core runs only.", "",
      "## By source", "",
    ] + sources + ["", "## Sweeps", ""] + sweeps + ["", "## Memory", ""] + memory
      + [
        "", "## Error bars", "", "Measured values inside the bar that is made without them; nine in ten is honest.", "",
      ]
      + bars + ["", "## The worst runs", ""] + worst + ["", "## Speed-ups", ""] + speedupTable
      + ["", "## Not predicted", ""] + skipped
  }

  private func percent(_ share: Double?) -> String { share.map { Decimals.percent($0) } ?? "-" }

  private var sources: [String] {
    var table = MarkdownTable([
      ("source", .left), ("runs", .right), ("skipped", .right), ("mean |e|", .right), ("mean e", .right),
      ("max |e|", .right), ("rank", .right), ("pairs", .right), ("in order", .right),
    ])
    for errors in report.summary + [report.overall] {
      table.add([
        errors.source, "\(errors.count)", "\(errors.skipped)", percent(errors.meanAbsoluteError),
        percent(errors.meanError), percent(errors.maxAbsoluteError),
        errors.rankCorrelation.map { Decimals.fixed($0, 2) } ?? "-", "\(errors.pairs)", percent(errors.orderedShare),
      ])
    }
    table.add(["sources, one vote each", "", "", percent(report.meanOverSources)])
    return table.lines
  }

  private var sweeps: [String] {
    var table = MarkdownTable([
      ("source", .left), ("model", .left), ("GPUs", .right), ("batch", .right), ("runs", .right), ("spread", .right),
      ("rank", .right), ("pairs", .right), ("in order", .right),
    ])
    for sweep in report.sweeps where sweep.count >= Self.smallestSweep {
      table.add([
        sweep.source, sweep.model, "\(sweep.gpus)", "\(sweep.globalBatch)", "\(sweep.count)",
        Decimals.fixed(sweep.spread, 2), sweep.rankCorrelation.map { Decimals.fixed($0, 2) } ?? "-", "\(sweep.pairs)",
        "\(sweep.orderedPairs)",
      ])
    }
    return ["Runs that differ only in their plan; those of three and more. Spread: slowest over fastest.", ""]
      + table.lines
  }

  private var memory: [String] {
    var table = MarkdownTable([
      ("source", .left), ("what was read", .left), ("values", .right), ("mean |e|", .right), ("mean e", .right),
      ("max |e|", .right),
    ])
    for (source, kind, errors) in report.memoryErrors {
      let count = Double(errors.count)
      table.add([
        source, kind.rawValue, "\(errors.count)", percent(errors.reduce(0) { $0 + abs($1) } / count),
        percent(errors.reduce(0, +) / count), percent(errors.map(abs).max()),
      ])
    }
    return table.lines
  }

  private var bars: [String] {
    var table = MarkdownTable([
      ("bar of", .left), ("made without", .left), ("values", .right), ("inside", .right), ("mean half width", .right),
    ])
    for (what, coverage) in ValidationOutput.coverage(report) {
      table.add([
        what, coverage.without == .run ? "the run" : "its source", "\(coverage.count)", percent(coverage.share),
        percent(coverage.meanHalfWidth),
      ])
    }
    return table.lines
  }

  private var worst: [String] {
    var table = MarkdownTable([
      ("run", .left), ("GPUs", .right), ("tp", .right), ("pp", .right), ("dp", .right), ("micro-batch", .right),
      ("measured s", .right), ("predicted s", .right), ("error", .right), ("why", .left),
    ])
    for row in report.worst(Self.worstCount) {
      let run = row.row
      table.add([
        run.id, "\(run.gpuCount)", run.tensorParallel.map { "\($0)" } ?? "by stage", "\(run.pipelineParallel)",
        "\(run.dataParallel)", run.microBatch.map { "\($0)" } ?? "by stage",
        row.measuredSeconds.map { Decimals.significant($0, 4) } ?? "-",
        row.predictedSeconds.map { Decimals.significant($0, 4) } ?? "-", percent(row.error),
        reasons.reason(for: run) ?? "not known",
      ])
    }
    return table.lines
  }

  private var speedupTable: [String] {
    let (columns, rows) = SpeedupOutput.table(speedups)
    var table = MarkdownTable(columns)
    for row in rows { table.add(row) }
    return [
      "The paper's nine workloads on one node of L4: the published plan of Mist over that of Megatron-LM, each on its own",
      "runtime (samples/measured/speedups.yaml).", "",
    ] + table.lines
  }

  private var skipped: [String] {
    var table = MarkdownTable([("source", .left), ("runs", .right), ("why", .left)])
    for skip in report.skipReasons { table.add([skip.source, "\(skip.count)", skip.reason]) }
    return table.lines
  }
}
