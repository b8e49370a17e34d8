/// One run of a schedule: when each operation of each stage starts and ends, and what it waited for.
///
/// The first forward's extra is side work that a stage starts as soon as it is free, and the last backward's extra
/// delays nobody but its own stage (`ScheduleSimulator` has the reasons).
struct ScheduleSimulation {
  /// What set the end of an operation.
  enum Cause {
    /// Its own stage, which ran another operation before.
    case stage
    /// The neighbour that let it start.
    case neighbour
    /// Side work of the stage, which began when it was free.
    case sideWork
  }

  /// Per stage, the order of its operations.
  let orders: [ScheduleOrder]
  /// Per stage, the passes of its chunks.
  let chunks: [[ChunkScore]]
  /// Per stage, when it is free for its side work and its first pass, seconds.
  let begins: [Double]
  /// Per stage and operation, its start (of the receiving, where there is one), seconds.
  private(set) var starts: [[Double]]
  /// Per stage and operation, its end (of the sending, where there is one), seconds.
  private(set) var ends: [[Double]]
  /// Per stage and operation, what set its end.
  private(set) var causes: [[Cause]]
  /// Per stage and chunk, when the side work of its first forward is done at the earliest, seconds.
  private let sideEnds: [[Double]]
  private let microBatches: Int
  /// Per stage, the seconds of its weight gradients; nil where backwards have them in them.
  private let weightGradients: [Double]?

  /// Runs the schedule; all stages have equally many chunks.
  ///
  /// - Parameter begins: per stage, when it is free, seconds; all at time 0 where nothing is told.
  /// - Complexity: O(S * G * v).
  init(
    stages: [StageScore], microBatches: Int, schedule: PipelineSchedule = .oneForwardOneBackward,
    begins: [Double]? = nil
  ) {
    self.microBatches = microBatches
    weightGradients = schedule == .zeroBubble ? stages.map(\.weightGradientSeconds) : nil
    let begins = begins ?? stages.map { _ in 0 }
    self.begins = begins
    chunks = stages.map(\.passes)
    let count = chunks.first?.count ?? 1
    orders = stages.indices.map {
      ScheduleOrder(
        stage: $0, stages: stages.count, microBatches: microBatches, chunks: count, schedule: schedule)
    }
    sideEnds = zip(chunks, begins).map { Self.sideEnds($0, begin: $1) }
    starts = stages.map { _ in [] }
    ends = starts
    causes = stages.map { _ in [] }
    for stage in stages.indices {
      starts[stage].reserveCapacity(orders[stage].count)
      ends[stage].reserveCapacity(orders[stage].count)
      causes[stage].reserveCapacity(orders[stage].count)
    }
    // A stage runs as far as its neighbours let it; each operation done wakes them.
    var awake = Array(stages.indices.reversed())
    while let stage = awake.popLast() {
      guard run(stage) else { continue }
      if stage + 1 < stages.count { awake.append(stage + 1) } else if count > 1 { awake.append(0) }
      if stage > 0 { awake.append(stage - 1) } else if count > 1 { awake.append(stages.count - 1) }
    }
  }

  /// The side work of the first forwards begins when the stage is free and goes on, one chunk's after the other's,
  /// whatever the stage runs.
  private static func sideEnds(_ chunks: [ChunkScore], begin: Double) -> [Double] {
    var end = begin
    return chunks.map { chunk in
      if chunk.forwardFirst.elapsed > chunk.forward.elapsed { end += chunk.forwardFirst.elapsed }
      return end
    }
  }

  /// The pass that an operation runs; where weight gradients are apart, the backward that they are part of.
  func pass(_ stage: Int, _ operation: ScheduleOrder.Operation) -> PassTimes {
    let chunk = chunks[stage][operation.chunk]
    if operation.isForward { return operation.microBatch == 0 ? chunk.forwardFirst : chunk.forward }
    return operation.microBatch == microBatches - 1 ? chunk.backwardLast : chunk.backward
  }

  /// The stage and operation that lets an operation start; nil where it needs nothing of a neighbour.
  ///
  /// Chunk k of the last stage is followed by chunk k + 1 of the first one.
  func neighbour(_ stage: Int, _ operation: ScheduleOrder.Operation) -> (stage: Int, operation: Int)? {
    guard operation.kind != .weightGradient else { return nil }
    var other = operation.isForward ? stage - 1 : stage + 1
    var chunk = operation.chunk
    if other < 0 {
      (other, chunk) = (orders.count - 1, chunk - 1)
    } else if other == orders.count {
      (other, chunk) = (0, chunk + 1)
    }
    guard chunks[other].indices.contains(chunk) else { return nil }
    let order = orders[other]
    return (
      other,
      operation.isForward
        ? order.forward(operation.microBatch, chunk: chunk) : order.backward(operation.microBatch, chunk: chunk)
    )
  }

