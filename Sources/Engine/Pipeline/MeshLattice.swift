/// The states of a pipeline of unlike meshes, with bounds on what is before and behind each, for all numbers of stages.
///
/// A state is (stages still to come, offset, layers still to come). What a stage can be follows from how many are behind
/// it, so a state tells all that is to come; plans of every length meet in it, and one pass serves them all. Only states
/// are held that a plan below the limit can pass, by the bounds from both sides.
struct MeshLattice {
  /// Offsets in units: stride of `low`, `high` and `base`.
  let offsets: Int
  /// Layers to distribute [N].
  let layers: Int
  /// Stages still to come of a state: 0 up to one less than this.
  let levels: Int
  /// Stages that the first stage can have behind it.
  let firsts: Range<Int>
  /// Least and most layers still to come of each (level, offset), and where its cells begin; none where `low > high`.
  private(set) var low: [Int32]
  private(set) var high: [Int32]
  private(set) var base: [Int32]
  /// Offsets of each level that have states, rising.
  private(set) var live: [[Int32]]
  /// Least sum of `stable` of the stages to come, of each cell, seconds; infinity where no plan passes.
  private(set) var sum: [Double] = []
  /// Least value of the slowest of them, seconds.
  private(set) var bottleneck: [Double] = []
  /// Least V of them if the pipeline began there, seconds.
  private(set) var whole: [Double] = []
  /// Least W before each cell, without a cap on the slowest stage, seconds.
  private(set) var reached: [Double] = []
  /// Least value of the slowest stage before each cell, seconds.
  private(set) var slowest: [Double] = []

  /// Index of (level, offset) in `low`, `high` and `base`.
  func index(_ level: Int, _ offset: Int) -> Int { level * offsets + offset }

  /// The states of plans with an objective of `limit` seconds or less; nil when cancelled.
  ///
  /// - Parameter stages: where given, only plans of so many stages.
  /// - Complexity: O(S * offsets * sizes * N^2), of which the limit leaves a band.
  init?(
    _ problem: MeshPipelineProblem, _ layout: MeshLayout, _ table: MeshStageTable, limit: Double, stages: Int? = nil,
    isCancelled: () -> Bool
  ) {
    guard let reach = MeshReach(problem, layout, table, limit: limit, isCancelled: isCancelled) else { return nil }
    offsets = layout.offsets
    layers = problem.layers
    levels = stages ?? problem.maximumStages
    firsts = (stages.map { $0 - 1 } ?? 0)..<levels
    low = [Int32](repeating: .max, count: levels * offsets)
    high = [Int32](repeating: -1, count: levels * offsets)
    base = [Int32](repeating: 0, count: levels * offsets)
    live = [[Int32]](repeating: [], count: levels)
    addEnds(layout)
    for level in 1..<max(1, levels) {
      for offset in 1..<offsets where reach.low[offset] <= reach.high[offset] {
        if isCancelled() { return nil }
        relax(level, offset, layout, table, reach, rounds: problem.rounds, limit: limit)
      }
    }
    guard advance(problem, layout, table, limit: limit, isCancelled: isCancelled) else { return nil }
  }

  /// The states with nothing to come.
  private mutating func addEnds(_ layout: MeshLayout) {
    for offset in 1..<offsets where layout.isEnd[offset] {
      (low[offset], high[offset], base[offset]) = (0, 0, Int32(sum.count))
      sum.append(0)
      bottleneck.append(-.infinity)
      whole.append(-.infinity)
      live[0].append(Int32(offset))
    }
  }

  // MARK: Backward

  /// Adds the states of one (level, offset) that a plan below the limit can pass.
  private mutating func relax(
    _ level: Int, _ offset: Int, _ layout: MeshLayout, _ table: MeshStageTable, _ reach: MeshReach, rounds: Double,
    limit: Double
  ) {
    let (least, most) = (max(level, layers - reach.high[offset]), layers - reach.low[offset])
    guard least <= most else { return }
    let begin = sum.count
    var isOpen = false
    for step in layout.steps(from: offset) {
      let child = index(level - 1, Int(step.after))
      let row = table.row(level - 1, Int(step.size), step.link)
      guard row >= 0, low[child] <= high[child] else { continue }
      if !isOpen {
        isOpen = true
        for _ in least...most {
          sum.append(.infinity)
          bottleneck.append(.infinity)
          whole.append(.infinity)
        }
      }
      pull(begin - least, least...most, child, table, row)
    }
    guard isOpen else { return }
    trim(level, offset, least...most, begin, reach, rounds: rounds, limit: limit)
  }

  /// Lowers the cells of a band by a stage of one row; `origin` is where the cell of no layers would be.
  private mutating func pull(_ origin: Int, _ band: ClosedRange<Int>, _ child: Int, _ table: MeshStageTable, _ row: Int)
  {
    let (least, most) = (Int(low[child]), Int(high[child]))
    let next = Int(base[child]) - least
    let first = max(Int(table.low[row]), band.lowerBound - most)
    let last = min(Int(table.high[row]), band.upperBound - least)
    guard first <= last else { return }
    sum.withUnsafeMutableBufferPointer { sum in
      bottleneck.withUnsafeMutableBufferPointer { bottleneck in
        whole.withUnsafeMutableBufferPointer { whole in
          for count in first...last {
            let (seconds, light) = (table.fastest[row * table.width + count], table.lightest[row * table.width + count])
            guard seconds < .infinity else { continue }
            let (from, to) = (max(band.lowerBound, least + count), min(band.upperBound, most + count))
            guard from <= to else { continue }
            for left in from...to {
              let (cell, rest) = (origin + left, next + left - count)
              let total = seconds + sum[rest]
              sum[cell] = total < sum[cell] ? total : sum[cell]
              let slow = larger(seconds, bottleneck[rest])
              bottleneck[cell] = slow < bottleneck[cell] ? slow : bottleneck[cell]
              let full = larger(light + sum[rest], whole[rest])
              whole[cell] = full < whole[cell] ? full : whole[cell]
            }
          }
        }
      }
    }
  }

