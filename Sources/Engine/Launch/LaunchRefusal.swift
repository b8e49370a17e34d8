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

  /// More tensor-parallel ranks than key and value heads can be shared by, on a launcher that does not replicate these.
  ///
  /// - Parameter rule: what it wants instead.
  static func unreplicatedHeads(_ launcher: String, degree: Int, heads: Int, rule: String) -> LaunchRefusal {
    LaunchRefusal(
      what: "tensor-parallel degree \(degree) with \(heads) key and value heads",
      why: "\(launcher) does not replicate them: \(rule)", knobs: [.tensorParallel, .dataParallel, .microBatch])
  }

  /// No plan of this workload can run: another plan does not help.
  public var isOfWorkload: Bool { knobs.isEmpty }
}

extension LaunchRefusal: CustomStringConvertible {
  /// In a line.
  public var description: String { why.isEmpty ? what : "\(what): \(why)" }
}
