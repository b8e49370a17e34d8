/// The least V of all plans whose stages take at most a cap, by a dynamic programme over the states of a `MeshLattice`.
///
/// As `CappedProgramme`, for all numbers of stages at once: W of a state is the least over all ways to reach it. Keeps its
/// buffer between solves.
struct MeshProgramme {
  private let layout: MeshLayout
  private let table: MeshStageTable
  private let lattice: MeshLattice
  /// W of each state, seconds; infinity where it is not reached or nothing below the limit passes it.
  private var reached: [Double]

  /// A stage of a choice.
  struct Stage {
    /// Its layers.
    var layers: Int
    /// Index of its point in `MeshStageTable`.
    var point: Int
  }

  /// A choice for every stage.
  struct Choice {
    /// V, seconds.
    var whole: Double
    /// Slowest stage [T], seconds.
    var slowest: Double
    /// The stages in pipeline order.
    var stages: [Stage]
  }

  /// Where a way to a state came from.
  private struct Parent {
    /// Offset before the stage; the stage is the first where it is 0.
    var offset: Int
    var stage: Stage
  }

  /// A programme over the states that a bound has left.
  init(_ reduction: MeshReduction) {
    (layout, table, lattice) = (reduction.layout, reduction.table, reduction.lattice)
    reached = [Double](repeating: .infinity, count: lattice.sum.count)
  }

  /// The choice of least V below `limit` with every stage at most `cap` seconds; nil where there is none.
  ///
  /// Of equal ones it takes the one on the fewest GPUs, then from the last stage back the smallest mesh, the fewest
  /// layers and the fastest point, a first stage before another. Nil also when cancelled.
  /// - Complexity: O(states * sizes * N * P), of which cap and limit leave little.
  mutating func solve(cap: Double, limit: Double, isCancelled: () -> Bool) -> Choice? {
    for cell in reached.indices { reached[cell] = .infinity }
    begin(cap: cap)
    for level in stride(from: lattice.levels - 1, through: 1, by: -1) {
      for offset in lattice.live[level] {
        if isCancelled() { return nil }
        let here = lattice.index(level, Int(offset))
        guard let band = narrow(here, cap: cap, limit: limit) else { continue }
        for step in layout.steps(from: Int(offset)) {
          let row = table.row(level - 1, Int(step.size), step.link)
          let child = lattice.index(level - 1, Int(step.after))
          if row >= 0, lattice.low[child] <= lattice.high[child] { push(here, band, child, row, cap: cap) }
        }
      }
    }
    var (whole, end) = (limit, -1)
    for offset in lattice.live.first ?? [] where reached[Int(lattice.base[Int(offset)])] < whole {
      (whole, end) = (reached[Int(lattice.base[Int(offset)])], Int(offset))
    }
    return end < 0 || isCancelled() ? nil : trace(end, whole, cap: cap)
  }

  /// Reaches the states behind every first stage.
  private mutating func begin(cap: Double) {
    for behind in lattice.firsts {
      for step in layout.steps(from: 0) {
        let (row, child) = (table.firstRow(behind, Int(step.size)), lattice.index(behind, Int(step.after)))
        guard row >= 0, lattice.low[child] <= lattice.high[child] else { continue }
        let least = Int(lattice.low[child])
        for left in least...Int(lattice.high[child]) where left < lattice.layers {
          let (cell, slot) = (Int(lattice.base[child]) + left - least, row * table.width + lattice.layers - left)
          for point in points(slot, cap) {
            reached[cell] = min(reached[cell], max(table.stable[point], table.firstLast[point]))
          }
        }
      }
    }
  }

  /// Points of a slot under a cap.
  private func points(_ slot: Int, _ cap: Double) -> Range<Int> {
    let (begin, end) = (Int(table.start[slot]), Int(table.start[slot + 1]))
    var last = begin
    while last < end, table.stable[last] <= cap { last += 1 }
    return begin..<last
  }

