import Engine

/// The simulated schedule: a row a stage, the lanes of the selected one or of all, a cursor that says what it stands on.
struct TimelinePane: PaneView {
  let state: ExplorerState
  let pane = Pane.timeline

  /// From this width on the cursor's words and the shares stand in one line, where there is only one.
  private static let oneLineWidth = 106
  /// From this width on all words stand in two lines.
  private static let twoLineWidth = 116

  /// Stages that fit into a pane with so many rows inside its frame.
  static func rowRoom(_ rows: Int) -> Int { max(1, rows - 2) }

  var legend: Legend {
    let isSplit = state.shown?.plan.schedule == .zeroBubble
    return Legend(
      [
        Legend.Entry("F", .forward, "forward"), Legend.Entry("B", .backward, "backward"),
      ] + (isSplit ? [Legend.Entry("W", .gradients, "weight gradients")] : []) + [
        Legend.Entry("═", .text, "critical"), Legend.Entry("━", .text, "first, last"),
        Legend.Entry("NHD", .collective, "exposed"), Legend.Entry("nhd", .collective, "hidden"),
        Legend.Entry("T", .collective, "tp"), Legend.Entry("R", .backward, "recompute"),
        Legend.Entry("S", .gradients, "step"), Legend.Entry("·", .transfer, "p2p, or partly busy"),
      ])
  }

  var remark: String {
    guard let time = state.visibleTime else { return "" }
    let fold = time.fold.map { "\($0.label) left out · " } ?? ""
    return "\(repetition)\(fold)zoom \(state.timeline.zoom)×"
  }

  /// When the next iteration begins, where stages still work on this one then.
  private var repetition: String {
    guard let timeline = state.shownTimeline, timeline.makespan > timeline.period * (1 + 1e-6) else { return "" }
    return "the next iteration begins at \(Format.fixed(timeline.period, decimals: 3)) s · "
  }

  /// Columns of the labels: more where runs of like stages say how many they are.
  private var labelWidth: Int { MemoryPane.labelWidth(state.stageRows) }

  /// Where the columns of the schedule stand, and which moments they show, inside an area; nil where there are none.
  func scale(_ area: Rect) -> (columns: Rect, scale: TimelineScale)? {
    guard let timeline = state.shownTimeline, let time = state.visibleTime, area.height >= 3,
      timeline.makespan > 0, !timeline.passes.isEmpty
    else { return nil }
    let (chart, _) = area.splitRows(area.height - noteRows(area))
    let columns = Rect(
      x: chart.x + labelWidth, y: chart.y, width: chart.width - labelWidth,
      height: chart.height)
    return (
      columns,
      TimelineScale(
        time: time, width: columns.width, zoom: Double(state.timeline.zoom), centre: state.timeline.centreSeconds)
    )
  }

  /// Rows of words: what the cursor stands on, its lanes, the shares.
  private func noteRows(_ area: Rect) -> Int {
    if area.height >= 14 { return 3 }
    if area.height >= 9 { return 2 }
    return area.height < 4 ? 0 : area.width < TimelinePane.oneLineWidth && area.height >= 6 ? 2 : 1
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard state.shown != nil, area.height >= 3 else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    guard let timeline = state.shownTimeline else {
      canvas.put("The schedule is being simulated.", x: area.x + 1, y: area.y, .muted, width: area.width - 2)
      return
    }
    guard let (columns, scale) = scale(area) else {
      canvas.put("The schedule of this plan could not be simulated.", x: area.x + 1, y: area.y, .warning)
      return
    }
    let (chartArea, notes) = area.splitRows(columns.height)
    let critical = CriticalSteps(timeline)
    let chart = TimelineChart(
      scale: scale, chunks: timeline.chunkCount, lastMicroBatch: TimelineWords.lastMicroBatch(timeline))
    drawRows(&canvas, timeline, chart, critical, chartArea)
    let words = TimelineWords(
      timeline: timeline, stage: state.selectedStage, cursor: state.timelineCursor, critical: critical)
    drawNotes(&canvas, words, notes)
  }

  // MARK: rows

