/// Simulates the schedule of one iteration, event by event (docs/pipeline.md).
///
/// A stage runs one thing at a time. After its forward of a micro-batch it sends for `pointToPointSeconds`, then the
/// next stage may start; once the next stage's backward ends it receives for as long, then runs its own backward: the
/// earlier stage of a boundary pays for both directions, as in the closed form.
///
/// The first micro-batch's forward takes more than the others by the optimizer step over the stage's states, with its
/// copies and gathers. None of this needs anything of another stage, so a stage starts it as soon as it is free (at Y)
/// and goes on with it while it waits for micro-batch 0. If that comes at A, the pass runs from A to
/// `max(A + forward, Y + forwardFirst)`: what is left of the side work runs beside it as far as it would at Y. The last
/// micro-batch's backward takes more by the gradient reduction and its copies, for which nobody waits: the stage is busy
/// for `backwardLast`, but the gradient for the stage before is there as soon as a plain backward would be done. Where
/// `forwardFirst` or `backwardLast` is the shorter one, the pass just takes that. A single micro-batch is both first and
/// last.
///
/// Where the runtime needs all gradients before it steps (their norm, or a step at the end), a barrier stands between
/// iterations: all stages are free at time 0, and the iteration lasts until the last one is done. Else a stage is free
/// when its own last backward ends, and the iteration lasts as long as it takes to come round again (`SteadyIteration`).
///
/// Where weight gradients are apart (ZB-H1) a backward takes their seconds less, hands its gradient on at its end, and
/// what the last backward takes more follows the last weight gradients.
///
/// Interleaved stages (those with `StageScore.chunks`) run Megatron-LM's order of `ScheduleOrder`; chunks go on from the
/// last stage to the first one. The side work of all first forwards goes on chunk after chunk, beside whatever the stage
/// runs; of the last backwards each holds up its own stage.
///
/// A runtime that starts the side work only when micro-batch 0 comes is slower by up to the sum of the extras.
///
/// How far the simulated time is from the closed form is bounded by `ScheduleBounds`.
public enum ScheduleSimulator {
  /// The timeline of an iteration.
  ///
  /// 1F1B is interleaved where the stages have chunks: then equally many, and G is a multiple of S.
  /// - Parameter hasBarrier: all stages start together once the iteration before has ended everywhere; else the steady
  ///   iteration, which repeats after `Timeline.period`.
  /// - Complexity: O(S * G * v), without a barrier some times as much.
  public static func timeline(
    stages: [StageScore], microBatches: Int, schedule: PipelineSchedule = .oneForwardOneBackward,
    hasBarrier: Bool = true
  ) -> Timeline {
    guard !stages.isEmpty, microBatches > 0 else {
      return Timeline(passes: stages.map { _ in [] }, transfers: stages.map { _ in [] }, makespan: 0, criticalPath: [])
    }
    let run = Run(stages, microBatches, schedule, hasBarrier: hasBarrier)
    let simulation = run.simulation
    let rows = stages.indices.map { intervals(of: $0, simulation) }
    let path = simulation.chain(to: run.criticalStage).flatMap { stage, operation in
      let firsts = rows[stage].firsts
      return (firsts[operation]..<firsts[operation + 1]).map { Timeline.CriticalStep(stage: stage, interval: $0) }
    }
    let passes = rows.map(\.intervals)
    return Timeline(
      passes: passes, transfers: stages.indices.map { transfers(of: $0, passes[$0], simulation) },
      makespan: simulation.stageEnds.max() ?? 0, period: run.period, criticalPath: path)
  }

  /// The period of `timeline` alone, seconds.
  ///
  /// - Complexity: that of `timeline`.
  public static func period(
    stages: [StageScore], microBatches: Int, schedule: PipelineSchedule = .oneForwardOneBackward,
    hasBarrier: Bool = true
  ) -> Double {
    guard !stages.isEmpty, microBatches > 0 else { return 0 }
    return Run(stages, microBatches, schedule, hasBarrier: hasBarrier).period
  }

  /// The figures of `timeline` that a score needs, to the last bit, without its intervals and its critical path.
  ///
  /// - Complexity: that of `timeline`, in a fraction of the time and the memory.
  static func pace(
    stages: [StageScore], microBatches: Int, schedule: PipelineSchedule = .oneForwardOneBackward,
    hasBarrier: Bool = true
  ) -> (period: Double, bubbleShare: Double) {
    guard !stages.isEmpty, microBatches > 0 else { return (0, 0) }
    let run = Run(stages, microBatches, schedule, hasBarrier: hasBarrier)
    var busy = 0.0
    for stage in stages.indices { eachInterval(of: stage, run.simulation) { busy += $3 - $2 } }
    return (run.period, Timeline.bubbleShare(busy: busy, period: run.period, stages: stages.count))
  }

