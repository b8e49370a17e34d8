/// Something that a plan or its workload needs and a launcher cannot do.
public struct LaunchRefusal: Sendable, Hashable {
  /// What is needed: `stages of unlike meshes`.
  public var what: String
  /// Why the launcher cannot do it, or what it can do instead; empty where `what` says all.
  public var why: String
  /// Choices of the plan that must change; none where it is the workload that the launcher cannot run.
  public var knobs: Set<PlanKnob>

  /// A refusal.
  public init(what: String, why: String = "", knobs: Set<PlanKnob> = []) {
    self.what = what
    self.why = why
    self.knobs = knobs
  }

  /// No plan of this workload can run: another plan does not help.
  public var isOfWorkload: Bool { knobs.isEmpty }
}

extension LaunchRefusal: CustomStringConvertible {
  /// In a line.
  public var description: String { why.isEmpty ? what : "\(what): \(why)" }
}
