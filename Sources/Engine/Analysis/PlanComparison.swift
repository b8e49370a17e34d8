/// A plan beside another that may be of another question: the difference, and what of it is the runtime's.
public struct PlanComparison: Sendable, Equatable {
  /// What another runtime makes of the same plan.
  public struct RuntimeShare: Sendable, Equatable {
    /// Name of the other plan's runtime.
    public var name: String
    /// Seconds that an iteration of the other plan takes more there.
    public var seconds: Double
    /// Bytes that its fullest stage reserves more there.
    public var peakBytes: Double

    /// A share of its parts.
    public init(name: String, seconds: Double, peakBytes: Double) {
      (self.name, self.seconds, self.peakBytes) = (name, seconds, peakBytes)
    }
  }

  /// What the plans do not have alike, both on the runtime of the first.
  public var difference: PlanDifference
  /// The rest of the difference; nil where both plans run alike, and where the questions differ in more than that.
  public var runtime: RuntimeShare?
  /// The plan beside the first, as it was given.
  public var other: ScoredPlan

  /// A comparison of its parts.
  public init(difference: PlanDifference, runtime: RuntimeShare?, other: ScoredPlan) {
    (self.difference, self.runtime, self.other) = (difference, runtime, other)
  }

  /// Seconds that an iteration of the other plan takes more, its runtime included.
  public var seconds: Double { difference.seconds + (runtime?.seconds ?? 0) }
  /// Bytes that its fullest stage reserves more, its runtime included.
  public var peakBytes: Double { difference.peakBytes + (runtime?.peakBytes ?? 0) }
}

extension TuningSession {
  /// Sets a plan of this workload beside one of another workload, or of the same.
  ///
  /// Where the workloads are the same but for the runtime, the other plan is scored on this session's runtime as well:
  /// the shares of the choices are told there, and the runtime's is what is left. Where they differ in more, or the plan
  /// cannot run here, only the whole difference is told. Complexity: some scores for each group of choices that differs.
  public func comparison(from plan: ScoredPlan, to other: ScoredPlan, of question: Workload) -> PlanComparison {
    let whole = PlanComparison(difference: PlanDifference(old: plan, new: other), runtime: nil, other: other)
    var asHere = question
    (asHere.run.runtime, asHere.run.launcher) = (workload.run.runtime, workload.run.launcher)
    asHere.name = workload.name
    guard asHere == workload,
      let difference = try? PlanDifference(from: plan.plan, to: other.plan, session: self)
    else { return whole }
    let seconds = other.score.iterationSeconds - difference.new.score.iterationSeconds
    let bytes = other.score.peakReservedBytes - difference.new.score.peakReservedBytes
    if question.run.runtime != workload.run.runtime {
      let share = PlanComparison.RuntimeShare(name: question.run.runtime, seconds: seconds, peakBytes: bytes)
      return PlanComparison(difference: difference, runtime: share, other: other)
    }
    // A plan whose figures are not those of this workload is of another one, whatever was said.
    guard seconds == 0, bytes == 0 else { return whole }
    return PlanComparison(difference: difference, runtime: nil, other: other)
  }
}
