/// One run of 1F1B: when each operation of each stage starts and ends, and what it waited for.
struct ScheduleSimulation {
  /// Per stage, the order of its operations.
  let orders: [ScheduleOrder]
  /// Per stage and operation, its start (of the receiving, where there is one), seconds.
  private(set) var starts: [[Double]]
  /// Per stage and operation, its end (of the sending, where there is one), seconds.
  private(set) var ends: [[Double]]
  /// Per stage and operation, true where it started when a neighbour let it, not when its stage was free.
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

  /// The stage and operation whose end lets an operation start; nil where it needs none of a neighbour.
  func neighbour(_ stage: Int, isForward: Bool, microBatch: Int) -> (stage: Int, operation: Int)? {
    let other = isForward ? stage - 1 : stage + 1
    guard orders.indices.contains(other) else { return nil }
    return (other, isForward ? orders[other].forward(microBatch) : orders[other].backward(microBatch))
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
        start = max(free, ends[other][operation])
      }
      let elapsed = pass(stage, isForward: isForward, microBatch: microBatch).elapsed
      // The same order of additions as the intervals of the timeline, so that their ends are equal to the last bit.
      let transfer = stages[stage].pointToPointSeconds
      starts[stage].append(start)
      ends[stage].append(isForward ? start + elapsed + transfer : start + transfer + elapsed)
      waited[stage].append(start > free)
    }
    return ends[stage].count > first
  }

  /// End of the last operation, seconds.
  var makespan: Double { ends.compactMap(\.last).max() ?? 0 }

  /// The chain of operations that sets the makespan, from first to last: each starts when the one before it ends.
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
