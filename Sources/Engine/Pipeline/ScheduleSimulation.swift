/// One run of 1F1B: when each operation of each stage starts and ends, and what it waited for.
///
/// The first forward's extra is side work that a stage starts at time 0, and the last backward's extra delays nobody
/// (`ScheduleSimulator` has the reasons).
struct ScheduleSimulation {
  /// Per stage, the order of its operations.
  let orders: [ScheduleOrder]
  /// Per stage and operation, its start (of the receiving, where there is one), seconds.
  private(set) var starts: [[Double]]
  /// Per stage and operation, its end (of the sending, where there is one), seconds.
  private(set) var ends: [[Double]]
  /// Per stage and operation, true where its end was set by the neighbour that let it start, not by its own stage.
  private(set) var waited: [[Bool]]
  private let stages: [StageScore]
  private let microBatches: Int

  /// Runs the schedule.
  ///
  /// - Complexity: O(S * G).
  init(stages: [StageScore], microBatches: Int) {
    self.stages = stages
    self.microBatches = microBatches
    orders = stages.indices.map { ScheduleOrder(stage: $0, stages: stages.count, microBatches: microBatches) }
    starts = stages.map { _ in [] }
    ends = starts
    waited = stages.map { _ in [] }
    for stage in stages.indices {
      starts[stage].reserveCapacity(2 * microBatches)
      ends[stage].reserveCapacity(2 * microBatches)
      waited[stage].reserveCapacity(2 * microBatches)
    }
    // A stage runs as far as its neighbours let it; each operation done wakes them.
    var awake = Array(stages.indices.reversed())
    while let stage = awake.popLast() {
      guard run(stage) else { continue }
      if stage + 1 < stages.count { awake.append(stage + 1) }
      if stage > 0 { awake.append(stage - 1) }
    }
  }

  /// The pass that an operation runs.
  func pass(_ stage: Int, isForward: Bool, microBatch: Int) -> PassTimes {
    if isForward { return microBatch == 0 ? stages[stage].forwardFirst : stages[stage].forward }
    return microBatch == microBatches - 1 ? stages[stage].backwardLast : stages[stage].backward
  }

  /// The stage and operation that lets an operation start; nil where it needs nothing of a neighbour.
  func neighbour(_ stage: Int, isForward: Bool, microBatch: Int) -> (stage: Int, operation: Int)? {
    let other = isForward ? stage - 1 : stage + 1
    guard orders.indices.contains(other) else { return nil }
    return (other, isForward ? orders[other].forward(microBatch) : orders[other].backward(microBatch))
  }

  /// When the pass of an operation ends, if the operation (its receiving, for a backward) starts at `start`, seconds.
  ///
  /// A first forward is done when its micro-batch has been worked on, and the side work, begun at time 0, is done too.
  func passEnd(_ stage: Int, isForward: Bool, microBatch: Int, start: Double) -> Double {
    let elapsed = pass(stage, isForward: isForward, microBatch: microBatch).elapsed
    guard isForward else { return start + stages[stage].pointToPointSeconds + elapsed }
    guard microBatch == 0 else { return start + elapsed }
    return isProlonged(stage, start: start) ? elapsed : start + min(elapsed, stages[stage].forward.elapsed)
  }

  /// When an operation lets its neighbour start, seconds: at its end, or for a last backward where a plain one ends.
  func handOver(_ stage: Int, _ operation: Int) -> Double {
    let (isForward, microBatch) = orders[stage][operation]
    let score = stages[stage]
    guard !isForward, microBatch == microBatches - 1, score.backward.elapsed < score.backwardLast.elapsed else {
      return ends[stage][operation]
    }
    return starts[stage][operation] + score.pointToPointSeconds + score.backward.elapsed
  }

  /// True where a first forward that starts at `start` ends only with the side work that began at time 0.
  private func isProlonged(_ stage: Int, start: Double) -> Bool {
    let first = stages[stage].forwardFirst.elapsed
    return start + min(first, stages[stage].forward.elapsed) < first
  }

  /// Runs a stage until a neighbour holds it up; false where it could run nothing.
  private mutating func run(_ stage: Int) -> Bool {
    let first = ends[stage].count
    while ends[stage].count < 2 * microBatches {
      let (isForward, microBatch) = orders[stage][ends[stage].count]
      let free = ends[stage].last ?? 0
      var start = free
      if let (other, operation) = neighbour(stage, isForward: isForward, microBatch: microBatch) {
        guard operation < ends[other].count else { break }
        start = max(free, handOver(other, operation))
      }
      // The same order of additions as the intervals of the timeline, so that their ends are equal to the last bit.
      let transfer = stages[stage].pointToPointSeconds
      let passEnd = passEnd(stage, isForward: isForward, microBatch: microBatch, start: start)
      starts[stage].append(start)
      ends[stage].append(isForward ? passEnd + transfer : passEnd)
      let ownWork = isForward && microBatch == 0 && isProlonged(stage, start: start)
      waited[stage].append(start > free && !ownWork)
    }
    return ends[stage].count > first
  }

  /// End of the last operation, seconds.
  var makespan: Double { ends.compactMap(\.last).max() ?? 0 }

  /// The chain of operations that sets the makespan, from first to last: each starts when the one before it hands over.
  ///
  /// The first of them starts at time 0, or is a first forward that ends with its own side work.
  func criticalOperations() -> [(stage: Int, operation: Int)] {
    let total = makespan
    guard var stage = ends.firstIndex(where: { $0.last == total }) else { return [] }
    var operation = 2 * microBatches - 1
    var path = [(stage, operation)]
    while true {
      let (isForward, microBatch) = orders[stage][operation]
      if waited[stage][operation], let next = neighbour(stage, isForward: isForward, microBatch: microBatch) {
        (stage, operation) = next
      } else if operation > 0 {
        operation -= 1
      } else {
        return path.reversed()
      }
      path.append((stage, operation))
    }
  }
}
