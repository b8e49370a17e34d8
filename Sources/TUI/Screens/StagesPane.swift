import Engine

/// The plan's own row and a row for each stage: what it does and what that costs.
struct StagesPane: PaneView {
  let state: ExplorerState
  let pane = Pane.stages

  /// Stages that fit into a pane with so many rows inside its frame.
  static func rowRoom(_ rows: Int) -> Int { max(1, rows - 4) }

  var legend: Legend {
    Legend([
      Legend.Entry("W G O A", .title, "eighths offloaded to the host"),
      Legend.Entry("ckpt", .title, "recomputed layers"),
    ])
  }

  var remark: String {
    guard let plan = state.shown?.plan, !plan.stages.isEmpty else { return "" }
    let pins = state.request.pins.pins.count
    let pinned = pins == 0 ? "" : "\(pins) pinned · "
    if state.isTableTurned {
      let others = state.search.result?.alternatives.isEmpty == false
      return pinned + (others ? "this plan and the next best" : "this plan")
    }
    let place =
      state.stageRow < -1 ? "run" : state.stageRow < 0 ? "plan" : "\(state.selectedStage + 1) of \(plan.stages.count)"
    let folded = (state.stageRows.count < plan.stages.count ? "worst of like ones · " : "") + pinned
    let times = state.shown?.score.stages.map(\.stableSeconds) ?? []
    guard times.count > 1, let slowest = times.indices.max(by: { times[$0] < times[$1] }) else { return folded + place }
    return folded + "slowest \(slowest + 1) · " + place
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard let shown = state.shown, area.height >= 4 else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    let (top, area) = area.splitRows(1)
    RunRow(state: state).draw(&canvas, top)
    guard !state.isTableTurned else {
      PlanTable(state: state, shown: shown).draw(&canvas, area)
      return
    }
    PlanRow(state: state, plan: shown.plan).draw(&canvas, area.splitRows(1).0)
    let columns = visibleColumns(width: area.width)
    drawTitles(&canvas, columns, y: area.y + 1, area)
    let foot = area.height >= 5 ? 1 : 0
    let below = area.splitRows(2).1
    let (table, free) = below.splitRows(min(state.stageRows.count, below.height - foot))
    drawRows(&canvas, shown, columns, table)
    if foot > 0 { drawMeaning(&canvas, Rect(x: area.x, y: area.maxY - 1, width: area.width, height: 1)) }
    drawAlternatives(&canvas, free.splitRows(free.height - foot).0)
  }

  // MARK: table

  /// The columns in sight and where they start; scrolled sideways so that the one under the cursor is among them.
  private func visibleColumns(width: Int) -> [(index: Int, x: Int)] {
    let all = state.stageColumns
    let cursor = state.selectedColumn
    var first = 0
    while true {
      var places: [(index: Int, x: Int)] = []
      var x = StageColumn.numberWidth
      for index in all.dropFirst(first) {
        let start = x + StageColumn.all[index].gap
        guard start + StageColumn.all[index].width <= width else { break }
        places.append((index, start))
        x = start + StageColumn.all[index].width
      }
      if places.contains(where: { $0.index >= cursor }) || first + 1 >= all.count { return places }
      first += 1
    }
  }

  private func drawTitles(_ canvas: inout Canvas, _ columns: [(index: Int, x: Int)], y: Int, _ area: Rect) {
    canvas.put(" stage", x: area.x, y: y, .muted)
    for (index, x) in columns {
      let column = StageColumn.all[index]
      canvas.putRight(column.title, end: area.x + x + column.width, y: y, .muted)
    }
    if let first = columns.first, first.index > state.stageColumns.first ?? 0 { canvas.put("◂", x: area.x, y: y, .key) }
    if let last = columns.last, last.index < state.stageColumns.last ?? 0 {
      canvas.put("▸", x: area.maxX - 1, y: y, .key)
    }
  }

