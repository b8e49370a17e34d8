/// What so much more of a scarce resource buys: the best plan with it against the best plan without.
public struct MarginalValue: Sendable, Equatable {
  /// How much more of what.
  public var step: ResourceStep
  /// `key=value` assignments to the workload, as for `--set`, with which a search of its own finds `after`.
  public var set: [String]
  /// The workload with the change.
  public var workload: Workload
  /// The best plan without the change; nil where none fits.
  public var before: ScoredPlan?
  /// The best plan with it; nil where none fits.
  public var after: ScoredPlan?
  /// Seconds of an iteration of the plan without the change, on the changed cluster; nil where it cannot stand there.
  public var samePlanSeconds: Double?
  /// Both plans are proved best of their space; where a time limit ended a search the value is that of what it had found.
  public var isProved: Bool

  /// Seconds that an iteration takes more with the change, negative where it is faster: the difference of two searches.
  /// Nil where one of them found no plan.
  public var seconds: Double? {
    guard let before, let after else { return nil }
    return after.score.iterationSeconds - before.score.iterationSeconds
  }

  /// `seconds` for one unit of the resource.
  public var secondsPerUnit: Double? { seconds.map { $0 / step.amount } }

  /// Whether there is too little of it: with more, a plan is better by the objective, or a plan fits at all.
  public var binds: Bool {
    guard let after else { return false }
    guard let before else { return true }
    return after.score.closedFormSeconds < before.score.closedFormSeconds * (1 - Self.rounding)
  }

  /// What changes in the plan; empty where the same plan stays best.
  public var changes: [PlanChange] {
    guard let before, let after else { return [] }
    return PlanChange.all(from: before.plan, to: after.plan)
  }

  /// Differences below this share of an objective are rounding.
  private static let rounding = 1e-9
}
