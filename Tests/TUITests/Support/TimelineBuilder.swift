import Engine

/// A small 1F1B simulation for tests: each pass starts when its stage is free and its input is there.
struct TimelineBuilder {
  let plan: Plan
  let stages: [StageScore]

  /// The schedule; the critical path is left out where nobody looks at it.
  func build(withPath: Bool = true) -> Timeline {
    let count = stages.count
    let batches = plan.gradientAccumulation
    let orders = (0..<count).map { order(stage: $0, of: count, batches: batches) }
    var forwardEnd = [[Double?]](repeating: [Double?](repeating: nil, count: batches), count: count)
    var backwardEnd = forwardEnd
    var free = [Double](repeating: 0, count: count)
    var next = [Int](repeating: 0, count: count)
    var passes = [[TimelineInterval]](repeating: [], count: count)
    var transfers = passes
    var moved = true
    while moved {
      moved = false
      for stage in 0..<count {
        while next[stage] < orders[stage].count {
          let (isForward, batch) = orders[stage][next[stage]]
          let input: Double? =
            isForward
            ? (stage == 0 ? 0 : forwardEnd[stage - 1][batch])
            : (stage == count - 1 ? forwardEnd[stage][batch] : backwardEnd[stage + 1][batch])
          guard let ready = input else { break }
          let times = pass(stages[stage], isForward: isForward, batch: batch, batches: batches)
          let begin = max(ready, free[stage])
          let end = begin + times.elapsed
          passes[stage].append(
            TimelineInterval(kind: isForward ? .forward : .backward, microBatch: batch, start: begin, end: end))
          add(&transfers[stage], times, batch: batch, begin: begin)
          let hop =
            isForward ? stages[stage].pointToPointSeconds : stage > 0 ? stages[stage - 1].pointToPointSeconds : 0
          if hop > 0 {
            passes[stage].append(
              TimelineInterval(kind: .pointToPoint, microBatch: batch, start: end, end: end + hop))
          }
          free[stage] = end + hop
          if isForward { forwardEnd[stage][batch] = end + hop } else { backwardEnd[stage][batch] = end + hop }
          next[stage] += 1
          moved = true
        }
      }
    }
    let makespan = passes.joined().map(\.end).max() ?? 0
    let timeline = Timeline(
      passes: passes, transfers: transfers, makespan: makespan,
      criticalPath: withPath ? path(passes, makespan: makespan) : [])
    return withPath ? timeline.with(layers: LayerSamples.layers(plan, stages)) : timeline
  }

  private func order(stage: Int, of count: Int, batches: Int) -> [(Bool, Int)] {
    let warm = min(batches, count - stage)
    var order: [(Bool, Int)] = (0..<warm).map { (true, $0) }
    for batch in 0..<batches {
      order.append((false, batch))
      if warm + batch < batches { order.append((true, warm + batch)) }
    }
    return order
  }

  private func pass(_ score: StageScore, isForward: Bool, batch: Int, batches: Int) -> PassTimes {
    isForward
      ? (batch == 0 ? score.forwardFirst : score.forward)
      : (batch == batches - 1 ? score.backwardLast : score.backward)
  }

  private func add(_ transfers: inout [TimelineInterval], _ times: PassTimes, batch: Int, begin: Double) {
    for (kind, seconds) in [
      (TimelineKind.collective, times.collective), (.hostToDevice, times.hostToDevice),
      (.deviceToHost, times.deviceToHost),
    ] where seconds > 0 {
      transfers.append(
        TimelineInterval(kind: kind, microBatch: batch, start: begin, end: begin + min(seconds, times.elapsed)))
    }
  }

  private func last(_ passes: [TimelineInterval], endingAt end: Double) -> Int? {
    var low = 0
    var high = passes.count
    while low < high {
      let middle = (low + high) / 2
      if passes[middle].end < end - 1e-9 { low = middle + 1 } else { high = middle }
    }
    return low < passes.count && abs(passes[low].end - end) < 1e-9 ? low : nil
  }

  /// Backwards from the last pass: whatever ended when this one started.
  private func path(_ passes: [[TimelineInterval]], makespan: Double) -> [Timeline.CriticalStep] {
    var steps: [Timeline.CriticalStep] = []
    var end = makespan
    var stage = 0
    while end > 1e-9 {
      let near = passes.indices.sorted { abs($0 - stage) < abs($1 - stage) }
      var found: Timeline.CriticalStep?
      for candidate in near where found == nil && abs(candidate - stage) <= 1 {
        if let index = last(passes[candidate], endingAt: end) {
          found = Timeline.CriticalStep(stage: candidate, interval: index)
        }
      }
      guard let step = found else { break }
      steps.append(step)
      stage = step.stage
      end = passes[step.stage][step.interval].start
    }
    return steps.reversed()
  }
}
