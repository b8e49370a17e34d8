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
    // In the turned table the four shares are one row, and the cursor is on one of them.
    if isTableTurned, StageColumn.otherOffloads ~= stageColumn { return stageColumn }
    return columns.last { $0 <= stageColumn } ?? columns.first ?? 0
  }

  /// The choices in the plan's own row, from the left, and those that all stages have alike where the table is narrow.
  var planCells: [PlanCell] {
    guard let plan = editedPlan else { return [] }
    let stages = plan.stages.indices
    var cells = [PlanCell(.stages), PlanCell(.gradientAccumulation)]
    if !isTableTurned {
      let columns = stageColumns
      cells += StageColumn.often.filter { !columns.contains($0) }.compactMap { column in
        StageColumn.all[column].knob.map { PlanCell($0, stages: stages) }
      }
    }
    cells += [PlanCell(.sequenceParallel)]
    if plan.contextParallel > 1 || request.space.contextParallel.count > 1 { cells.append(PlanCell(.contextParallel)) }
    if plan.stages.count > 1 {
      cells.append(PlanCell(.schedule))
      if plan.interleave > 1 || request.space.interleave.count > 1 { cells.append(PlanCell(.interleave)) }
    }
    if plan.stages.contains(where: { $0.checkpointedLayers > 0 }), request.space.recomputeKinds.count > 1 {
      cells.append(PlanCell(.recompute, stages: stages))
    }
    return cells
  }

  /// The choice of the plan's row that the cursor is on, or was on last.
  var selectedPlanCell: PlanCell {
    let cells = planCells
    return cells.first { $0.knob == planKnob } ?? cells.first ?? PlanCell(.stages)
  }

  /// The row of the run's choices, above that of the plan's.
  static let runRow = -2

  /// What would be edited; nil on a figure, and where there is no plan.
  var cellUnderCursor: EditedCell? {
    if stageRow <= Self.runRow { return .run(runKnob) }
    if stageRow < 0 { return .plan(selectedPlanCell) }
    guard editedPlan != nil, let row = selectedRow, let knob = StageColumn.all[selectedColumn].knob else { return nil }
    return .plan(PlanCell(knob, stages: row))
  }
}
