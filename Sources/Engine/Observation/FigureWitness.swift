/// What one plan says of a cluster's figures: how long its iteration took, and how a prediction of it depends on them.
///
/// Runs of the same plan are one witness: what repeats from run to run may be the model's error on that plan.
struct FigureWitness: Sendable {
  /// Ids of its runs, sorted.
  var ids: [String]
  /// Logarithm of the seconds that were measured, the median over the runs.
  var measured: Double
  /// Predicted seconds on a kind of node; nil where the plan cannot be scored on it.
  var predicted: @Sendable (NodeType) -> Double?

  /// Deviation of a run's logarithm around a prediction whose figures are right: half of its square is the run's own (the
  /// same configuration measured twice differs by 5 to 9 %), half is the model's on that plan, which more runs of it do
  /// not take away (docs/observe.md).
  static let noise = 0.05

  /// Square of the deviation of `measured` around a prediction whose figures are right.
  var variance: Double {
    let whole = Self.noise * Self.noise
    return whole * (0.5 + 0.5 / Double(max(1, ids.count)))
  }
}