  /// When the pass of an operation ends, if the operation (its receiving, for a backward) starts at `start`, seconds.
  ///
  /// A first forward is done when its micro-batch has been worked on, and the side work is done too.
  func passEnd(_ stage: Int, _ operation: ScheduleOrder.Operation, start: Double) -> Double {
    let elapsed = pass(stage, operation).elapsed
    let chunk = chunks[stage][operation.chunk]
    switch operation.kind {
    case .backward: return start + chunk.pointToPointSeconds + backwardSeconds(stage, operation)
    case .weightGradient: return start + (weightGradients?[stage] ?? 0) + lateExtra(stage, operation)
    case .forward: break
    }
    guard operation.microBatch == 0 else { return start + elapsed }
    return isProlonged(stage, chunk: operation.chunk, start: start)
      ? sideEnds[stage][operation.chunk] : start + min(elapsed, chunk.forward.elapsed)
  }

  /// Seconds of a backward; where weight gradients are apart, without them and without what follows the last of them.
  private func backwardSeconds(_ stage: Int, _ operation: ScheduleOrder.Operation) -> Double {
    let elapsed = pass(stage, operation).elapsed
    guard let weightGradients else { return elapsed }
    return max(0, elapsed - lateExtra(stage, operation) - weightGradients[stage])
  }

  /// What the last micro-batch's backward takes more, which waits for its weight gradients, seconds.
  private func lateExtra(_ stage: Int, _ operation: ScheduleOrder.Operation) -> Double {
    guard operation.microBatch == microBatches - 1 else { return 0 }
    let chunk = chunks[stage][operation.chunk]
    return max(0, chunk.backwardLast.elapsed - chunk.backward.elapsed)
  }

  /// When an operation lets its neighbour start, seconds: at its end, or for a last backward where a plain one ends.
  func handOver(_ stage: Int, _ number: Int) -> Double {
    let operation = orders[stage][number]
    let chunk = chunks[stage][operation.chunk]
    guard operation.kind == .backward, weightGradients == nil, operation.microBatch == microBatches - 1,
      chunk.backward.elapsed < chunk.backwardLast.elapsed
    else { return ends[stage][number] }
    return starts[stage][number] + chunk.pointToPointSeconds + chunk.backward.elapsed
  }

  /// When the side work of a chunk's first forward begins, seconds; nil where it has none that takes longer.
  func sideStart(_ stage: Int, chunk: Int) -> Double? {
    let score = chunks[stage][chunk]
    guard score.forwardFirst.elapsed > score.forward.elapsed else { return nil }
    return chunk == 0 ? begins[stage] : sideEnds[stage][chunk - 1]
  }

  /// True where a first forward that starts at `start` ends only with the side work.
  private func isProlonged(_ stage: Int, chunk: Int, start: Double) -> Bool {
    let score = chunks[stage][chunk]
    let (first, plain) = (score.forwardFirst.elapsed, score.forward.elapsed)
    return first > plain && start + plain < sideEnds[stage][chunk]
  }

  /// Runs a stage until a neighbour holds it up; false where it could run nothing.
  private mutating func run(_ stage: Int) -> Bool {
    let first = ends[stage].count
    while ends[stage].count < orders[stage].count {
      let operation = orders[stage][ends[stage].count]
      let free = ends[stage].last ?? begins[stage]
      var start = free
      if let (other, number) = neighbour(stage, operation) {
        guard number < ends[other].count else { break }
        start = max(free, handOver(other, number))
      }
      // The same order of additions as the intervals of the timeline, so that their ends are equal to the last bit.
      let transfer = chunks[stage][operation.chunk].pointToPointSeconds
      let passEnd = passEnd(stage, operation, start: start)
      starts[stage].append(start)
      ends[stage].append(operation.isForward ? passEnd + transfer : passEnd)
      let isSideWork =
        operation.isForward && operation.microBatch == 0
        && isProlonged(stage, chunk: operation.chunk, start: start)
      causes[stage].append(isSideWork ? .sideWork : start > free ? .neighbour : .stage)
    }
    return ends[stage].count > first
  }

  /// End of the last operation, seconds.
  var makespan: Double { ends.compactMap(\.last).max() ?? 0 }

  /// When each stage is done, seconds: at the end of its last operation.
  var stageEnds: [Double] { zip(ends, begins).map { $0.last ?? $1 } }

  /// The chain of operations that sets when a stage is done, from first to last: each starts when the one before it
  /// hands over.
  ///
  /// The first of them starts when its stage is free, or is a first forward that ends with its own side work.
  func chain(to last: Int) -> [(stage: Int, operation: Int)] {
    var path: [(stage: Int, operation: Int)] = []
    walk(to: last) { path.append(($0, $1)) }
    return path.reversed()
  }

  /// The stage with which the chain to the end of a stage begins.
  func origin(of last: Int) -> Int {
    var origin = last
    walk(to: last) { stage, _ in origin = stage }
    return origin
  }

  /// Goes back from the last operation of a stage to where its chain begins.
  private func walk(to last: Int, _ visit: (_ stage: Int, _ operation: Int) -> Void) {
    var stage = last
    var number = orders[stage].count - 1
    while number >= 0 {
      visit(stage, number)
      switch causes[stage][number] {
      case .neighbour:
        guard let next = neighbour(stage, orders[stage][number]) else { return }
        (stage, number) = next
      case .stage: number -= 1
      case .sideWork: return
      }
    }
  }
}
