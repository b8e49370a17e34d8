/// A plan that a publication gives for a workload, as one launcher ran it (docs/published-plans.md).
public struct PublishedPlan: Sendable, Equatable {
  /// Where it stands in its file.
  public var place: InputPlace
  /// The search space of its launcher, by the launcher's name.
  public var space: SearchSpace
  /// The question, on the launcher's runtime, without headroom.
  public var workload: Workload
  /// The plan.
  public var plan: Plan
  /// How many of its offload shares were no eighths, and are read as the nearest ones.
  public var roundedShares = 0
}
