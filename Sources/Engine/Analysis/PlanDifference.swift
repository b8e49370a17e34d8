/// What two plans do not have alike, and how much each difference buys.
///
/// One plan is changed into the other a group of choices at a time, and every plan on the way is scored. What a group is
/// worth depends on what was changed before it, so the shares are those of one order and of its reverse, and their mean;
/// the shares of all steps add up to the whole difference, to rounding.
public struct PlanDifference: Sendable, Equatable {
  /// One change on the way.
  public struct Step: Sendable, Equatable {
    /// Groups that are changed at once: more than one where they cannot be changed apart.
    public var groups: [ChoiceGroup]
    /// What they change.
    public var changes: [PlanChange]
    /// Seconds that an iteration takes more with it, in the order of the steps.
    public var forwardSeconds: Double
    /// The same in the reverse order.
    public var backwardSeconds: Double
    /// Bytes that the fullest stage reserves more with it, in the order of the steps.
    public var forwardPeakBytes: Double
    /// The same in the reverse order.
    public var backwardPeakBytes: Double
    /// The plan after it fits its memory, in the order of the steps.
    public var fits: Bool

    /// A change of its parts.
    public init(
      groups: [ChoiceGroup], changes: [PlanChange], forwardSeconds: Double, backwardSeconds: Double,
      forwardPeakBytes: Double, backwardPeakBytes: Double, fits: Bool
    ) {
      (self.groups, self.changes, self.fits) = (groups, changes, fits)
      (self.forwardSeconds, self.backwardSeconds) = (forwardSeconds, backwardSeconds)
      (self.forwardPeakBytes, self.backwardPeakBytes) = (forwardPeakBytes, backwardPeakBytes)
    }

    /// Its share of the difference: the mean of both orders, seconds.
    public var seconds: Double { (forwardSeconds + backwardSeconds) / 2 }
    /// Its share of the difference of the peaks, bytes.
    public var peakBytes: Double { (forwardPeakBytes + backwardPeakBytes) / 2 }
    /// For people: `ZeRO and optimizer offload`.
    public var label: String { groups.map(\.label).joined(separator: " and ") }
  }

  /// The plan from which the differences count.
  public var old: ScoredPlan
  /// The other one.
  public var new: ScoredPlan
  /// All that differs.
  public var changes: [PlanChange]
  /// The changes one by one; none where the plans are of different workloads.
  public var steps: [Step]
  /// The plans are of one workload.
  public var isOfOneWorkload: Bool

  /// Seconds that an iteration of the new plan takes more.
  public var seconds: Double { new.score.iterationSeconds - old.score.iterationSeconds }
  /// Bytes that its fullest stage reserves more.
  public var peakBytes: Double { new.score.peakReservedBytes - old.score.peakReservedBytes }
  /// The most by which a share depends on the order, seconds.
  public var orderSeconds: Double { steps.map { abs($0.forwardSeconds - $0.backwardSeconds) }.max() ?? 0 }

  /// What must be said of the shares.
  public var note: String {
    guard isOfOneWorkload else {
      return "the plans are of different workloads: what differs is told, but not what each difference is worth"
    }
    guard steps.count > 1 else { return "" }
    return "shares depend on the order of the changes: they are the mean of this order and of its reverse"
  }

  /// Plans of different workloads: the whole difference, and what their choices do not have alike.
  public init(old: ScoredPlan, new: ScoredPlan) {
    (self.old, self.new) = (old, new)
    changes = PlanChange.all(from: old.plan, to: new.plan)
    (steps, isOfOneWorkload) = ([], false)
  }

  /// Plans of the workload of a session; throws where one of them breaks a rule.
  ///
  /// Complexity: some scores for each group that differs.
  public init(from old: Plan, to new: Plan, session: TuningSession) throws(PlanError) {
    self.old = ScoredPlan(plan: old, score: try session.score(old))
    self.new = ScoredPlan(plan: new, score: try session.score(new))
    changes = PlanChange.all(from: old, to: new)
    isOfOneWorkload = true
    var path = PlanPath(mixture: PlanMixture(workload: session.workload, old: old, new: new), session: session)
    steps = path.steps()
  }
}
