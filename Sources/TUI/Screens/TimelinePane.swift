import Engine

/// The simulated schedule: a row a stage, the lanes of the selected one, a cursor that says what it stands on.
struct TimelinePane: PaneView {
  let state: ExplorerState
  let pane = Pane.timeline

  private static let labelWidth = 6
  /// From this width on the cursor's words and the shares stand in one line.
  private static let oneLineWidth = 106

  /// Stages that fit into a pane with so many rows inside its frame.
  static func rowRoom(_ rows: Int) -> Int { max(1, rows - 2) }

  var legend: Legend {
    let isSplit = state.shown?.plan.schedule == .zeroBubble
    return Legend(
      [
        Legend.Entry("F", .forward, "forward"), Legend.Entry("B", .backward, "backward"),
      ] + (isSplit ? [Legend.Entry("W", .gradients, "weight gradients")] : []) + [
        Legend.Entry("═", .text, "critical path"), Legend.Entry("n", .collective, "dp collectives"),
        Legend.Entry("h d", .copy, "copies from and to the host"), Legend.Entry("·", .transfer, "to the next stage"),
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

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard state.shown != nil, area.height >= 3 else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    guard let timeline = state.shownTimeline, let time = state.visibleTime else {
      canvas.put("The schedule is being simulated.", x: area.x + 1, y: area.y, .muted, width: area.width - 2)
      return
    }
    guard timeline.makespan > 0, !timeline.passes.isEmpty else {
      canvas.put("The schedule of this plan could not be simulated.", x: area.x + 1, y: area.y, .warning)
      return
    }
    let foot = area.height < 4 ? 0 : area.width < TimelinePane.oneLineWidth && area.height >= 6 ? 2 : 1
    let (chartArea, notes) = area.splitRows(area.height - foot)
    let scale = TimelineScale(
      time: time, width: chartArea.width - TimelinePane.labelWidth, zoom: Double(state.timeline.zoom),
      centre: state.timeline.centreSeconds)
    let used = drawRows(&canvas, timeline, TimelineChart(scale: scale, chunks: timeline.chunkCount), chartArea)
    drawCursor(&canvas, scale, chartArea, rows: used)
    if notes.height > 0 { drawNotes(&canvas, timeline, notes) }
  }

  // MARK: rows

  /// Draws stages and lanes, and under them the parts of the passes; returns the rows of stages and lanes.
  private func drawRows(
    _ canvas: inout Canvas, _ timeline: Timeline, _ chart: TimelineChart, _ area: Rect
  ) -> Int {
    let x = area.x + TimelinePane.labelWidth
    chart.drawAxis(&canvas, x: x, y: area.y)
    let rows = state.stageRows
    let selected = rows.firstIndex { $0.contains(state.selectedStage) } ?? 0
    let room = area.height - 1
    let lanes = lanes(timeline, room: room - rows.count)
    let stageRoom = room - lanes.count
    let first = RowWindow.first(rows: rows.count, room: stageRoom, cursor: selected)
    let critical = CriticalSteps(timeline)
    var y = area.y + 1
    for row in rows.dropFirst(first).prefix(stageRoom) {
      let isCursor = row.contains(state.selectedStage)
      let stage = isCursor ? state.selectedStage : row.lowerBound
      canvas.hit(Rect(x: area.x, y: y, width: area.width, height: 1), .stage(row.lowerBound))
      canvas.put(
        (isCursor ? "▸" : " ") + StageGroups.label(row), x: area.x, y: y, isCursor ? .focus : .text, width: 6)
      if timeline.passes.indices.contains(stage) {
        chart.draw(&canvas, x: x, y: y, intervals: timeline.passes[stage]) { critical.contains(stage, $0) }
      }
      y += 1
      guard isCursor else { continue }
      for lane in lanes {
        canvas.put(lane.label, x: area.x, y: y, .muted, width: TimelinePane.labelWidth)
        chart.draw(&canvas, x: x, y: y, intervals: lane.intervals)
        y += 1
      }
    }
    if let score = state.shown?.score.stages, score.indices.contains(state.selectedStage) {
      PassTable(stage: score[state.selectedStage])
        .draw(&canvas, Rect(x: area.x, y: y, width: area.width, height: area.maxY - y))
    }
    let table = Rect(x: area.x, y: area.y + 1, width: area.width, height: room)
    RowWindow.drawMarks(&canvas, table, rows: rows.count + lanes.count, first: first)
    return y - area.y - 1
  }

  /// The collectives and copies of the selected stage, as many as there are free rows.
  private func lanes(_ timeline: Timeline, room: Int) -> [(label: String, intervals: [TimelineInterval])] {
    guard room > 0, timeline.transfers.indices.contains(state.selectedStage) else { return [] }
    let transfers = timeline.transfers[state.selectedStage]
    let kinds: [(TimelineKind, String)] = [
      (.collective, "  net"), (.hostToDevice, "  h→d"), (.deviceToHost, "  d→h"),
    ]
    return kinds.map { kind, label in (label, transfers.filter { $0.kind == kind }) }
      .filter { !$0.1.isEmpty }.prefix(room).map { ($0.0, $0.1) }
  }

  private func drawCursor(_ canvas: inout Canvas, _ scale: TimelineScale, _ area: Rect, rows used: Int) {
    let column = scale.column(of: state.timelineCursor)
    let last = scale.width - 1
    guard column >= 0, column <= last + 1 else { return }
    let x = area.x + TimelinePane.labelWidth + min(last, column)
    guard state.focus == .timeline else { return }
    if canvas.text(x: x, y: area.y) == " " { canvas.put("▾", x: x, y: area.y, .plan) }
    let rows = min(area.height - 1, used)
    canvas.restyle(Rect(x: x, y: area.y + 1, width: 1, height: rows)) { $0.reverse.toggle() }
  }

  // MARK: words

  /// What the cursor stands on, and the shares of the whole schedule.
  private func drawNotes(_ canvas: inout Canvas, _ timeline: Timeline, _ area: Rect) {
    let shares =
      "bubble \(Format.right(Format.percent(timeline.bubbleShare), 6))  "
      + "exposed comm \(Format.right(Format.percent(exposedShare(timeline)), 6))"
    canvas.put(readout(timeline), x: area.x + 1, y: area.y, width: area.width - 2)
    if area.height > 1 {
      canvas.put(shares, x: area.x + 1, y: area.y + 1, .muted, width: area.width - 2)
    } else if area.width >= TimelinePane.oneLineWidth {
      canvas.putRight(shares, end: area.maxX - 1, y: area.y, .muted)
    }
  }

  private func readout(_ timeline: Timeline) -> String {
    let cursor = state.timelineCursor
    let stage = state.selectedStage
    let moment = Format.right(Format.fixed(cursor, decimals: 3), 8)
    var text = "at \(moment) s  stage \(stage + 1) "
    let passes = timeline.passes.indices.contains(stage) ? timeline.passes[stage] : []
    if let pass = passes.first(where: { $0.start <= cursor && cursor < $0.end }) {
      let name: String
      switch pass.kind {
      case .forward: name = "forward"
      case .backward: name = "backward"
      case .weightGradient: name = "weight gradients"
      default: name = "transfer"
      }
      text +=
        "\(name) of micro-batch \(pass.microBatch + 1)\(chunk(pass, timeline)), \(Format.milliseconds(pass.end - pass.start)) ms"
    } else if let next = passes.first(where: { $0.start > cursor }) {
      text += "waits, \(Format.milliseconds(next.start - cursor)) ms more"
    } else {
      text += "has finished"
    }
    return text
  }

  /// `, chunk 2 of 3`, of interleaved stages.
  private func chunk(_ pass: TimelineInterval, _ timeline: Timeline) -> String {
    let count = timeline.chunkCount
    return count > 1 ? ", chunk \(pass.chunk + 1) of \(count)" : ""
  }

  /// Share of all stage-seconds in which collectives or copies hold up the kernels.
  private func exposedShare(_ timeline: Timeline) -> Double {
    guard let shown = state.shown, timeline.period > 0, !shown.score.stages.isEmpty else { return 0 }
    let others = Double(max(0, shown.plan.gradientAccumulation - 1))
    let exposed = shown.score.stages.reduce(0) { sum, stage in
      sum + stage.forwardFirst.exposed + others * stage.forward.exposed + others * stage.backward.exposed
        + stage.backwardLast.exposed
    }
    return exposed / timeline.period / Double(shown.score.stages.count)
  }
}

/// Which passes lie on the critical path.
struct CriticalSteps {
  private var marks: [[Bool]]

  /// Looks up the path of a timeline. Complexity: O(passes).
  init(_ timeline: Timeline) {
    marks = timeline.passes.map { [Bool](repeating: false, count: $0.count) }
    for step in timeline.criticalPath where marks.indices.contains(step.stage) {
      if marks[step.stage].indices.contains(step.interval) { marks[step.stage][step.interval] = true }
    }
  }

  /// True when the pass lies on it.
  func contains(_ stage: Int, _ interval: Int) -> Bool {
    marks.indices.contains(stage) && marks[stage].indices.contains(interval) && marks[stage][interval]
  }
}