  /// Draws stages and lanes, and under them the parts of the passes.
  private func drawRows(
    _ canvas: inout Canvas, _ timeline: Timeline, _ chart: TimelineChart, _ critical: CriticalSteps, _ area: Rect
  ) {
    let x = area.x + labelWidth
    chart.drawAxis(&canvas, x: x, y: area.y)
    let room = area.height - 1
    let rows = TimelineRows(state: state, timeline: timeline).rows(room: room)
    let cursor = rows.firstIndex { $0.isCursor } ?? 0
    // The lanes of the selected stage stay in sight with it.
    let lanes = rows.dropFirst(cursor + 1).prefix { $0.lane != nil }.count
    let first = RowWindow.first(rows: rows.count, room: room, cursor: min(cursor + lanes, cursor + room - 1))
    var y = area.y + 1
    for row in rows.dropFirst(first).prefix(room) {
      let line = Rect(x: area.x, y: y, width: area.width, height: 1)
      canvas.hit(line, .stage(row.stages.lowerBound))
      canvas.hit(Rect(x: x, y: y, width: max(0, area.maxX - x), height: 1), .timeline)
      if let lane = row.lane {
        canvas.put(" " + lane.label, x: area.x, y: y, .muted, width: labelWidth)
        if let lanes = StageLanes(timeline, stage: row.stage) {
          LaneChart(scale: chart.scale, lane: lane, lanes: lanes).draw(&canvas, x: x, y: y)
        }
      } else {
        drawStage(&canvas, timeline, chart, critical, row, Rect(x: area.x, y: y, width: area.width, height: 1))
      }
      y += 1
    }
    if let score = state.shown?.score.stages, score.indices.contains(state.selectedStage) {
      PassTable(stage: score[state.selectedStage])
        .draw(&canvas, Rect(x: area.x, y: y, width: area.width, height: area.maxY - y))
    }
    let table = Rect(x: area.x, y: area.y + 1, width: area.width, height: room)
    RowWindow.drawMarks(&canvas, table, rows: rows.count, first: first)
  }

  private func drawStage(
    _ canvas: inout Canvas, _ timeline: Timeline, _ chart: TimelineChart, _ critical: CriticalSteps,
    _ row: TimelineRows.Row, _ line: Rect
  ) {
    let label = (row.isCursor ? "▸" : " ") + StageGroups.counted(row.stages)
    canvas.put(label, x: line.x, y: line.y, row.isCursor ? .focus : .text, width: labelWidth)
    guard timeline.passes.indices.contains(row.stage) else { return }
    let x = line.x + labelWidth
    let passes = chart.draw(&canvas, x: x, y: line.y, intervals: timeline.passes[row.stage]) {
      critical.contains(row.stage, $0)
    }
    for (interval, columns) in passes {
      canvas.hit(
        Rect(x: x + columns.lowerBound, y: line.y, width: columns.count, height: 1),
        .pass(stage: row.stage, interval: interval))
    }
    let column = chart.scale.column(of: state.timelineCursor)
    guard row.isCursor, state.focus == .timeline, (0...chart.scale.width).contains(column) else { return }
    // In one row only, and without its colours: a whole column would more than double what a step of the cursor sends.
    var style = canvas.look.style(.text)
    style.reverse = true
    canvas.restyle(Rect(x: x + min(chart.scale.width - 1, column), y: line.y, width: 1, height: 1)) { $0 = style }
  }

  // MARK: words

  private func drawNotes(_ canvas: inout Canvas, _ words: TimelineWords, _ area: Rect) {
    guard area.height > 0 else { return }
    func put(_ text: String, _ row: Int, _ role: Role = .text) {
      canvas.put(text, x: area.x + 1, y: area.y + row, role, width: area.width - 2)
    }
    switch area.height {
    case 1:
      put(words.pass, 0)
      if area.width >= TimelinePane.oneLineWidth {
        canvas.putRight(words.shortShares, end: area.maxX - 1, y: area.y, .muted)
      }
    case 2 where area.width >= TimelinePane.twoLineWidth:
      put(words.pass, 0)
      put(words.lanes, 1)
      canvas.putRight(words.others, end: area.maxX - 1, y: area.y, .muted)
      canvas.putRight(words.exposed, end: area.maxX - 1, y: area.y + 1, .muted)
    case 2:
      put(words.pass, 0)
      put(words.shares(width: area.width), 1, .muted)
    default:
      put(words.pass, 0)
      put(words.lanes, 1)
      put(words.shares(width: area.width), 2, .muted)
    }
  }
}
