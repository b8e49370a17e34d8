/// The plan of a launcher's space that is nearest to one that the launcher cannot run, and what the difference costs.
public struct NearestPlan: Sendable {
  /// The workload, on a runtime of the launcher.
  public let workload: Workload
  /// What the launcher cannot do of the plan that was asked for.
  public let refusals: [LaunchRefusal]
  /// The plan, with its score there.
  public let scored: ScoredPlan
  /// What differs from the plan that was asked for.
  public let changes: [PlanChange]
  /// Choices that were free: those that the launcher refuses, and those without which nothing fitted.
  public let freed: [PlanKnob]
  /// Simulated seconds of the plan that was asked for, on its own runtime.
  public let askedSeconds: Double
  /// Simulated seconds of the nearest plan on that runtime, where it can run there: what the choices alone cost.
  public let secondsOnAskedRuntime: Double?
}

/// Looks for the nearest plan that a launcher can run.
///
/// All choices but those that the launcher refuses are held as they are, and the rest is searched exactly. Where nothing
/// fits, more choices are set free, in a fixed order, until something does; at the end the whole space of the launcher is.
public struct NearestSearch: Sendable {
  /// The plan's own workload.
  public let workload: Workload
  /// The launcher.
  public let launcher: Launcher
  /// Worker threads; the answer does not depend on it.
  public let threads: Int
  private let now: @Sendable () -> Double

  /// A search; `now` gives seconds from any fixed moment.
  public init(workload: Workload, launcher: Launcher, threads: Int = 2, now: @escaping @Sendable () -> Double) {
    self.workload = workload
    self.launcher = launcher
    self.threads = threads
    self.now = now
  }

  /// Sets of choices that are set free one after another where nothing fits: what stages recompute first, because it is
  /// made for memory, what the shape of the plan is last.
  static let order: [Set<PlanKnob>] = [
    [.checkpointedLayers, .recompute], [.zero], PlanKnob.offloads, [.layers],
    [.microBatch, .gradientAccumulation], [.interleave, .sequenceParallel],
    [.tensorParallel, .contextParallel, .dataParallel], [.stages, .nodes, .gpusPerNode],
  ]

  /// The nearest plan; nil where no plan of the launcher fits the workload, and when cancelled.
  ///
  /// Throws `PlanError` where the plan breaks a rule of its own workload.
  public func nearest(to plan: Plan, cancel: CancelToken = CancelToken()) throws(PlanError) -> NearestPlan? {
    let asked = TuningSession(workload: workload, now: now)
    let askedScore = try asked.score(plan)
    let target = launcher.workload(workload)
    let refusals = launcher.refusals(plan, of: workload)
    guard !refusals.contains(where: \.isOfWorkload) else { return nil }
    let session = TuningSession(workload: target, now: now)
    var free = refusals.reduce(into: Set<PlanKnob>()) { $0.formUnion($1.knobs) }
    var steps = Self.order.makeIterator()
    while !cancel.isCancelled {
      let found = session.best(near: plan, changing: free, in: launcher.space, threads: threads, cancel: cancel)
      if let found, launcher.refusals(found.plan, of: target).isEmpty {
        let same = try? asked.score(found.plan)
        return NearestPlan(
          workload: target, refusals: refusals, scored: found, changes: PlanChange.all(from: plan, to: found.plan),
          freed: PlanKnob.allCases.filter(free.contains), askedSeconds: askedScore.iterationSeconds,
          secondsOnAskedRuntime: same?.iterationSeconds)
      }
      var grown = free
      while grown == free {
        guard let next = steps.next() else { return nil }
        grown.formUnion(next)
      }
      free = grown
    }
    return nil
  }
}

extension PlanKnob {
  /// The shares on the host.
  static let offloads: Set<PlanKnob> = [.weightOffload, .gradientOffload, .optimizerOffload, .activationOffload]
}
