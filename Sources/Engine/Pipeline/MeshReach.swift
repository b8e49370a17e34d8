/// What reaching each (offset, layers used) takes at least, with any number of stages before it.
///
/// The first of the bounds, and the cheapest: it has no index for the stage, takes the best over all of them, and so says
/// for which offsets and layers the others are needed at all.
struct MeshReach {
  /// One more than the layers: cells of an offset.
  let width: Int
  /// Least and most layers used at each offset; none where `low > high`.
  private(set) var low: [Int]
  private(set) var high: [Int]
  /// Least W of each (offset, layers used), seconds.
  private(set) var reached: [Double]
  /// Least value of the slowest stage so far, seconds.
  private(set) var slowest: [Double]

  /// The best of all rows of one size and link.
  private struct Row {
    var low = Int.max
    var high = -1
    var fastest: [Double]
    var full: [Double]

    init(width: Int) {
      fastest = [Double](repeating: .infinity, count: width)
      full = fastest
    }

    mutating func add(_ table: MeshStageTable, _ row: Int, full values: [Double]) {
      guard row >= 0 else { return }
      (low, high) = (min(low, Int(table.low[row])), max(high, Int(table.high[row])))
      for count in Int(table.low[row])...Int(table.high[row]) {
        let slot = row * table.width + count
        fastest[count] = min(fastest[count], table.fastest[slot])
        full[count] = min(full[count], values[slot])
      }
    }
  }

  /// The bounds of plans with an objective of `limit` seconds or less; nil when cancelled.
  ///
  /// - Complexity: O(offsets * sizes * width^2), of which the limit leaves a band.
  init?(
    _ problem: MeshPipelineProblem, _ layout: MeshLayout, _ table: MeshStageTable, limit: Double,
    isCancelled: () -> Bool
  ) {
    width = table.width
    let sizes = layout.sizes.count
    low = [Int](repeating: .max, count: layout.offsets)
    high = [Int](repeating: -1, count: layout.offsets)
    reached = [Double](repeating: .infinity, count: layout.offsets * width)
    slowest = reached
    var middle = [Row](repeating: Row(width: width), count: sizes * 2)
    var first = [Row](repeating: Row(width: width), count: sizes)
    var most = [Int](repeating: 0, count: sizes)
    for size in 0..<sizes {
      for behind in 0..<problem.maximumStages {
        for link in [MeshLayout.Link.inside, .across] {
          let row = table.row(behind, size, link)
          if row >= 0 { most[size] = max(most[size], Int(table.high[row])) }
          guard behind > 0 else { continue }
          middle[size * 2 + Int(link.rawValue)].add(table, row, full: table.leastFull)
        }
        first[size].add(table, table.firstRow(behind, size), full: table.lightest)
      }
    }
    let capacity = Self.capacity(layout, most)
    let rounds = problem.rounds
    for step in layout.steps(from: 0) {
      let row = first[Int(step.size)]
      for count in row.low..<max(row.low, row.high + 1) {
        put(Int(step.after), count, row.full[count], row.fastest[count])
      }
    }
    for offset in layout.steps(from: 0).isEmpty ? 0..<0 : 1..<layout.offsets where high[offset] >= 0 {
      if isCancelled() { return nil }
      trim(offset, problem.layers - capacity[offset], rounds: rounds, limit: limit)
      guard low[offset] <= high[offset], low[offset] < problem.layers else { continue }
      for step in layout.steps(from: offset) where capacity[Int(step.after)] > -1 {
        extend(offset, Int(step.after), middle[Int(step.size) * 2 + Int(step.link.rawValue)])
      }
    }
  }

  /// Most layers that the stages from each offset to an end can hold; -1 where no end is reached.
  private static func capacity(_ layout: MeshLayout, _ most: [Int]) -> [Int] {
    var capacity = layout.isEnd.map { $0 ? 0 : -1 }
    for offset in stride(from: layout.offsets - 1, through: 0, by: -1) {
      for step in layout.steps(from: offset) where most[Int(step.size)] > 0 && capacity[Int(step.after)] >= 0 {
        capacity[offset] = max(capacity[offset], capacity[Int(step.after)] + most[Int(step.size)])
      }
    }
    return capacity
  }

  /// Lowers what a cell takes.
  private mutating func put(_ offset: Int, _ used: Int, _ whole: Double, _ slow: Double) {
    let cell = offset * width + used
    reached[cell] = min(reached[cell], whole)
    slowest[cell] = min(slowest[cell], slow)
    (low[offset], high[offset]) = (min(low[offset], used), max(high[offset], used))
  }

  /// Removes what cannot be part of a plan below the limit, or leaves more layers than the rest of the cluster takes.
  private mutating func trim(_ offset: Int, _ least: Int, rounds: Double, limit: Double) {
    var (from, to) = (Int.max, -1)
    for used in low[offset]...high[offset] {
      let cell = offset * width + used
      guard used >= least, rounds * slowest[cell] + reached[cell] <= limit else {
        (reached[cell], slowest[cell]) = (.infinity, .infinity)
        continue
      }
      (from, to) = (min(from, used), used)
    }
    (low[offset], high[offset]) = (from, to)
  }

  /// Carries the cells of an offset over to the offset after a stage.
  private mutating func extend(_ offset: Int, _ after: Int, _ row: Row) {
    guard row.high > 0 else { return }
    let (from, to) = (low[offset], high[offset])
    let (here, next) = (offset * width, after * width)
    let most = min(row.high, width - 1 - from)
    guard row.low <= most else { return }
    reached.withUnsafeMutableBufferPointer { reached in
      slowest.withUnsafeMutableBufferPointer { slowest in
        for count in row.low...most where row.fastest[count] < .infinity {
          let (seconds, full) = (row.fastest[count], row.full[count])
          for used in from...min(to, width - 1 - count) {
            let (source, target) = (here + used, next + used + count)
            let whole = larger(reached[source] + seconds, full)
            reached[target] = whole < reached[target] ? whole : reached[target]
            let slow = larger(slowest[source], seconds)
            slowest[target] = slow < slowest[target] ? slow : slowest[target]
          }
        }
      }
    }
    low[after] = min(low[after], from + row.low)
    high[after] = max(high[after], min(to + most, width - 1))
  }
}

/// The larger of two numbers, neither of them NaN; the standard `max` does not become one instruction.
@inline(__always)
func larger(_ first: Double, _ second: Double) -> Double { first > second ? first : second }
