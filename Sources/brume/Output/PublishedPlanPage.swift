import Engine

/// docs/published-plans.md: what `brume validate --plans` says, as a page.
struct PublishedPlanPage {
  /// The plans.
  let report: PublishedPlanReport?
  /// The speed-ups.
  let launchers: LauncherSpeedups?

  /// The page.
  var lines: [String] {
    var lines = [
      "# Published plans beside the search", "",
      "Written by `brume validate --plans FILE --markdown` from the plans of Mist's published artifact; the file is not part",
      "of this project ([formats.md](formats.md), \"Published plans\"). What it means is in [spaces.md](spaces.md).",
    ]
    if let report {
      lines += ["", "## Verdicts", ""] + Self.verdictText + [""] + Self.markdown(PublishedPlanOutput.counts(report))
      lines += ["", "## Plans", ""] + Self.markdown(PublishedPlanOutput.table(report.rows))
    }
    if let launchers {
      lines += ["", "## Speed-ups of the evaluation's workloads", ""] + Self.speedupText + [""]
      lines += Self.markdown(LauncherOutput.table(launchers))
    }
    return lines
  }

  private static let verdictText = [
    "Each plan is scored on its launcher's runtime without headroom, and its workload is searched in the launcher's space on",
    "the same runtime; seconds are the closed form, which is what a search minimises. Ratio: published over best, so above 1",
    "the search is better. A plan that exceeds the device by the prediction may be better than all that fit; it is compared",
    "again with a search on devices of just the memory that it needs (last columns).",
  ]

  private static let speedupText = [
    "The best plan of `mist` against those of the other launchers' spaces, without headroom: each on its launcher's runtime,",
    "and all on Mist's, which leaves what the plans alone are worth. One workload: `brume compare --model gpt-7b --cluster",
    "1x8xl4 --sequence 2048 --batch 128 --set run.precision=fp16 --headroom 0 [--runtime mist]`. Measured by the paper over",
    "its workloads: 1.28 (at most 1.73) over Megatron-LM, 1.27 (at most 2.04) over Aceso.",
  ]

  private static func markdown(_ content: (columns: [TextTable.Column], rows: [[String]])) -> [String] {
    var table = MarkdownTable(content.columns)
    for row in content.rows { table.add(row) }
    return table.lines
  }
}
