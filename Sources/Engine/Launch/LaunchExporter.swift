/// Writes what one launcher runs; each is a type of its own, found by `Launcher.exporter`.
public protocol LaunchExporter: Sendable {
  /// What of the workload and the plan this launcher cannot do beyond what its space says (`Launcher.refusals` adds
  /// that); empty where `files` says everything.
  func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal]

  /// The files of a job without refusals, in the order in which a person reads them.
  func files(_ job: LaunchJob) -> [LaunchFile]
}

extension Launcher {
  /// All that keeps a plan from this launcher: of its space, its runtime and its files; empty where it can be exported.
  ///
  /// Each is named once. Complexity: O(stages).
  public func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    let workload = self.workload(workload)
    let space = space.restricted(to: RuntimeProfile.of(workload.run))
    let breaches = SpaceMembership(space: space, layers: workload.model.layers).breaches(plan)
    let named = breaches.map { LaunchRefusal(what: $0.words, why: "\(title) has no option for it", knobs: $0.knobs) }
    var found: [LaunchRefusal] = []
    for refusal in exporter.refusals(plan, of: workload) + named
    where !found.contains(where: { $0.what == refusal.what }) {
      found.append(refusal)
    }
    return found
  }
}
