/// Published plans beside what the search finds for the same workload in the launcher's space (docs/published-plans.md).
public struct PublishedPlanReport: Sendable {
  /// What a comparison by the closed form says of a published plan.
  public enum Verdict: String, Sendable, CaseIterable {
    /// The search found nothing faster, and nothing slower.
    case matched
    /// The search found a faster plan.
    case beaten
    /// It is faster than all plans of the space that fit, and does not fit its memory by the prediction.
    case doesNotFit = "better, does not fit"
    /// It is faster, and its plan is not one of the space.
    case outsideSpace = "better, outside the space"
    /// It is faster than what was found when the search was stopped.
    case unproved = "better, search stopped"
    /// It is faster, fits and lies in the space: the search or the comparison is wrong.
    case missed = "better: a fault"
  }

  /// One published plan.
  public struct Row: Sendable {
    /// The plan with its question.
    public var published: PublishedPlan
    /// What it is worth on its launcher's runtime.
    public var score: PlanScore
    /// The knob whose value the launcher's space does not have, in words; nil where the plan lies in the space.
    public var breach: String?
    /// What the search found.
    public var best: TuneResult
    /// What it found on devices and hosts with just the memory that the plan needs; nil where the plan fits.
    public var roomier: TuneResult?

    /// Device bytes by which its worst stage exceeds the device; 0 where all fit.
    public var excessBytes: Double { max(0, score.stages.map { -$0.memory.spare }.max() ?? 0) }
    /// Pinned bytes by which its fullest node exceeds the host's memory; 0 where it fits.
    public var hostExcessBytes: Double { max(0, score.hostBytesPerNode - score.hostCapacityBytes) }
    /// Published over found, by the closed form: above 1 the search is better; nil where nothing was found.
    public var ratio: Double? { ratio(best) }
    /// The same against the search with the memory that the plan needs; nil where the plan fits.
    public var roomierRatio: Double? { roomier.flatMap(ratio) }

    /// What to say of it.
    public var verdict: Verdict { verdict(best, fits: score.fits) }
    /// What to say of it against the search with the memory that it needs; nil where it fits as it is.
    public var roomierVerdict: Verdict? { roomier.map { verdict($0, fits: true) } }

    private func ratio(_ result: TuneResult) -> Double? {
      result.best.map { score.closedFormSeconds / $0.score.closedFormSeconds }
    }

    private func verdict(_ result: TuneResult, fits: Bool) -> Verdict {
      // Sums of up to thousands of terms, in another order: rounding stays below 1e-9.
      if let ratio = ratio(result), ratio >= 1 - 1e-9 { return ratio <= 1 + 1e-9 ? .matched : .beaten }
      if !fits { return .doesNotFit }
      if breach != nil { return .outsideSpace }
      return result.status == .optimal || result.status == .infeasible ? .missed : .unproved
    }
  }

  /// The plans, in the order of the file.
  public var rows: [Row]

  /// Scores all plans and searches each question once.
  ///
  /// Complexity: a search for each launcher and workload, and one more for each plan that does not fit.
  public init(
    _ table: PublishedPlanTable, threads: Int = 2, cancel: CancelToken = CancelToken(),
    onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(PlanError) {
    var answers = SpaceAnswers(threads: threads, cancel: cancel)
    rows = []
    for (index, published) in table.plans.enumerated() {
      onProgress(index, table.plans.count)
      rows.append(try Self.row(published, &answers))
    }
  }

  private static func row(_ published: PublishedPlan, _ answers: inout SpaceAnswers) throws(PlanError) -> Row {
    let workload = published.workload
    let space = published.space
    var row = Row(
      published: published, score: try TuningSession(workload: workload, now: { 0 }).score(published.plan),
      breach: breach(published), best: answers.best(workload, in: space))
    if !row.score.fits {
      var larger = workload
      // A byte more than the excess: the limit itself is rounded too.
      if row.excessBytes > 0 { larger.cluster.nodeType.gpu.memoryBytes.value += row.excessBytes + 1 }
      if row.hostExcessBytes > 0 { larger.cluster.nodeType.hostMemoryBytes.value += row.hostExcessBytes + 1 }
      row.roomier = answers.best(larger, in: space)
    }
    return row
  }

  private static func breach(_ published: PublishedPlan) -> String? {
    if published.roundedShares > 0 { return "an offload share that is no eighth" }
    // What the runtime cannot price is taken from the space before it is searched.
    let space = published.space.restricted(to: RuntimeProfile.of(published.workload.run))
    return SpaceMembership(space: space, layers: published.workload.model.layers).breach(published.plan)
  }
}
