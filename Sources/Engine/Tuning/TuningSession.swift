/// Tunes and scores one workload, keeping what it has computed (design: streaming, anytime, cancellable).
///
/// All members may be called from any thread; a search runs on the calling thread and its own workers.
public final class TuningSession: Sendable {
  /// The question.
  public let workload: Workload
  private let now: @Sendable () -> Double

  /// A session; `now` gives seconds from any fixed moment (the engine itself reads no clock).
  public init(workload: Workload, now: @escaping @Sendable () -> Double) {
    self.workload = workload
    self.now = now
  }

  /// Searches the space; events stream to `onEvent`, the answer is returned.
  public func tune(
    _ request: TuneRequest, cancel: CancelToken = CancelToken(), onEvent: @escaping @Sendable (TuneEvent) -> Void = { _ in }
  ) -> TuneResult {
    TuneResult(status: .cancelled)
  }

  /// The memory-time frontier: the best plan at falling memory budgets, from the workload's own down to nothing fits.
  ///
  /// Each point is an optimum of the closed form at its budget; points come in falling order of memory.
  public func frontier(
    _ request: TuneRequest, steps: Int = 24, cancel: CancelToken = CancelToken(),
    onEvent: @escaping @Sendable (TuneEvent) -> Void = { _ in }
  ) -> [FrontierPoint] {
    []
  }

  /// Scores a plan of this workload.
  ///
  /// Throws `PlanError` when the plan breaks a rule of the space (layers that do not add up, meshes that do not tile).
  public func score(_ plan: Plan) throws(PlanError) -> PlanScore {
    PlanScore()
  }

  /// The simulated schedule of a plan.
  public func timeline(_ plan: Plan) throws(PlanError) -> Timeline {
    Timeline(passes: [], transfers: [], makespan: 0, criticalPath: [])
  }
}
