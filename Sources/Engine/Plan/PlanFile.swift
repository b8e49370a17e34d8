/// A saved plan: the question by value, the choices, and what was predicted with what (docs/formats.md).
///
/// A file stands on its own: it is scored without the workload file that it came from. Writing and reading it gives
/// the same value back, to the last bit of every number.
public struct PlanFile: Sendable, Equatable {
  /// The question.
  public var workload: Workload
  /// The choices.
  public var plan: Plan
  /// What the person insists on; the plan itself may break it while it is being edited.
  public var pins: PlanPins
  /// The figures at the time of saving, for comparison: scoring computes them anew.
  public var predicted: PredictedFigures?
  /// What they were computed with.
  public var computedWith: ComputedWith?

  /// A plan file from its parts.
  public init(
    workload: Workload, plan: Plan, pins: PlanPins = PlanPins(), predicted: PredictedFigures? = nil,
    computedWith: ComputedWith? = nil
  ) {
    self.workload = workload
    self.plan = plan
    self.pins = pins
    self.predicted = predicted
    self.computedWith = computedWith
  }

  /// A scored plan, to be saved.
  ///
  /// - Parameters:
  ///   - pins: what it was searched under.
  ///   - space: name of the space in which it was found, where it was searched for.
  ///   - status: how that search ended.
  public init(
    workload: Workload, scored: ScoredPlan, pins: PlanPins = PlanPins(), space: String? = nil,
    status: SearchStatus? = nil
  ) {
    self.init(
      workload: workload, plan: scored.plan, pins: pins, predicted: PredictedFigures(finite: scored.score),
      computedWith: ComputedWith(
        engine: EngineVersion.current, space: space, status: status,
        hardware: workload.cluster.nodeType.name, figures: HardwareOrigin(workload.cluster).summary))
  }
}

/// The figures that a plan file repeats from the score of its plan.
public struct PredictedFigures: Sendable, Equatable {
  /// Makespan of the simulated schedule, seconds.
  public var iterationSeconds: Double
  /// The objective, seconds.
  public var closedFormSeconds: Double
  /// Tokens of one iteration over `iterationSeconds`.
  public var tokensPerSecond: Double
  /// Model FLOP/s over the peak, 0...1.
  public var mfu: Double
  /// Largest reserved device memory of a stage, bytes.
  public var peakReservedBytes: Double
  /// Pinned host memory of the fullest node, bytes.
  public var hostBytesPerNode: Double

  /// The figures of a score; nil where one of them is not finite, which no file can hold.
  public init?(finite score: PlanScore) {
    iterationSeconds = score.iterationSeconds
    closedFormSeconds = score.closedFormSeconds
    tokensPerSecond = score.tokensPerSecond
    mfu = score.mfu
    peakReservedBytes = score.peakReservedBytes
    hostBytesPerNode = score.hostBytesPerNode
    guard values.allSatisfy({ $0.isFinite }) else { return nil }
  }
}

/// What the predicted figures of a plan file were computed with.
public struct ComputedWith: Sendable, Equatable {
  /// Version of the engine.
  public var engine: String
  /// Name of the space, where the plan was searched for.
  public var space: String?
  /// How that search ended.
  public var status: SearchStatus?
  /// Name of the node type.
  public var hardware: String
  /// The least sure origin of the figures that times depend on most (`HardwareOrigin.summary`).
  public var figures: Provenance

  /// All of it.
  public init(engine: String, space: String?, status: SearchStatus?, hardware: String, figures: Provenance) {
    self.engine = engine
    self.space = space
    self.status = status
    self.hardware = hardware
    self.figures = figures
  }
}
