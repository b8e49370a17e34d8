extension TuneRequest {
  /// The request for an edited workload: another launcher's space comes with the launcher, as the command line's
  /// `--launcher` has it; the schedule that was asked for stays where the new space has plans of it.
  ///
  /// Pins stay; `PlanPins.check` says whether the new space can keep them.
  public func edited(from old: Workload, to new: Workload) -> TuneRequest {
    guard old.run.launcher != new.run.launcher else { return self }
    var request = self
    let next = new.run.launcher?.space ?? .mist
    request.space = (space.schedule == .oneForwardOneBackward ? nil : next.restricted(to: space.schedule)) ?? next
    return request
  }
}
