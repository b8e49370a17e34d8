import Engine

/// The rows of the timeline: stages or runs of like ones, and the lanes of those that are open.
struct TimelineRows {
  /// The state.
  let state: ExplorerState
  /// The schedule.
  let timeline: Timeline

  /// One row.
  struct Row: Equatable {
    /// The stages that it stands for.
    var stages: Range<Int>
    /// The one that it shows.
    var stage: Int
    /// The lane that it shows; nil shows the passes.
    var lane: TimelineLane?
    /// The row of the selected stage.
    var isCursor = false
  }

  /// All rows; more than `room` of them scroll.
  func rows(room: Int) -> [Row] {
    let stages = state.stageRows
    return stages.flatMap { row -> [Row] in
      let isSelected = row.contains(state.selectedStage)
      let stage = isSelected ? state.selectedStage : row.lowerBound
      let lanes = open(stage, isSelected: isSelected, free: room - stages.count)
      return [Row(stages: row, stage: stage, isCursor: isSelected)]
        + lanes.map { Row(stages: row, stage: stage, lane: $0) }
    }
  }

  /// The lanes of a stage that are shown.
  private func open(_ stage: Int, isSelected: Bool, free: Int) -> [TimelineLane] {
    switch state.timeline.lanes {
    case .none: []
    case .all: busy(stage)
    case .selected: isSelected ? busy(stage) : []
    case .automatic: isSelected ? best(stage, count: max(0, free)) : []
    }
  }

  /// The lanes that do something on a stage; with one stage alone all but the transfers that it cannot have.
  private func busy(_ stage: Int) -> [TimelineLane] {
    guard let lanes = StageLanes(timeline, stage: stage) else { return [] }
    if timeline.passes.count == 1 { return TimelineLane.allCases.filter { $0 != .pointToPoint } }
    return TimelineLane.allCases.filter {
      !$0.pieces(lanes, from: 0, to: timeline.makespan, most: 1).isEmpty || $0 == .kernels
    }
  }

  /// As many lanes as there is room for: what the passes above do not tell before the kernels, and what is longest before
  /// what is short.
  private func best(_ stage: Int, count: Int) -> [TimelineLane] {
    let found = busy(stage)
    guard found.count > count, let lanes = StageLanes(timeline, stage: stage) else { return found }
    func seconds(_ lane: TimelineLane) -> Double {
      guard lane != .kernels else { return -1 }
      let end = lanes.passes.prefix { $0.microBatch < 2 }.last?.end ?? timeline.makespan
      return lane.pieces(lanes, from: 0, to: end).reduce(0) { $0 + $1.piece.seconds }
    }
    let kept = found.map { ($0, seconds($0)) }
      .sorted { ($0.1, $1.0.rawValue) > ($1.1, $0.0.rawValue) }.prefix(count).map(\.0)
    return found.filter(kept.contains)
  }
}
