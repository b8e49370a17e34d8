/// What occupies a stage (or one of its channels) during an interval of the schedule.
public enum TimelineKind: UInt8, Sendable, CaseIterable {
  /// Forward pass of a micro-batch.
  case forward
  /// Backward pass of a micro-batch (with its recomputation).
  case backward
  /// Sending to or receiving from the next stage.
  case pointToPoint
  /// Data-parallel collectives beside the pass that holds them.
  case collective
  /// Copies from the host beside the pass that holds them.
  case hostToDevice
  /// Copies to the host beside the pass that holds them.
  case deviceToHost
}

/// One bar of the timeline.
public struct TimelineInterval: Sendable, Equatable {
  /// What runs.
  public var kind: TimelineKind
  /// Micro-batch, from 0.
  public var microBatch: Int
  /// Start, seconds from the start of the iteration.
  public var start: Double
  /// End, seconds.
  public var end: Double

  /// One bar.
  public init(kind: TimelineKind, microBatch: Int, start: Double, end: Double) {
    self.kind = kind
    self.microBatch = microBatch
    self.start = start
    self.end = end
  }
}

/// The simulated schedule of one iteration.
public struct Timeline: Sendable, Equatable {
  /// Per stage, the passes and point-to-point transfers in time order: they never overlap within a stage.
  public var passes: [[TimelineInterval]]
  /// Per stage, the collectives and copies beside them, in time order.
  public var transfers: [[TimelineInterval]]
  /// End of the last pass, seconds.
  public var makespan: Double
  /// Intervals of the critical path, as (stage, index into `passes[stage]`), from first to last.
  public var criticalPath: [CriticalStep]

  /// One step of the critical path.
  public struct CriticalStep: Sendable, Equatable {
    /// Stage.
    public var stage: Int
    /// Index into `passes[stage]`.
    public var interval: Int

    /// One step.
    public init(stage: Int, interval: Int) {
      self.stage = stage
      self.interval = interval
    }
  }

  /// A timeline.
  public init(
    passes: [[TimelineInterval]], transfers: [[TimelineInterval]], makespan: Double, criticalPath: [CriticalStep]
  ) {
    self.passes = passes
    self.transfers = transfers
    self.makespan = makespan
    self.criticalPath = criticalPath
  }

  /// Share of all stage-seconds in which a stage neither computes nor transfers, 0...1.
  public var bubbleShare: Double {
    let busy = passes.joined().reduce(0) { $0 + ($1.end - $1.start) }
    let total = makespan * Double(passes.count)
    return total > 0 ? max(0, 1 - busy / total) : 0
  }
}