  /// A simulated iteration, what it takes, and the stage with whose end the chain ends that sets this.
  private struct Run {
    var simulation: ScheduleSimulation
    var period: Double
    var criticalStage: Int

    init(_ stages: [StageScore], _ microBatches: Int, _ schedule: PipelineSchedule, hasBarrier: Bool) {
      guard hasBarrier else {
        let steady = SteadyIteration(stages: stages, microBatches: microBatches, schedule: schedule)
        (simulation, period, criticalStage) = (steady.simulation, steady.period, steady.criticalStage)
        return
      }
      simulation = ScheduleSimulation(stages: stages, microBatches: microBatches, schedule: schedule)
      let ends = simulation.stageEnds
      period = ends.max() ?? 0
      criticalStage = ends.firstIndex(of: period) ?? 0
    }
  }

  /// The passes and point-to-point transfers of a stage in time order, and the index of each operation's first one; as
  /// a last index the number of intervals.
  private static func intervals(
    of stage: Int, _ simulation: ScheduleSimulation
  ) -> (intervals: [TimelineInterval], firsts: [Int]) {
    var intervals: [TimelineInterval] = []
    var firsts: [Int] = []
    intervals.reserveCapacity(2 * simulation.starts[stage].count)
    firsts.reserveCapacity(simulation.starts[stage].count + 1)
    eachInterval(of: stage, simulation) { number, kind, start, end in
      if firsts.count == number { firsts.append(intervals.count) }
      let operation = simulation.orders[stage][number]
      intervals.append(
        TimelineInterval(
          kind: kind, microBatch: operation.microBatch, chunk: operation.chunk, start: start, end: end))
    }
    firsts.append(intervals.count)
    return (intervals, firsts)
  }

  /// Visits the passes and point-to-point transfers of a stage in time order, each with the number of its operation.
  private static func eachInterval(
    of stage: Int, _ simulation: ScheduleSimulation,
    _ visit: (_ number: Int, _ kind: TimelineKind, _ start: Double, _ end: Double) -> Void
  ) {
    let order = simulation.orders[stage]
    for (number, start) in simulation.starts[stage].enumerated() {
      let operation = order[number]
      let end = simulation.ends[stage][number]
      guard operation.kind != .weightGradient else {
        visit(number, .weightGradient, start, end)
        continue
      }
      let isForward = operation.isForward
      let transfer = simulation.chunks[stage][operation.chunk].pointToPointSeconds
      let middle = isForward ? simulation.passEnd(stage, operation, start: start) : start + transfer
      if transfer > 0 || isForward { visit(number, isForward ? .forward : .pointToPoint, start, middle) }
      if transfer > 0 || !isForward { visit(number, isForward ? .pointToPoint : .backward, middle, end) }
    }
  }

  /// The collectives and copies beside the passes of a stage, each from the start of its pass and no longer than it.
  ///
  /// Those of a first forward start with the side work that they belong to, that of chunk 0 when the stage is free; what
  /// lies before time 0 is left out.
  private static func transfers(
    of stage: Int, _ passes: [TimelineInterval], _ simulation: ScheduleSimulation
  ) -> [TimelineInterval] {
    let transfers = passes.flatMap { interval -> [TimelineInterval] in
      guard interval.kind != .pointToPoint, interval.kind != .weightGradient else { return [] }
      let isForward = interval.kind == .forward
      let pass = simulation.pass(
        stage, .init(kind: isForward ? .forward : .backward, microBatch: interval.microBatch, chunk: interval.chunk))
      let channels: [(TimelineKind, Double)] = [
        (.collective, pass.collective), (.hostToDevice, pass.hostToDevice), (.deviceToHost, pass.deviceToHost),
      ]
      var start = interval.start
      if isForward && interval.microBatch == 0 {
        start =
          interval.chunk == 0
          ? simulation.begins[stage] : min(start, simulation.sideStart(stage, chunk: interval.chunk) ?? start)
      }
      return channels.filter { $0.1 > 0 && start + $0.1 > 0 }.map { kind, busy in
        TimelineInterval(
          kind: kind, microBatch: interval.microBatch, chunk: interval.chunk, start: max(0, start),
          end: min(interval.end, start + busy))
      }
    }
    guard simulation.chunks[stage].count > 1 else { return transfers }
    // Side work of a later chunk begins before its pass; of equal starts the order of the passes is kept.
    return transfers.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
      .map(\.element)
  }
}