  /// Forgets the states of a band from which nothing below the limit comes; the band that is left.
  private mutating func narrow(_ here: Int, cap: Double, limit: Double) -> ClosedRange<Int>? {
    let (least, begin) = (Int(lattice.low[here]), Int(lattice.base[here]))
    var (from, to) = (Int.max, -1)
    for cell in begin...(begin + Int(lattice.high[here]) - least) {
      guard reached[cell] + lattice.sum[cell] < limit, lattice.bottleneck[cell] <= cap, lattice.whole[cell] < limit
      else {
        reached[cell] = .infinity
        continue
      }
      (from, to) = (min(from, cell), cell)
    }
    return to < 0 ? nil : (least + from - begin)...(least + to - begin)
  }

  /// Lowers the states behind a stage of one row.
  private mutating func push(_ here: Int, _ band: ClosedRange<Int>, _ child: Int, _ row: Int, cap: Double) {
    let (least, most) = (Int(lattice.low[child]), Int(lattice.high[child]))
    let (origin, next) = (Int(lattice.base[here]) - Int(lattice.low[here]), Int(lattice.base[child]) - least)
    let first = max(Int(table.low[row]), band.lowerBound - most)
    let last = min(Int(table.high[row]), band.upperBound - least)
    guard first <= last else { return }
    reached.withUnsafeMutableBufferPointer { reached in
      for count in first...last where table.fastest[row * table.width + count] <= cap {
        let (begin, end) = (max(band.lowerBound, least + count), min(band.upperBound, most + count))
        guard begin <= end else { continue }
        let slot = row * table.width + count
        for point in Int(table.start[slot])..<Int(table.start[slot + 1]) {
          let (seconds, full) = (table.stable[point], table.firstLast[point])
          guard seconds <= cap else { break }
          var least = Double.infinity
          for left in begin...end {
            let before = reached[origin + left]
            least = before < least ? before : least
            let value = larger(before + seconds, full)
            let cell = next + left - count
            reached[cell] = value < reached[cell] ? value : reached[cell]
          }
          // Slower points only help where the extra of this one sticks out.
          if least + seconds >= full { break }
        }
      }
    }
  }

  // MARK: The choice

  /// The choice that led to an end.
  private func trace(_ end: Int, _ whole: Double, cap: Double) -> Choice? {
    var choice = Choice(whole: whole, slowest: -.infinity, stages: [])
    var (level, offset, left) = (0, end, 0)
    while offset > 0 {
      let state = lattice.index(level, offset)
      let value = reached[Int(lattice.base[state]) + left - Int(lattice.low[state])]
      guard let parent = parent(level, offset, left, value, cap: cap) else { return nil }
      choice.stages.append(parent.stage)
      choice.slowest = max(choice.slowest, table.stable[parent.stage.point])
      (level, offset, left) = (level + 1, parent.offset, left + parent.stage.layers)
    }
    choice.stages.reverse()
    return choice
  }

  /// The first of the ways to a state that gives its W.
  private func parent(_ level: Int, _ offset: Int, _ left: Int, _ value: Double, cap: Double) -> Parent? {
    for size in layout.sizes.indices where layout.sizes[size] <= offset {
      let before = offset - layout.sizes[size]
      guard let step = layout.steps(from: before).first(where: { Int($0.size) == size }) else { continue }
      if before == 0 {
        let row = table.firstRow(level, size)
        guard row >= 0, left < lattice.layers else { continue }
        let count = lattice.layers - left
        let point = points(row * table.width + count, cap).first {
          max(table.stable[$0], table.firstLast[$0]) == value
        }
        if let point { return Parent(offset: 0, stage: Stage(layers: count, point: point)) }
        continue
      }
      let row = table.row(level, size, step.link)
      guard row >= 0, level + 1 < lattice.levels else { continue }
      let here = lattice.index(level + 1, before)
      for count in Int(table.low[row])...Int(table.high[row]) {
        let total = left + count
        guard Int(lattice.low[here]) <= total, total <= Int(lattice.high[here]) else { continue }
        let reachedBefore = reached[Int(lattice.base[here]) + total - Int(lattice.low[here])]
        guard reachedBefore < .infinity else { continue }
        let point = points(row * table.width + count, cap).first {
          larger(reachedBefore + table.stable[$0], table.firstLast[$0]) == value
        }
        if let point { return Parent(offset: before, stage: Stage(layers: count, point: point)) }
      }
    }
    return nil
  }
}
