/// What an exporter writes files of: a plan that its launcher can run, with what is predicted for it there.
public struct LaunchJob: Sendable {
  /// The workload, on a runtime of the launcher.
  public let workload: Workload
  /// The plan; it lies in the launcher's space.
  public let plan: Plan
  /// Its score on that runtime.
  public let score: PlanScore
  /// How the error bar of the time reads, where one is known: `104 to 131 s`.
  public let errorBar: String?
  /// Where the plan came from, for people: the name of its file or sample.
  public let origin: String
  /// The command that reads the exported files back, without `brume`: `import train.sh --from megatron-lm`.
  public let importCommand: String

  /// A job.
  public init(
    workload: Workload, plan: Plan, score: PlanScore, errorBar: String? = nil, origin: String, importCommand: String
  ) {
    self.workload = workload
    self.plan = plan
    self.score = score
    self.errorBar = errorBar
    self.origin = origin
    self.importCommand = importCommand
  }

  /// Nodes that the plan uses: the others of the cluster stay idle.
  public var nodes: Int {
    let gpus = plan.stages.reduce(0) { $0 + $1.nodes * $1.gpusPerNode }
    return (gpus + workload.cluster.gpusPerNode - 1) / max(1, workload.cluster.gpusPerNode)
  }

  /// GPUs of a node that the plan uses: all, or those of the one node that it uses in part.
  public var gpusPerNode: Int {
    let gpus = plan.stages.reduce(0) { $0 + $1.nodes * $1.gpusPerNode }
    return min(gpus, workload.cluster.gpusPerNode)
  }
}
