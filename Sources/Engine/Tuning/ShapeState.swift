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
  /// The best is the optimum of the shape.
  var isSolved = false
  /// Its stages hang together by a limit that its optimum would break.
  var isLimited = false
}
