import Engine

/// Measured runs like the plan, the nearest first: what was measured over what is predicted, hence the error bar.
struct RunsPane: PaneView {
  let state: ExplorerState
  let pane = Pane.runs

  /// Columns of the names of the bars.
  private static let labelWidth = 8
  /// Columns of an end of a bar.
  private static let figureWidth = 9
  /// Columns of a bar, at most.
  private static let mostBar = 48

  var legend: Legend { Legend() }

  var remark: String {
    guard let shown = state.shown else { return "" }
    let runs = state.confidence(in: shown).seconds.runs
    return runs == 0 ? "no like run measured" : "error bar of \(runs) \(runs == 1 ? "run" : "runs")"
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard let shown = state.shown else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    let runs = state.nearRuns
    let row = max(0, min(runs.count - 1, state.compare.runRow))
    let robust = RobustWords(state: state, width: area.width - 2).lines
    var (rest, y) = (area, area.y)
    if area.height >= 5 {
      drawBars(&canvas, area, shown)
      y += 2
    }
    rest = Rect(x: area.x, y: y, width: area.width, height: max(0, area.maxY - y))
    let robustRows = rest.height >= robust.count + 6 ? robust.count : 0
    let footRows = rest.height >= 8 ? 3 : rest.height >= 6 ? 2 : 0
    let table = Rect(x: area.x, y: y, width: area.width, height: max(0, rest.height - robustRows - footRows))
    canvas.inside(table) { drawRuns(&$0, table, runs, row: row) }
    if footRows > 0, runs.indices.contains(row) { drawFoot(&canvas, area, y: table.maxY, footRows, runs[row]) }
    for (offset, line) in robust.prefix(robustRows).enumerated() {
      canvas.put(line, x: area.x + 1, y: table.maxY + footRows + offset, width: area.width - 2)
    }
  }

  // MARK: error bars

  private func drawBars(_ canvas: inout Canvas, _ area: Rect, _ shown: ScoredPlan) {
    let confidence = state.confidence(in: shown)
    let limit = shown.score.stages.first.map { MemoryBar.reservable($0.memory) }
    bar(&canvas, area, y: area.y, "time", shown.score.iterationSeconds, confidence.seconds, nil, Format.stepSeconds)
    bar(&canvas, area, y: area.y + 1, "memory", shown.score.peakReservedBytes, confidence.reservedBytes, limit) {
      Format.gibibytes($0) + " GiB"
    }
  }

  private func bar(
    _ canvas: inout Canvas, _ area: Rect, y: Int, _ label: String, _ value: Double, _ range: PlanConfidence.Range,
    _ limit: Double?, _ format: (Double) -> String
  ) {
    canvas.put(label, x: area.x + 1, y: y, .muted)
    guard let low = range.low, let high = range.high else {
      let start = area.x + 1 + Self.labelWidth
      canvas.put(range.from, x: start, y: y, .muted, width: area.maxX - start - 1)
      return
    }
    let start = area.x + Self.labelWidth + Self.figureWidth + 2
    let width = min(Self.mostBar, area.maxX - start - Self.figureWidth - 2)
    guard width >= 5 else { return }
    canvas.putRight(format(low), end: start - 1, y: y)
    ErrorBarChart(low: low, value: value, high: high, limit: limit).draw(
      &canvas, Rect(x: start, y: y, width: width, height: 1))
    let end = start + width + 1 + Self.figureWidth
    canvas.putRight(format(high), end: end, y: y)
    canvas.put("from " + range.from, x: end + 2, y: y, .muted, width: max(0, area.maxX - end - 3))
  }

  // MARK: runs

  /// A column of the table: its title, and the figure of a run.
  private struct Column: Sendable {
    /// Its title.
    var title: String
    /// Columns that it takes, with two blanks before it.
    var width: Int
    /// The figure with its unit.
    var value: @Sendable (NearRun) -> String
  }

