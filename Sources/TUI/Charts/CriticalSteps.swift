import Engine

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
