/// Writes what one launcher runs; each is a type of its own, found by `Launcher.exporter`.
public protocol LaunchExporter: Sendable {
  /// Schedules that its files can say, beside interleaving, which the space allows or not.
  var schedules: Set<PipelineSchedule> { get }

  /// What of the workload and the plan this launcher cannot do beyond what its space says (`Launcher.refusals` adds
  /// that); empty where `files` says everything.
  func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal]

  /// The files of a job without refusals, in the order in which a person reads them.
  func files(_ job: LaunchJob) -> [LaunchFile]
}

extension LaunchExporter {
  /// 1F1B alone, which all launchers have.
  public var schedules: Set<PipelineSchedule> { [.oneForwardOneBackward] }
}

extension Launcher {
  /// All that keeps a plan from this launcher: of its space, its runtime and its files; empty where it can be exported.
  ///
  /// Each is named once. Complexity: O(stages).
  public func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    let workload = self.workload(workload)
    let space = space.restricted(to: RuntimeProfile.of(workload.run))
    let breaches = SpaceMembership(space: space, layers: workload.model.layers).breaches(plan.withLevels(of: space))
    let named = breaches.map { LaunchRefusal(what: $0.words, why: "\(title) has no option for it", knobs: $0.knobs) }
    var found: [LaunchRefusal] = []
    if !exporter.schedules.contains(plan.schedule) {
      found.append(
        LaunchRefusal(
          what: "the schedule \(plan.schedule.rawValue)", why: "files of \(title) are written for 1F1B",
          knobs: [.schedule]))
    }
    for refusal in exporter.refusals(plan, of: workload) + named
    where !found.contains(where: { $0.what == refusal.what }) {
      found.append(refusal)
    }
    return found
  }
}

extension Plan {
  /// The plan with a ZeRO level of the space in stages of one rank, which has nothing to shard: all levels are alike there.
  func withLevels(of space: SearchSpace) -> Plan {
    var plan = self
    let levels = stages.count > 1 ? space.stagedZeroLevels ?? space.zeroLevels : space.zeroLevels
    for index in plan.stages.indices where plan.stages[index].dataParallel * contextParallel == 1 {
      if let level = levels.first, !levels.contains(plan.stages[index].zero) { plan.stages[index].zero = level }
    }
    return plan
  }
}
