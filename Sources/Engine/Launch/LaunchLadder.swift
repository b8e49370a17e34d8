/// From the plan that somebody runs to the best that the launcher can run, a change at a time, the largest gain first.
public struct LaunchLadder: Sendable {
  /// One step up.
  public struct Rung: Sendable {
    /// What is changed, in a launch file's terms: `micro-batch`.
    public var title: String
    /// The choices that differ from the rung below.
    public var changes: [PlanChange]
    /// The runtime of this rung and those above.
    public var runtime: String
    /// The plan, with its score.
    public var scored: ScoredPlan
    /// Simulated seconds of the rung below less those of this one; below 0 where the rung below does not fit.
    public var gainSeconds: Double
  }

  /// The plan that is run today, with its score.
  public var start: ScoredPlan
  /// Its runtime.
  public var startRuntime: String
  /// The changes; none where nothing better is to be had.
  public var rungs: [Rung]
  /// The optimum of the launcher's space, on the runtime of the last rung; the last rung is as fast by the closed form.
  /// Nil where nothing fits, or it was cancelled.
  public var optimum: ScoredPlan?
  /// Every rung up to the optimum was found before it was cancelled.
  public var isComplete: Bool
}

/// Climbs from a plan to the optimum of a launcher's space.
///
/// On each rung every single change is tried with all else held, each solved exactly; the one with the fastest plan is
/// taken. Where none alone helps, two together are tried; the rest of the way to the optimum is then one rung. There are
/// at most eight.
public struct LadderSearch: Sendable {
  /// Most rungs.
  public static let mostRungs = 8
  /// Gains below this share of the time do not make a rung of their own.
  private static let leastGain = 5e-4

  /// The workload, on the runtime of what is run today.
  public let workload: Workload
  /// The launcher.
  public let launcher: Launcher
  /// Worker threads; the answer does not depend on it.
  public let threads: Int
  private let now: @Sendable () -> Double
  private let cancel: CancelToken

  /// A search; `now` gives seconds from any fixed moment.
  public init(
    workload: Workload, launcher: Launcher, threads: Int = 2, cancel: CancelToken = CancelToken(),
    now: @escaping @Sendable () -> Double
  ) {
    self.workload = workload
    self.launcher = launcher
    self.threads = threads
    self.now = now
    self.cancel = cancel
  }

  /// The ladder from a plan; throws `PlanError` where the plan breaks a rule of the workload.
  public func ladder(from plan: Plan) throws(PlanError) -> LaunchLadder {
    var session = TuningSession(workload: workload, now: now)
    let start = ScoredPlan(plan: plan, score: try session.score(plan))
    var ladder = LaunchLadder(
      start: start, startRuntime: workload.run.runtime, rungs: [], optimum: nil, isComplete: false)
    var current = start
    if let better = launcher.betterRuntime(than: workload.run.runtime) {
      var changed = workload
      changed.run.runtime = better
      session = TuningSession(workload: changed, now: now)
      if let score = try? session.score(plan), score.closedFormSeconds < start.score.closedFormSeconds {
        current = ScoredPlan(plan: plan, score: score)
        ladder.rungs.append(rung("runtime options", [], session, from: start, to: current))
      } else {
        session = TuningSession(workload: workload, now: now)
      }
    }
    var request = TuneRequest(space: launcher.space, threads: threads, alternatives: 0)
    request.pins = PlanPins()
    guard let optimum = session.best(request, cancel: cancel), !cancel.isCancelled else { return ladder }
    ladder.optimum = optimum
    climb(&ladder, from: current, to: optimum, session)
    ladder.isComplete = !cancel.isCancelled
    return ladder
  }

  private func climb(
    _ ladder: inout LaunchLadder, from start: ScoredPlan, to optimum: ScoredPlan, _ session: TuningSession
  ) {
    var current = start
    while !cancel.isCancelled, isWorse(current, than: optimum) {
      let isLast = ladder.rungs.count >= Self.mostRungs - 1
      let next = isLast ? nil : step(from: current, towards: optimum, session)
      guard !cancel.isCancelled else { return }
      let (title, plan) = next ?? ("all the rest", optimum)
      ladder.rungs.append(
        rung(title, PlanChange.all(from: current.plan, to: plan.plan), session, from: current, to: plan))
      current = plan
    }
  }

  /// The plan does not fit, or is slower than the optimum by the closed form, beyond rounding.
  private func isWorse(_ plan: ScoredPlan, than optimum: ScoredPlan) -> Bool {
    !plan.score.fits || plan.score.closedFormSeconds > optimum.score.closedFormSeconds * (1 + 1e-9)
  }

  /// The best single change, or else the best of two changes together on the way to the optimum.
  private func step(
    from current: ScoredPlan, towards optimum: ScoredPlan, _ session: TuningSession
  ) -> (String, ScoredPlan)? {
    let singles = LadderStep.allCases.map { [$0] }
    if let best = best(of: singles, from: current, session) { return best }
    let open = LadderStep.allCases.filter { $0.differs(current.plan, optimum.plan) }
    var pairs: [[LadderStep]] = []
    for (index, first) in open.enumerated() { pairs += open[(index + 1)...].map { [first, $0] } }
    // Two that are all that is left are the rest of the way.
    guard open.count > 2 else { return nil }
    return best(of: pairs, from: current, session)
  }

  private func best(
    of steps: [[LadderStep]], from current: ScoredPlan, _ session: TuningSession
  ) -> (String, ScoredPlan)? {
    let limit =
      current.score.fits ? current.score.closedFormSeconds * (1 - Self.leastGain) : Double.infinity
    var found: (title: String, plan: ScoredPlan)?
    for step in steps {
      if cancel.isCancelled { return nil }
      let free = step.reduce(into: Set<PlanKnob>()) { $0.formUnion($1.knobs) }
      let plan = session.best(
        near: current.plan, changing: free, in: launcher.space, threads: threads, cancel: cancel)
      guard let plan, plan.score.closedFormSeconds < min(limit, found?.plan.score.closedFormSeconds ?? .infinity) else {
        continue
      }
      found = (step.map(\.rawValue).joined(separator: " and "), plan)
    }
    return found.map { ($0.title, $0.plan) }
  }

  private func rung(
    _ title: String, _ changes: [PlanChange], _ session: TuningSession, from: ScoredPlan, to: ScoredPlan
  ) -> LaunchLadder.Rung {
    LaunchLadder.Rung(
      title: title, changes: changes, runtime: session.workload.run.runtime, scored: to,
      gainSeconds: from.score.iterationSeconds - to.score.iterationSeconds)
  }
}

extension Launcher {
  /// The runtime that options of this launcher make of another, by switching on what hides communication or fuses
  /// kernels on any hardware; nil where nothing is left to switch on.
  func betterRuntime(than runtime: String) -> String? {
    switch (self, runtime) {
    case (.megatronLM, "megatron-core-exposed"): "megatron-core"
    case (.torchtitan, "torchtitan"): "torchtitan-compiled"
    default: nil
    }
  }
}
