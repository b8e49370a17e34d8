import Engine

/// The table of a plan with one stage, turned: a row a choice or figure, a column this plan or one of the next best.
struct PlanTable {
  /// The state that it tells of.
  let state: ExplorerState
  /// The plan of the first column.
  let shown: ScoredPlan

  private static let labelWidth = 10
  private static let columnWidth = 8
  /// Cells under the cursor, at least; no wider than the value, as each is sent again when the cursor leaves.
  private static let leastMark = 3

  /// One row: a column of the stage table, or a figure of the whole plan.
  private struct Row {
    /// Its title.
    var title: String
    /// Where the cursor stops; nil for a row that it skips.
    var line: ExplorerState.TurnedLine?
    /// Rows of a higher rank leave first where there is no room.
    var rank = 0
    /// The value of a plan.
    var value: (ScoredPlan) -> String
  }

  /// Draws into the pane.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    let plans = Array(
      ([shown] + others).prefix(max(1, (area.width - PlanTable.labelWidth) / PlanTable.columnWidth)))
    let foot = area.height >= 5 ? 1 : 0
    let rows = rows(room: area.height - foot - 1)
    canvas.put(" plan", x: area.x, y: area.y, .muted)
    for (index, plan) in plans.enumerated() {
      let rank = state.bestPlans.firstIndex { $0 == plan }
      let title = index == 0 ? "this" : rank == 0 ? state.bestName : "next \(rank ?? index)"
      canvas.putRight(title, end: end(index, area), y: area.y, index == 0 ? .plan : .muted)
    }
    for (offset, row) in rows.enumerated() {
      let y = area.y + 1 + offset
      let isCursor = row.line != nil && row.line == state.turnedLine
      // The mark has the colours of the values: a label that changed its own would double what a move sends.
      if isCursor { canvas.put("▸", x: area.x, y: y, .text) }
      canvas.put(row.title, x: area.x + 1, y: y, .muted, width: PlanTable.labelWidth - 1)
      for (index, plan) in plans.enumerated() {
        let text = row.value(plan)
        let isSame = index > 0 && text == row.value(shown)
        let cell = Rect(x: end(index, area) - CharacterWidth.of(text), y: y, width: CharacterWidth.of(text), height: 1)
        if index == 0, isHeld(row.line) {
          PinMark.put(text, &canvas, cell, gap: 1)
        } else {
          canvas.put(text, x: cell.x, y: y, isSame ? .muted : .text)
        }
      }
      if let line = row.line { hit(&canvas, line, Rect(x: area.x, y: y, width: PlanTable.labelWidth * 2, height: 1)) }
      guard isCursor, state.showsCursor(of: .stages) else { continue }
      canvas.select(mark(row.value(shown), end: end(0, area), y: y))
    }
    guard foot > 0 else { return }
    let line = Rect(x: area.x + 1, y: area.maxY - 1, width: area.width - 2, height: 1)
    // In the colours of the values, which a move has just sent.
    canvas.put(meaning, x: line.x, y: line.y, .text, width: line.width)
  }

  /// What the cursor marks: a value, or one of the four offload shares.
  private func mark(_ text: String, end: Int, y: Int) -> Rect {
    if StageColumn.offloads ~= state.selectedColumn, state.stageRow >= 0 {
      return Rect(x: end - 4 + state.selectedColumn - StageColumn.firstOffload, y: y, width: 1, height: 1)
    }
    let width = max(PlanTable.leastMark, CharacterWidth.of(text))
    return Rect(x: end - width, y: y, width: width, height: 1)
  }

  /// The next best plans, without the one in the first column.
  private var others: [ScoredPlan] {
    state.bestPlans.filter { $0 != shown }
  }

  private func end(_ index: Int, _ area: Rect) -> Int {
    area.x + PlanTable.labelWidth + (index + 1) * PlanTable.columnWidth
  }

  private func isHeld(_ line: ExplorerState.TurnedLine?) -> Bool {
    let pins = state.request.pins
    switch line {
    case nil, .run: return false
    case .plan(let knob): return pins.isHeld(PlanCell(knob), of: shown.plan)
    case .column(let index):
      let knobs = index == StageColumn.firstOffload ? Array(StageColumn.offloads) : [index]
      return knobs.contains { column in
        StageColumn.all[column].knob.map { pins.isHeld(PlanCell($0, stage: 0), of: shown.plan) } ?? false
      }
    }
  }

  private func hit(_ canvas: inout Canvas, _ line: ExplorerState.TurnedLine, _ area: Rect) {
    switch line {
    case .run: break
    case .plan(let knob): canvas.hit(area, .planCell(knob))
    case .column(let index):
      canvas.hit(area, .stage(0))
      canvas.hit(area, .column(index))
    }
  }

  private func rows(room: Int) -> [Row] {
    var rows = [Row(title: "s/iter") { String(Format.stepSeconds($0.score.iterationSeconds).dropLast(2)) }]
    let planRanks: [PlanKnob: Int] = [.sequenceParallel: 5, .recompute: 5, .contextParallel: 5]
    rows += state.planCells.map { cell in
      Row(title: Self.titles[cell.knob] ?? cell.title, line: .plan(cell.knob), rank: planRanks[cell.knob] ?? 0) {
        // As the row of a plan of several stages says it.
        cell.knob == .sequenceParallel ? $0.plan.sequenceParallel ? "on" : "off" : PlanRow.value(cell, in: $0.plan)
      }
    }
    let ranks = [1: 1, 11: 3, 12: 4, 13: 2, 14: 2]
    rows += state.stageColumns.map { index in
      let isOffload = index == StageColumn.firstOffload
      return Row(
        title: isOffload ? "WGOA" : StageColumn.all[index].title, line: .column(index), rank: ranks[index] ?? 0
      ) {
        isOffload ? offload($0) : value($0, index)
      }
    }
    for index in rows.indices where rows[index].line == state.turnedLine { rows[index].rank = -1 }
    if rows.count > room, let stages = rows.firstIndex(where: { $0.line == .plan(.stages) }),
      rows.indices.contains(stages + 1), rows[stages + 1].line == .plan(.gradientAccumulation)
    {
      // Two short figures share a row before one has to leave.
      let line = state.turnedLine == .plan(.gradientAccumulation) ? state.turnedLine : .plan(.stages)
      let shared = Row(title: "S G", line: line) { "\($0.plan.stages.count) \($0.plan.gradientAccumulation)" }
      rows.replaceSubrange(stages...stages + 1, with: [shared])
    }
    while rows.count > max(1, room), let highest = rows.map(\.rank).max(),
      let index = rows.lastIndex(where: { $0.rank == highest })
    {
      rows.remove(at: index)
    }
    return rows
  }

  /// The value of a column in all stages of a plan: `3`, or `0-3`, or `mixed`.
  private func value(_ plan: ScoredPlan, _ index: Int) -> String {
    let column = StageColumn.all[index]
    guard StageColumn.firstFigure > index else {
      return plan.plan.stages.first.map { column.value($0, plan.score.stages) } ?? ""
    }
    return joined(plan.plan.stages.map { column.value($0, []) })
  }

  private func offload(_ plan: ScoredPlan) -> String {
    joined(
      plan.plan.stages.map { stage in
        (0..<4).map { StageColumn.all[StageColumn.firstOffload + $0].value(stage, []) }.joined()
      })
  }

  private func joined(_ values: [String]) -> String {
    guard Set(values).count > 1 else { return values.first ?? "" }
    let numbers = values.map { $0 == "·" ? 0 : Int($0) }.compactMap { $0 }
    guard numbers.count == values.count, let low = numbers.min(), let high = numbers.max() else {
      return "mixed"
    }
    return "\(low)-\(high)"
  }

  /// Short titles of the plan's own choices.
  private static let titles: [PlanKnob: String] = [
    .stages: "S stages", .gradientAccumulation: "G accum", .sequenceParallel: "SP", .contextParallel: "cp",
    .recompute: "recomp",
  ]

  private var meaning: String {
    guard case .column(let index) = state.turnedLine else {
      return state.turnedLine == .run
        ? "\(state.runKnob.title): \(state.runKnob.expected)" : state.selectedPlanCell.knob.title
    }
    let column = StageColumn.all[index == StageColumn.firstOffload ? state.selectedColumn : index]
    return "\(column.title): \(column.meaning)"
  }
}
