/// Predicted beside published speed-ups of one launcher's plans over another's, each plan on its own runtime
/// (docs/validation.md, "Speed-ups").
public struct SpeedupReport: Sendable, Equatable {
  /// One workload.
  public struct Row: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// GPUs.
    public var gpus: Int
    /// Runtime of the faster plan.
    public var runtime: String
    /// Predicted seconds of its plan.
    public var seconds: Double
    /// Runtime of the plan that it is compared with.
    public var other: String
    /// Predicted seconds of that plan.
    public var otherSeconds: Double
    /// Measured speed-up.
    public var published: Double

    /// Predicted speed-up.
    public var predicted: Double { otherSeconds / seconds }
    /// Predicted over published, less 1.
    public var error: Double { predicted / published - 1 }
  }

  /// The workloads, in the order of the file.
  public var rows: [Row]

  /// Mean of |error|; nil without rows.
  public var meanAbsoluteError: Double? { ErrorStatistics.mean(rows.map { abs($0.error) }) }
  /// Largest |error|.
  public var maxAbsoluteError: Double? { rows.map { abs($0.error) }.max() }

  /// Scores the plans that ship.
  ///
  /// Throws where the file cannot be read or a plan breaks a rule. Complexity: some milliseconds a workload.
  public static func shipped() throws -> SpeedupReport {
    var rows: [Row] = []
    for item in try SpeedupCase.shipped() {
      var seconds: [(runtime: String, seconds: Double)] = []
      for (runtime, plan) in item.plans {
        var workload = item.workload
        workload.run.runtime = runtime
        var scorer = PlanScorer(model: StageModel(workload: workload))
        seconds.append((runtime, try scorer.score(plan).iterationSeconds))
      }
      guard let first = seconds.first else { continue }
      for other in seconds.dropFirst() {
        guard let published = item.published[other.runtime] else { continue }
        rows.append(
          Row(
            name: item.name, gpus: item.workload.cluster.gpuCount, runtime: first.runtime, seconds: first.seconds,
            other: other.runtime, otherSeconds: other.seconds, published: published))
      }
    }
    return SpeedupReport(rows: rows)
  }
}