  /// The most useful first: where there is no room the last ones leave. The name of the run takes what is left.
  private static let columns: [Column] = [
    Column(title: "time", width: 7) { $0.record.timeRatio.map(ratio) ?? "·" },
    Column(title: "memory", width: 9) { near in
      let ratios = near.record.memory.map(\.ratio)
      guard let worst = ratios.max(by: { abs($0 - 1) < abs($1 - 1) }) else { return "·" }
      return ratio(worst)
    },
    Column(title: "unlike", width: 8) { Format.fixed($0.distance, decimals: 1) },
    Column(title: "GPUs", width: 6) { "\($0.record.features.gpus)" },
    Column(title: "GPU", width: 15) { $0.record.features.gpu },
    Column(title: "parameters", width: 12) { Format.count($0.record.features.parameters) },
    Column(title: "tp", width: 4) { "\($0.record.features.tensorParallel)" },
    Column(title: "S", width: 4) { "\($0.record.features.stages)" },
    Column(title: "b", width: 4) { "\($0.record.features.microBatch)" },
    Column(title: "sequence", width: 10) { "\($0.record.features.sequence)" },
    Column(title: "recompute", width: 11) { Format.percent($0.record.features.recomputed, decimals: 0) },
    Column(title: "runtime", width: 20) { $0.record.features.runtime },
  ]

  @Sendable private static func ratio(_ value: Double) -> String { Format.fixed(value, decimals: 2) + "×" }

  private func drawRuns(_ canvas: inout Canvas, _ area: Rect, _ runs: [NearRun], row: Int) {
    guard area.height > 0 else { return }
    var columns: [(column: Column, end: Int)] = []
    var end = area.x
    for column in Self.columns where end + column.width <= area.maxX - 12 {
      end += column.width
      columns.append((column, end))
      canvas.putRight(column.title, end: end, y: area.y, .muted)
    }
    canvas.put("run", x: end + 2, y: area.y, .muted, width: max(0, area.maxX - end - 3))
    let room = area.height - 1
    let first = RowWindow.first(rows: runs.count, room: room, cursor: row)
    for (offset, near) in runs.dropFirst(first).prefix(room).enumerated() {
      let y = area.y + 1 + offset
      let role: Role = near.isBehindBar ? .text : .muted
      for (column, end) in columns { canvas.putRight(column.value(near), end: end, y: y, role) }
      canvas.put(near.record.id, x: end + 2, y: y, role, width: max(0, area.maxX - end - 3))
      canvas.hit(Rect(x: area.x, y: y, width: area.width, height: 1), .run(first + offset))
      guard first + offset == row, state.focus == .runs else { continue }
      // The name alone: a whole row would be sent twice with every move.
      canvas.put("▸", x: end + 1, y: y, .key)
      canvas.select(Rect(x: end + 2, y: y, width: min(8, max(0, area.maxX - end - 3)), height: 1))
    }
    RowWindow.drawMarks(
      &canvas, Rect(x: area.x, y: area.y + 1, width: 1, height: room), rows: runs.count, first: first)
  }

  /// The run under the cursor by its whole name, its publication, and what its figures say.
  private func drawFoot(_ canvas: inout Canvas, _ area: Rect, y start: Int, _ rows: Int, _ near: NearRun) {
    let isOwn = near.record.source == ObservedRuns.source
    let place =
      isOwn ? "your own table: brume observe --list" : near.record.address ?? "the table \(near.record.source)"
    let verb = isOwn ? "in" : "published in"
    var y = start
    if rows > 2 {
      canvas.put("\(near.record.id), \(verb)", x: area.x + 1, y: y, .text, width: area.width - 2)
      y += 1
    }
    canvas.put((rows > 2 ? "" : verb + " ") + place, x: area.x + 1, y: y, .text, width: area.width - 2)
    let use =
      near.isBehindBar ? "the error bar counts it" : "the error bar leaves it out: too unlike, or enough others"
    canvas.put("×: measured over predicted; \(use)", x: area.x + 1, y: y + 1, .muted, width: area.width - 2)
  }
}
