/// Simulates the schedule of one iteration, event by event (docs/pipeline.md).
///
/// A stage runs one thing at a time. After its forward of a micro-batch it sends for `pointToPointSeconds`, then the
/// next stage may start; once the next stage's backward ends it receives for as long, then runs its own backward: the
/// earlier stage of a boundary pays for both directions, as in the closed form.
///
/// The first micro-batch's forward takes more than the others by the optimizer step over the stage's states, with its
/// copies and gathers. None of this needs anything of another stage, so a stage starts it at time 0 and goes on with it
/// while it waits for micro-batch 0. If that comes at A, the pass runs from A to `max(A + forward, forwardFirst)`: what
/// is left of the side work runs beside it as far as it would at time 0. The last micro-batch's backward takes more by
/// the gradient reduction and its copies, for which nobody waits: the stage is busy for `backwardLast`, but the
/// gradient for the stage before is there as soon as a plain backward would be done. Where `forwardFirst` or
/// `backwardLast` is the shorter one, the pass just takes that. A single micro-batch is both first and last.
///
/// A runtime that starts the side work only when micro-batch 0 comes is slower by up to the sum of the extras.
///
/// How far the simulated time is from the closed form is bounded by `ScheduleBounds`.
public enum ScheduleSimulator {
  /// The timeline of 1F1B.
  ///
  /// - Complexity: O(S * G).
  public static func oneForwardOneBackward(stages: [StageScore], microBatches: Int) -> Timeline {
    guard !stages.isEmpty, microBatches > 0 else {
      return Timeline(passes: stages.map { _ in [] }, transfers: stages.map { _ in [] }, makespan: 0, criticalPath: [])
    }
    let simulation = ScheduleSimulation(stages: stages, microBatches: microBatches)
    let passes = stages.indices.map { intervals(of: $0, stages[$0].pointToPointSeconds, simulation) }
    let path = simulation.criticalOperations().flatMap { stage, operation in
      // With point-to-point an operation has two intervals, else one.
      let parts = stages[stage].pointToPointSeconds > 0 ? 2 : 1
      return (0..<parts).map { Timeline.CriticalStep(stage: stage, interval: parts * operation + $0) }
    }
    return Timeline(
      passes: passes, transfers: stages.indices.map { transfers(of: $0, passes[$0], simulation) },
      makespan: simulation.makespan, criticalPath: path)
  }

  /// The makespan of 1F1B alone, seconds: that of `oneForwardOneBackward`, without its intervals.
  ///
  /// - Complexity: O(S * G).
  public static func makespan(stages: [StageScore], microBatches: Int) -> Double {
    guard !stages.isEmpty, microBatches > 0 else { return 0 }
    return ScheduleSimulation(stages: stages, microBatches: microBatches).makespan
  }

  /// The passes and point-to-point transfers of a stage in time order.
  private static func intervals(
    of stage: Int, _ transfer: Double, _ simulation: ScheduleSimulation
  ) -> [TimelineInterval] {
    var intervals: [TimelineInterval] = []
    intervals.reserveCapacity(simulation.starts[stage].count * (transfer > 0 ? 2 : 1))
    for (operation, start) in simulation.starts[stage].enumerated() {
      let (isForward, microBatch) = simulation.orders[stage][operation]
      let end = simulation.ends[stage][operation]
      let middle =
        isForward
        ? simulation.passEnd(stage, isForward: true, microBatch: microBatch, start: start) : start + transfer
      let kinds: (TimelineKind, TimelineKind) = isForward ? (.forward, .pointToPoint) : (.pointToPoint, .backward)
      if transfer > 0 || isForward {
        intervals.append(TimelineInterval(kind: kinds.0, microBatch: microBatch, start: start, end: middle))
      }
      if transfer > 0 || !isForward {
        intervals.append(TimelineInterval(kind: kinds.1, microBatch: microBatch, start: middle, end: end))
      }
    }
    return intervals
  }

  /// The collectives and copies beside the passes of a stage, each from the start of its pass and no longer than it.
  ///
  /// Those of the first forward start at time 0, with the side work that they belong to.
  private static func transfers(
    of stage: Int, _ passes: [TimelineInterval], _ simulation: ScheduleSimulation
  ) -> [TimelineInterval] {
    passes.flatMap { interval -> [TimelineInterval] in
      guard interval.kind != .pointToPoint else { return [] }
      let pass = simulation.pass(stage, isForward: interval.kind == .forward, microBatch: interval.microBatch)
      let channels: [(TimelineKind, Double)] = [
        (.collective, pass.collective), (.hostToDevice, pass.hostToDevice), (.deviceToHost, pass.deviceToHost),
      ]
      let isFirst = interval.kind == .forward && interval.microBatch == 0
      let start = isFirst ? 0 : interval.start
      return channels.filter { $0.1 > 0 }.map { kind, busy in
        TimelineInterval(
          kind: kind, microBatch: interval.microBatch, start: start, end: min(interval.end, start + busy))
      }
    }
  }
}
