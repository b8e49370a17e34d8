/// From the plan that somebody runs to the best that the launcher can run, a change at a time, the largest gain first.
public struct LaunchLadder: Sendable {
  /// One step up.
  public struct Rung: Sendable {
    /// What is changed, in a launch file's terms: `micro-batch`.
    public var title: String
    /// The choices that differ from the rung below.
    public var changes: [PlanChange]
    /// Options of the launcher beside those of the plan; nil where none changes.
    public var options: String?
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

  /// Title of the rung that changes options of the runtime alone.
  static let runtimeTitle = "runtime options"
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
    let session = TuningSession(workload: workload, now: now)
    let start = ScoredPlan(plan: plan, score: try session.score(plan))
    var ladder = LaunchLadder(
      start: start, startRuntime: workload.run.runtime, rungs: [], optimum: nil, isComplete: false)
    var place = Place(session: session, plan: start)
    guard let goal = goal(session), !cancel.isCancelled else { return ladder }
    ladder.optimum = goal.plan
    while !cancel.isCancelled, isWorse(place, than: goal) {
      let isLast = ladder.rungs.count >= Self.mostRungs - 1
      let next = isLast ? nil : step(from: place, towards: goal)
      guard !cancel.isCancelled else { return ladder }
      let (title, found) = next ?? ("all the rest", goal)
      ladder.rungs.append(rung(title, from: place, to: found))
      place = found
    }
    ladder.isComplete = !cancel.isCancelled
    return ladder
  }

  /// A plan on a runtime.
  private struct Place {
    var session: TuningSession
    var plan: ScoredPlan
    var runtime: String { session.workload.run.runtime }
    var seconds: Double { plan.score.closedFormSeconds }
  }

  /// The launcher's optimum: on the runtime of today, or on the one that its options make of it, whichever is faster.
  private func goal(_ session: TuningSession) -> Place? {
    let request = TuneRequest(space: launcher.space, threads: threads, alternatives: 0)
    let sessions = [session] + [switched(session)].compactMap { $0 }
    let places = sessions.compactMap { session in
      session.best(request, cancel: cancel).map { Place(session: session, plan: $0) }
    }
    return places.min { $0.seconds < $1.seconds }
  }

  /// A session on the runtime that options make of this one's; nil where there is nothing to switch on.
  private func switched(_ session: TuningSession) -> TuningSession? {
    guard let better = launcher.betterRuntime(than: session.workload.run.runtime) else { return nil }
    var changed = session.workload
    changed.run.runtime = better
    return TuningSession(workload: changed, now: now)
  }

  /// The plan does not fit, or is slower than the optimum by the closed form, beyond rounding.
  private func isWorse(_ place: Place, than goal: Place) -> Bool {
    !place.plan.score.fits || place.seconds > goal.seconds * (1 + 1e-9)
  }

  /// The best single change, or else the best of two changes together on the way to the optimum.
  private func step(from place: Place, towards goal: Place) -> (String, Place)? {
    let options = runtimeOptions(place, goal)
    if let best = best(of: LadderStep.allCases.map { [$0] }, from: place, or: options) { return best }
    let open = LadderStep.allCases.filter { $0.differs(place.plan.plan, goal.plan.plan) }
    var pairs: [[LadderStep]] = []
    for (index, first) in open.enumerated() { pairs += open[(index + 1)...].map { [first, $0] } }
    // Two that are all that is left are the rest of the way.
    guard open.count > 2 else { return nil }
    return best(of: pairs, from: place, or: nil)
  }

  /// The same plan on the optimum's runtime, where that is another.
  private func runtimeOptions(_ place: Place, _ goal: Place) -> Place? {
    guard place.runtime != goal.runtime, let score = try? goal.session.score(place.plan.plan), score.fits else {
      return nil
    }
    return Place(session: goal.session, plan: ScoredPlan(plan: place.plan.plan, score: score))
  }

  private func best(of steps: [[LadderStep]], from place: Place, or options: Place?) -> (String, Place)? {
    let limit = place.plan.score.fits ? place.seconds * (1 - Self.leastGain) : Double.infinity
    var found: (title: String, place: Place)?
    if let options, options.seconds < limit { found = (LaunchLadder.runtimeTitle, options) }
    for step in steps {
      if cancel.isCancelled { return nil }
      let free = step.reduce(into: Set<PlanKnob>()) { $0.formUnion($1.knobs) }
      let plan = place.session.best(
        near: place.plan.plan, changing: free, in: launcher.space, threads: threads, cancel: cancel)
      guard let plan, plan.score.closedFormSeconds < min(limit, found?.place.seconds ?? .infinity) else { continue }
      found = (step.map(\.rawValue).joined(separator: " and "), Place(session: place.session, plan: plan))
    }
    return found.map { ($0.title, $0.place) }
  }

  private func rung(_ title: String, from below: Place, to place: Place) -> LaunchLadder.Rung {
    LaunchLadder.Rung(
      title: title, changes: PlanChange.all(from: below.plan.plan, to: place.plan.plan),
      options: below.runtime == place.runtime ? nil : launcher.options(from: below.runtime, to: place.runtime),
      runtime: place.runtime, scored: place.plan,
      gainSeconds: below.plan.score.iterationSeconds - place.plan.score.iterationSeconds)
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

  /// The options that make one runtime of another, as people write them.
  func options(from old: String, to new: String) -> String {
    switch (self, new) {
    case (.megatronLM, "megatron-core"): "--overlap-grad-reduce --overlap-param-gather"
    case (.torchtitan, "torchtitan-compiled"): "--compile.enable"
    default: "the options of the runtime \(new)"
    }
  }
}
