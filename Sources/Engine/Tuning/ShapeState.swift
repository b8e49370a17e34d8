/// One shape with what the search knows about it.
struct ShapeState {
  /// The solver.
  var solver: ShapeSolver
  /// No plan of the shape is faster, seconds.
  var lowerBound: Double
  /// Its best plan so far.
  var best: ScoredPlan?
  /// Its best closed form so far, seconds.
  var objective: Double? { best?.score.closedFormSeconds }
  /// Nothing is left to search: the best is the optimum, or no plan is as good as those that are listed.
  var isSolved = false
  /// Its stages hang together by a limit that its optimum would break.
  var isLimited = false
}

extension ShapeState {
  /// The best where it is proved to be the optimum: a search that is bounded by better plans may leave a worse one.
  var optimum: ScoredPlan? {
    guard isSolved, !isLimited, let best, best.score.closedFormSeconds <= lowerBound * (1 + 1e-12) else { return nil }
    return best
  }
}
