/// The strategies of a grid in an order that puts near ones together, so that of any eight, 64 or 512 in a row the least
/// of every cost is close to each of theirs (docs/pipeline.md, "Inside a stage").
///
/// Of two strategies one of which offloads no more of anything and shards no more, that one comes first.
struct StrategyOrder: Sendable {
  /// Indices into the grid.
  let indices: [Int32]
  /// The strategies that are looked at first, by their indices: those without any offload, and with some of the usual.
  let seeds: [Int32]
  /// For every `StrategyBlock.capacity` places, the corners of the smallest box that holds their strategies, for each of
  /// their ZeRO levels; not all of them are strategies of the grid.
  let corners: [[Strategy]]

  /// The order of some strategies, themselves from the least offload to the most.
  ///
  /// Cuts the list in two across its widest dimension, again and again, at multiples of 512, 64 and 8.
  /// - Complexity: O(count * log(count)).
  init(_ strategies: [Strategy]) {
    let points = strategies.map(Self.place)
    var sorted = strategies.indices.map { Int32($0) }
    var scratch = sorted
    var open = [0..<sorted.count]
    while let range = open.popLast() {
      guard range.count > 8 else { continue }
      Self.sort(range, of: &sorted, points, &scratch)
      let unit = range.count > 512 ? 512 : range.count > 64 ? 64 : 8
      let half = max(unit, (range.count / 2 + unit / 2) / unit * unit)
      let middle = range.lowerBound + min(half, range.count - 1)
      open.append(middle..<range.upperBound)
      open.append(range.lowerBound..<middle)
    }
    indices = sorted
    seeds = sorted.filter { strategies[Int($0)].isUsual }.sorted()
    corners = stride(from: 0, to: sorted.count, by: StrategyBlock.capacity).map { start in
      Self.corners(sorted[start..<min(start + StrategyBlock.capacity, sorted.count)].map { strategies[Int($0)] })
    }
  }

  /// The strategies of a block, by their indices.
  func block(_ number: Int) -> ArraySlice<Int32> {
    let start = number * StrategyBlock.capacity
    return indices[start..<min(start + StrategyBlock.capacity, indices.count)]
  }

  /// The corners of the boxes around some strategies, one box a ZeRO level.
  private static func corners(_ strategies: [Strategy]) -> [Strategy] {
    (0...3).flatMap { level -> [Strategy] in
      let offloads = strategies.filter { $0.zero == level }.map(\.offload)
      guard !offloads.isEmpty else { return [] }
      func ends(_ share: (Offload) -> Int) -> [Int] {
        let (low, high) = offloads.reduce((8, 0)) { (min($0.0, share($1)), max($0.1, share($1))) }
        return low == high ? [low] : [low, high]
      }
      var corners = [Offload.none]
      for (part, share) in Offload.parts {
        corners = corners.flatMap { corner in
          ends(share).map { eighths in
            var corner = corner
            corner[keyPath: part] = eighths
            return corner
          }
        }
      }
      return corners.map { Strategy(zero: level, offload: $0) }
    }
  }

  /// Where a strategy stands: ZeRO level and offload shares, spread so that what differs most lies farthest apart.
  private static func place(_ strategy: Strategy) -> SIMD8<Int32> {
    // Nothing offloaded differs from a little by whole buffers.
    func spread(_ eighths: Int) -> Int32 { eighths == 0 ? 0 : Int32(eighths + 3) }
    return [
      Int32(strategy.zero * 8), spread(strategy.offload.weights), spread(strategy.offload.gradients),
      spread(strategy.offload.optimizer), spread(strategy.offload.activations), 0, 0, 0,
    ]
  }

  /// Values of `place` are below this.
  private static let values = 32

  /// Sorts a part of the list by its widest dimension; equal ones stay in their order.
  private static func sort(
    _ range: Range<Int>, of sorted: inout [Int32], _ points: [SIMD8<Int32>], _ scratch: inout [Int32]
  ) {
    var (low, high) = (points[Int(sorted[range.lowerBound])], SIMD8<Int32>.zero)
    for place in range {
      low = pointwiseMin(low, points[Int(sorted[place])])
      high = pointwiseMax(high, points[Int(sorted[place])])
    }
    let extent = high &- low
    guard let dimension = (0..<5).max(by: { extent[$0] < extent[$1] }), extent[dimension] > 0 else { return }
    var starts = [Int](repeating: 0, count: values + 1)
    for place in range { starts[Int(points[Int(sorted[place])][dimension]) + 1] += 1 }
    for value in 1...values { starts[value] += starts[value - 1] }
    for place in range {
      let value = Int(points[Int(sorted[place])][dimension])
      scratch[range.lowerBound + starts[value]] = sorted[place]
      starts[value] += 1
    }
    sorted.replaceSubrange(range, with: scratch[range])
  }
}

extension Offload {
  /// Its four shares, to write and to read.
  fileprivate static var parts: [(WritableKeyPath<Offload, Int>, (Offload) -> Int)] {
    [
      (\.weights, { $0.weights }), (\.gradients, { $0.gradients }), (\.optimizer, { $0.optimizer }),
      (\.activations, { $0.activations }),
    ]
  }
}