  private func drawRows(
    _ canvas: inout Canvas, _ shown: ScoredPlan, _ columns: [(index: Int, x: Int)], _ area: Rect
  ) {
    let rows = state.stageRows
    let selected = rows.firstIndex { $0.contains(state.selectedStage) } ?? 0
    let first = RowWindow.first(rows: rows.count, room: area.height, cursor: selected)
    for (offset, row) in rows.dropFirst(first).prefix(area.height).enumerated() {
      let y = area.y + offset
      let line = Rect(x: area.x, y: y, width: area.width, height: 1)
      canvas.hit(line, .stage(row.lowerBound))
      let scores = row.compactMap { shown.score.stages.indices.contains($0) ? shown.score.stages[$0] : nil }
      let isOver = scores.contains { MemoryBar.isOver($0.memory) }
      let isCursor = state.stageRow >= 0 && row.contains(state.selectedStage)
      // The count stands in the empty part of the first cell, unless the cursor marks that.
      let isMarked = isCursor && state.showsCursor(of: .stages) && state.selectedColumn == columns.first?.index
      let label = isMarked ? StageGroups.label(row) : StageGroups.counted(row)
      canvas.put((isCursor ? "▸" : " ") + label, x: area.x, y: y, isCursor ? .focus : .text)
      for (index, x) in columns {
        let column = StageColumn.all[index]
        let text = column.value(shown.plan.stages[row.lowerBound], scores)
        let role: Role = isOver && index >= StageColumn.all.count - 2 ? .bad : text == "·" ? .muted : .text
        let cell = Rect(x: area.x + x, y: y, width: column.width, height: 1)
        canvas.hit(cell, .column(index))
        let isHeld = column.knob.map { state.request.pins.isHeld(PlanCell($0, stages: row), of: shown.plan) } ?? false
        if isHeld {
          PinMark.put(text, &canvas, cell, gap: column.gap)
        } else {
          canvas.putRight(text, end: cell.maxX, y: y, role)
        }
        guard isCursor, state.showsCursor(of: .stages), index == state.selectedColumn else { continue }
        canvas.select(cell)
      }
    }
    RowWindow.drawMarks(&canvas, area, rows: rows.count, first: first)
  }

  /// The next best plans of the search, in the rows that the stages leave free.
  private func drawAlternatives(_ canvas: inout Canvas, _ area: Rect) {
    let plans = state.bestPlans
    guard plans.count > 1, area.height >= 3 else { return }
    canvas.put(" best plans with another S, tp, G or ZeRO", x: area.x, y: area.y + 1, .muted, width: area.width)
    let shown = plans.firstIndex { $0 == state.shown }
    let room = area.height - 2
    let first = RowWindow.first(rows: plans.count, room: room, cursor: shown ?? 0)
    for (offset, plan) in plans.dropFirst(first).prefix(room).enumerated() {
      let seconds = plan.score.iterationSeconds
      let isShown = first + offset == shown
      var text = (isShown ? "▸ " : "  ") + Format.right(Format.stepSeconds(seconds), 8)
      if let reference = state.plans.reference?.score.iterationSeconds {
        text += Format.right(Format.stepDifference(seconds - reference, reference: reference), 11)
      }
      text += Format.right(Format.gibibytes(plan.score.peakReservedBytes), 7) + " GiB  "
      let levels = plan.plan.stages.map(\.zero)
      let zero = levels.min() == levels.max() ? "\(levels.first ?? 0)" : "\(levels.min() ?? 0)-\(levels.max() ?? 0)"
      canvas.put(
        text + FrontierPane.choices(plan.plan) + "  ZeRO \(zero)", x: area.x, y: area.y + 2 + offset,
        isShown ? .plan : .text, width: area.width)
    }
  }

  private func drawMeaning(_ canvas: inout Canvas, _ area: Rect) {
    let column = StageColumn.all[state.selectedColumn]
    let text =
      state.stageRow <= ExplorerState.runRow
      ? "\(state.runKnob.title): \(state.runKnob.expected)"
      : state.stageRow < 0
        ? "\(state.selectedPlanCell.knob.title)\(state.selectedPlanCell.knob == .stages ? ": equal meshes" : "")"
        : "\(column.title): \(column.meaning)"
    // In the colours of the table, which a move has just sent.
    canvas.put(text, x: area.x + 1, y: area.y, .text, width: area.width - 2)
  }
}

/// Which rows of a list are in sight.
enum RowWindow {
  /// The first row in sight: the cursor stands in the middle where it can.
  static func first(rows: Int, room: Int, cursor: Int) -> Int {
    max(0, min(rows - room, cursor - room / 2))
  }

  /// Marks in the first column of a list that goes on above or below; the cursor never stands there.
  static func drawMarks(_ canvas: inout Canvas, _ area: Rect, rows: Int, first: Int) {
    guard area.height > 0, area.width > 0 else { return }
    if first > 0 { canvas.put("▴", x: area.x, y: area.y, .key) }
    if first + area.height < rows { canvas.put("▾", x: area.x, y: area.maxY - 1, .key) }
  }
}
