import Engine

/// The cursor of the stage table, turned or not.
extension ExplorerState {
  /// A row of the turned table that the cursor stops at.
  enum TurnedLine: Hashable {
    /// The choices of the run, in one row.
    case run
    /// A choice of the whole plan.
    case plan(PlanKnob)
    /// A column of the stage table, by its index; of the offload shares the first.
    case column(Int)
  }

  /// The rows of the turned table, from the top.
  var turnedLines: [TurnedLine] { [.run] + planCells.map { .plan($0.knob) } + stageColumns.map { .column($0) } }

  /// The row of the turned table under the cursor.
  var turnedLine: TurnedLine {
    if stageRow <= Self.runRow { return .run }
    if stageRow < 0 { return .plan(selectedPlanCell.knob) }
    return .column(StageColumn.otherOffloads ~= selectedColumn ? StageColumn.firstOffload : selectedColumn)
  }

  /// Moves the stage cursor by rows of the table; row -1 is the plan's own, -2 that of the run.
  mutating func moveStage(by steps: Int, withPlanRow: Bool) -> [Effect] {
    let rows = stageRows
    guard !rows.isEmpty else { return [] }
    if withPlanRow, isTableTurned { return moveTurned(by: steps) }
    let current =
      stageRow < 0 ? max(Self.runRow, stageRow) : rows.firstIndex { $0.contains(selectedStage) } ?? 0
    let target = max(withPlanRow ? Self.runRow : 0, min(rows.count - 1, current + steps))
    stageRow = target < 0 ? target : rows[target].lowerBound
    return []
  }

  private mutating func moveTurned(by steps: Int) -> [Effect] {
    let lines = turnedLines
    guard let place = lines.firstIndex(of: turnedLine) else { return [] }
    switch lines[max(0, min(lines.count - 1, place + steps))] {
    case .run: stageRow = Self.runRow
    case .plan(let knob): (stageRow, planKnob) = (-1, knob)
    case .column(let column): (stageRow, stageColumn) = (0, column)
    }
    return []
  }

  /// Moves the cursor between the columns of the stage table, or the choices of the plan's row.
  mutating func moveColumn(by steps: Int) -> [Effect] {
    if stageRow <= Self.runRow {
      let knobs = Self.runKnobs
      let place = knobs.firstIndex(of: runKnob) ?? 0
      runKnob = knobs[max(0, min(knobs.count - 1, place + steps))]
      return []
    }
    if isTableTurned {
      let target = selectedColumn + steps
      let isShare = turnedLine == .column(StageColumn.firstOffload)
      guard isShare, StageColumn.offloads ~= target else { return moveTurned(by: steps) }
      stageColumn = target
      return []
    }
    if stageRow < 0 {
      let cells = planCells
      let place = cells.firstIndex(of: selectedPlanCell) ?? 0
      planKnob = cells[max(0, min(cells.count - 1, place + steps))].knob
      return []
    }
    let columns = stageColumns
    guard let place = columns.firstIndex(of: selectedColumn) else { return [] }
    stageColumn = columns[max(0, min(columns.count - 1, place + steps))]
    return []
  }
}
