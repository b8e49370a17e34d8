import Engine

extension ExplorerState {
  /// True when the shown plan has one stage: its choices are rows then, and the next best plans stand beside it.
  var isTableTurned: Bool { shown?.plan.stages.count == 1 }

  /// Indices of the columns of the stage table, or of the rows of the turned one.
  ///
  /// Where the pane is too narrow for all, those that all stages have alike are left to the plan's row.
  var stageColumns: [Int] {
    let all = Array(StageColumn.all.indices)
    guard let stages = shown?.plan.stages else { return all }
    // The layers of one stage are those of the model, and the four offload shares stand in one row.
    if isTableTurned { return all.filter { $0 > 0 && !(StageColumn.otherOffloads ~= $0) } }
    guard let area = layout.area(.stages), area.width - 2 < StageColumn.wholeWidth else { return all }
    return all.filter { index in
      !StageColumn.often.contains(index) || Set(stages.map { StageColumn.all[index].value($0, []) }).count > 1
    }
  }

  /// The column under the cursor: the chosen one, or the next one in sight before it.
  var selectedColumn: Int {
    let columns = stageColumns
    return columns.last { $0 <= stageColumn } ?? columns.first ?? 0
  }
}
