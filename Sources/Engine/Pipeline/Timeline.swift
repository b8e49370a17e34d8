/// What occupies a stage (or one of its channels) during an interval of the schedule.
public enum TimelineKind: UInt8, Sendable, CaseIterable {
  /// Forward pass of a micro-batch.
  case forward
  /// Backward pass of a micro-batch (with its recomputation).
  case backward
  /// Weight gradients of a micro-batch, where the schedule has them apart from its backward.
  case weightGradient
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
  /// Chunk of the stage, from 0; always 0 where stages are not interleaved.
  public var chunk: Int
  /// Start, seconds from the start of the iteration.
  public var start: Double
  /// End, seconds.
  public var end: Double

  /// One bar.
  public init(kind: TimelineKind, microBatch: Int, chunk: Int = 0, start: Double, end: Double) {
    self.kind = kind
    self.microBatch = microBatch
    self.chunk = chunk
    self.start = start
    self.end = end
  }
}

/// The simulated schedule of one iteration.
public struct Timeline: Sendable, Equatable {
  /// Per stage, the passes and point-to-point transfers in time order: they never overlap within a stage.
  public var passes: [[TimelineInterval]]
  /// Per stage, the collectives and copies beside them, in time order.
  ///
  /// Those of the first forward start when their stage is free, before their pass on all stages but the first; what lies
  /// before time 0 is left out.
  public var transfers: [[TimelineInterval]]
  /// End of the last pass, seconds from the first forward of stage 1.
  public var makespan: Double
  /// Seconds from one iteration to the next: the makespan where a barrier stands between them.
  ///
  /// Else it can be less: what a stage still does then runs beside the next iteration's fill.
  public var period: Double
  /// Intervals of the critical path, as (stage, index into `passes[stage]`), from first to last.
  ///
  /// A step is critical from its start to the start of the next one. That is its end, unless it is a last backward,
  /// which hands its gradient on before it ends. A first step that starts after its stage is free is a first forward
  /// which the stage's own side work, critical since then, kept from ending earlier (interleaved, of any chunk). It ends
  /// with the stage that is done last or, without a barrier, with the one in which it began, a period later. (Where only
  /// several stages together, each a period after the other, set the period: the part up to the first of them.)
  public var criticalPath: [CriticalStep]
  /// Per stage, the passes of each of its chunks layer by layer; empty where they were not asked for.
  public private(set) var layers: [[StageLayers]] = []
  /// Where the stage-seconds go, once `layers` are known.
  public private(set) var shares: TimelineShares?

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

  /// A timeline; it lasts for its makespan where no period is told.
  public init(
    passes: [[TimelineInterval]], transfers: [[TimelineInterval]], makespan: Double, period: Double? = nil,
    criticalPath: [CriticalStep]
  ) {
    self.passes = passes
    self.transfers = transfers
    self.makespan = makespan
    self.period = period ?? makespan
    self.criticalPath = criticalPath
  }

  /// The same schedule with its passes layer by layer, per stage and chunk.
  public func with(layers: [[StageLayers]]) -> Timeline {
    var timeline = self
    timeline.layers = layers
    timeline.shares = TimelineShares(timeline)
    return timeline
  }

  /// Chunks of a stage [v]; 1 where stages are not interleaved.
  ///
  /// - Complexity: O(passes of the first stage).
  public var chunkCount: Int { (passes.first?.map(\.chunk).max() ?? 0) + 1 }

  /// Share of all stage-seconds of a period in which a stage runs neither a pass nor a point-to-point transfer, 0...1.
  ///
  /// A stage that waits for its first micro-batch counts as idle, although its side work goes on.
  public var bubbleShare: Double {
    let busy = passes.joined().reduce(0) { $0 + ($1.end - $1.start) }
    return Self.bubbleShare(busy: busy, period: period, stages: passes.count)
  }

  /// The share of so many stages' seconds of a period in which they are not busy, 0...1.
  static func bubbleShare(busy: Double, period: Double, stages: Int) -> Double {
    let total = period * Double(stages)
    return total > 0 ? max(0, 1 - busy / total) : 0
  }

  /// Seconds of a period in which each stage runs neither a pass nor a point-to-point transfer.
  var waitingSeconds: [Double] {
    passes.map { stage in period - stage.reduce(0) { $0 + ($1.end - $1.start) } }
  }
}