  /// Keeps what of a new band a plan below the limit can pass.
  private mutating func trim(
    _ level: Int, _ offset: Int, _ band: ClosedRange<Int>, _ begin: Int, _ reach: MeshReach, rounds: Double,
    limit: Double
  ) {
    var (from, to) = (Int.max, -1)
    for left in band {
      let (cell, before) = (begin + left - band.lowerBound, offset * reach.width + layers - left)
      let slow = max(reach.slowest[before], bottleneck[cell])
      let full = max(reach.reached[before] + sum[cell], whole[cell])
      guard rounds * slow + full <= limit else {
        (sum[cell], bottleneck[cell], whole[cell]) = (.infinity, .infinity, .infinity)
        continue
      }
      (from, to) = (min(from, left), left)
    }
    let kept = to < 0 ? 0 : to - from + 1
    if kept > 0 {
      let here = index(level, offset)
      (low[here], high[here], base[here]) = (Int32(from), Int32(to), Int32(begin))
      live[level].append(Int32(offset))
      if from > band.lowerBound {
        for position in 0..<kept {
          let source = begin + from - band.lowerBound + position
          sum[begin + position] = sum[source]
          bottleneck[begin + position] = bottleneck[source]
          whole[begin + position] = whole[source]
        }
      }
    }
    sum.removeLast(sum.count - begin - kept)
    bottleneck.removeLast(bottleneck.count - begin - kept)
    whole.removeLast(whole.count - begin - kept)
  }

  // MARK: Forward

  /// Fills in what is before each state, and drops the states that no plan below the limit passes.
  private mutating func advance(
    _ problem: MeshPipelineProblem, _ layout: MeshLayout, _ table: MeshStageTable, limit: Double,
    isCancelled: () -> Bool
  ) -> Bool {
    reached = [Double](repeating: .infinity, count: sum.count)
    slowest = reached
    for behind in firsts {
      for step in layout.steps(from: 0) {
        let (row, child) = (table.firstRow(behind, Int(step.size)), index(behind, Int(step.after)))
        guard row >= 0, low[child] <= high[child] else { continue }
        for left in Int(low[child])...Int(high[child]) where layers - left > 0 {
          let (cell, slot) = (Int(base[child]) + left - Int(low[child]), row * table.width + layers - left)
          reached[cell] = min(reached[cell], table.lightest[slot])
          slowest[cell] = min(slowest[cell], table.fastest[slot])
        }
      }
    }
    for level in stride(from: levels - 1, through: 0, by: -1) {
      var kept: [Int32] = []
      for offset in live[level] {
        if isCancelled() { return false }
        guard narrow(index(level, Int(offset)), rounds: problem.rounds, limit: limit) else { continue }
        kept.append(offset)
        guard level > 0 else { continue }
        for step in layout.steps(from: Int(offset)) {
          let row = table.row(level - 1, Int(step.size), step.link)
          if row >= 0 { push(index(level, Int(offset)), index(level - 1, Int(step.after)), table, row) }
        }
      }
      live[level] = kept
    }
    return true
  }

  /// Drops the states of a band that no plan below the limit passes; false where none is left.
  private mutating func narrow(_ here: Int, rounds: Double, limit: Double) -> Bool {
    let (least, begin) = (Int(low[here]), Int(base[here]))
    var (from, to) = (Int.max, -1)
    for left in least...Int(high[here]) {
      let cell = begin + left - least
      let slow = max(slowest[cell], bottleneck[cell])
      guard rounds * slow + max(reached[cell] + sum[cell], whole[cell]) <= limit else {
        (sum[cell], bottleneck[cell], whole[cell]) = (.infinity, .infinity, .infinity)
        (reached[cell], slowest[cell]) = (.infinity, .infinity)
        continue
      }
      (from, to) = (min(from, left), left)
    }
    guard to >= 0 else {
      (low[here], high[here]) = (.max, -1)
      return false
    }
    (low[here], high[here], base[here]) = (Int32(from), Int32(to), Int32(begin + from - least))
    return true
  }

  /// Lowers what is before the states after a stage of one row.
  private mutating func push(_ here: Int, _ child: Int, _ table: MeshStageTable, _ row: Int) {
    let (least, most) = (Int(low[child]), Int(high[child]))
    guard least <= most else { return }
    let (from, to) = (Int(low[here]), Int(high[here]))
    let (origin, next) = (Int(base[here]) - from, Int(base[child]) - least)
    let (first, last) = (max(Int(table.low[row]), from - most), min(Int(table.high[row]), to - least))
    guard first <= last else { return }
    reached.withUnsafeMutableBufferPointer { reached in
      slowest.withUnsafeMutableBufferPointer { slowest in
        for count in first...last {
          let (seconds, full) = (table.fastest[row * table.width + count], table.leastFull[row * table.width + count])
          guard seconds < .infinity else { continue }
          let (begin, end) = (max(from, least + count), min(to, most + count))
          guard begin <= end else { continue }
          for left in begin...end {
            let (cell, rest) = (origin + left, next + left - count)
            let value = larger(reached[cell] + seconds, full)
            reached[rest] = value < reached[rest] ? value : reached[rest]
            let slow = larger(slowest[cell], seconds)
            slowest[rest] = slow < slowest[rest] ? slow : slowest[rest]
          }
        }
      }
    }
  }
}
