import Engine

/// The best plans of the sizes of the cluster, as far as they were asked for.
struct SizesState: Sendable {
  /// Answers to other orders are dropped.
  var ticket = 0
  /// The sweep runs.
  var isRunning = false
  /// The person has asked it to stop.
  var isStopping = false
  /// It was not stopped before its end.
  var isComplete = false
  /// What was found, rising in size.
  var points: [SweepPoint] = []
  /// The point under the cursor.
  var row = 0
  /// How far the size is that is being tried.
  var progress = SearchProgress()
  /// The question that the points answer.
  var basis: SizesBasis?

  /// The point under the cursor.
  var point: SweepPoint? { points.indices.contains(row) ? points[row] : nil }
}

/// What the plans of all sizes depend on: the question but for the size, the space and the pins.
struct SizesBasis: Sendable, Equatable {
  /// The largest cluster.
  var workload: Workload
  /// The space.
  var space: SearchSpace
  /// What must not move.
  var pins: PlanPins

  /// True where another question of the same space and pins differs in the size of its cluster alone, and is no larger.
  func covers(_ other: SizesBasis) -> Bool {
    var mine = workload
    let (cluster, asked) = (workload.cluster, other.workload.cluster)
    guard asked.nodes <= cluster.nodes, asked.gpusPerNode <= cluster.gpusPerNode else { return false }
    mine.cluster.nodes = asked.nodes
    if cluster.nodes == 1 { mine.cluster.gpusPerNode = asked.gpusPerNode }
    return mine == other.workload && space == other.space && pins == other.pins
  }
}

/// What the outside says of the sizes.
public enum SizesMessage: Sendable {
  /// How far the size is that is being tried.
  case progress(SearchProgress)
  /// The best plan of a size.
  case point(SweepPoint)
  /// It has ended.
  case done
}
