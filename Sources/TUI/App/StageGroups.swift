import Engine

/// Rows of the stage table: stages, or runs of stages with the same choices.
enum StageGroups {
  /// The stages of each row, in order; single stages unless `folds`.
  static func rows(_ plan: Plan, folds: Bool) -> [Range<Int>] {
    var rows: [Range<Int>] = []
    for (index, stage) in plan.stages.enumerated() {
      if folds, let last = rows.last, plan.stages[last.lowerBound] == stage {
        rows[rows.count - 1] = last.lowerBound..<index + 1
      } else {
        rows.append(index..<index + 1)
      }
    }
    return rows
  }

  /// `3` or `3-14`, from 1.
  static func label(_ row: Range<Int>) -> String {
    row.count == 1 ? "\(row.lowerBound + 1)" : "\(row.lowerBound + 1)-\(row.upperBound)"
  }

  /// `3`, or `3-14 ×12`: the label and how many stages it stands for.
  static func counted(_ row: Range<Int>) -> String {
    row.count == 1 ? label(row) : "\(label(row)) ×\(row.count)"
  }
}

extension ExplorerState {
  /// The stages of the row under the cursor; nil above them.
  var selectedRow: Range<Int>? {
    guard stageRow >= 0 else { return nil }
    return stageRows.first { $0.contains(selectedStage) }
  }

  /// The rows of the shown plan: folded where it has more stages than the smallest pane has rows.
  var stageRows: [Range<Int>] {
    guard let plan = shown?.plan else { return [] }
    return StageGroups.rows(plan, folds: !isUnfolded && plan.stages.count > layout.stageRoom)
  }

  /// True when the shown plan has more stages than fit and runs of them could be one row.
  var canFoldStages: Bool {
    guard let plan = shown?.plan else { return false }
    return plan.stages.count > layout.stageRoom && StageGroups.rows(plan, folds: true).count < plan.stages.count
  }
}
