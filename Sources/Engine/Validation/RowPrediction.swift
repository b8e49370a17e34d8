/// Predicted beside measured, for one measured run.
public struct RowPrediction: Sendable, Equatable {
  /// A predicted amount of memory beside the measured one.
  public struct Memory: Sendable, Equatable {
    /// What was read.
    public var kind: MeasuredMemory.Kind
    /// The stage, from 0; that of the fullest GPU where the table tells only the run's largest.
    public var stage: Int
    /// Measured bytes.
    public var measuredBytes: Double
    /// Predicted bytes.
    public var predictedBytes: Double

    /// Predicted over measured, less 1.
    public var error: Double { predictedBytes / measuredBytes - 1 }
  }

  /// The run.
  public var row: MeasuredRow
  /// Runtime that the prediction is for; nil where the run was skipped.
  public var runtime: String?
  /// What it was; nil where the run was skipped.
  public var features: RunFeatures?
  /// Seconds of an iteration, measured; nil where the table does not tell enough.
  public var measuredSeconds: Double?
  /// Seconds of an iteration, predicted; nil where the run was skipped.
  public var predictedSeconds: Double?
  /// Memory, where it was measured and predicted.
  public var memory: [Memory] = []
  /// What the table does not tell of the run and was taken as usual, in words.
  public var assumed: [String] = []
  /// Why the run was not predicted; nil where it was.
  public var skipped: String?

  /// Predicted over measured seconds, less 1; nil where one of them is not known.
  public var error: Double? {
    guard let measuredSeconds, let predictedSeconds else { return nil }
    return predictedSeconds / measuredSeconds - 1
  }

  /// Predicts a run with the product's own model; a run that cannot be predicted has a reason instead.
  ///
  /// Complexity: tracing a model and compiling its stages, some milliseconds.
  init(_ row: MeasuredRow, conventions: RunConventions) {
    self.row = row
    do throws(RowSkip) {
      let found = try Self.prediction(row, conventions: conventions)
      let workload = found.workload
      let seconds = row.time.seconds(
        model: workload.model, gpus: row.gpuCount, sequenceLength: row.model.sequence,
        globalBatch: workload.run.globalBatch)
      guard seconds != nil || !row.memory.isEmpty else {
        throw RowSkip(reason: "the table tells no time that its own definition turns into seconds")
      }
      let score = found.score
      measuredSeconds = seconds
      predictedSeconds = score.iterationSeconds
      runtime = workload.run.runtime
      features = RunFeatures(workload: workload, plan: found.plan)
      memory = Self.memory(row, score)
      assumed = found.assumed
    } catch {
      skipped = error.reason
    }
  }

  private static func prediction(
    _ row: MeasuredRow, conventions: RunConventions
  ) throws(RowSkip) -> (workload: Workload, plan: Plan, score: PlanScore, assumed: [String]) {
    guard row.stages.contains(where: { $0.operators != nil }) else {
      let found = try RowPlan(row, conventions: conventions)
      return (found.workload, found.plan, try score(found), found.assumed)
    }
    let found = try OperatorRow(row, conventions: conventions)
    return (found.workload, found.plan, found.score, [])
  }

  private static func score(_ found: RowPlan) throws(RowSkip) -> PlanScore {
    var scorer = PlanScorer(model: StageModel(workload: found.workload))
    do throws(PlanError) {
      return try scorer.score(found.plan)
    } catch {
      throw RowSkip(reason: "it breaks a rule of plans: \(error)")
    }
  }

  private static func memory(_ row: MeasuredRow, _ score: PlanScore) -> [Memory] {
    row.memory.compactMap { measured in
      let predicted = score.stages.map { measured.kind.bytes(of: $0.memory) }
      let fullest = predicted.indices.max { predicted[$0] < predicted[$1] }
      guard let stage = measured.stage ?? fullest, predicted.indices.contains(stage) else { return nil }
      return Memory(
        kind: measured.kind, stage: stage, measuredBytes: measured.bytes, predictedBytes: predicted[stage])
    }
  }
}
