/// The points of a `MeshPipelineProblem` that can matter below a bound, with their point-to-point, by row and layers.
///
/// A row is a place but for its layers: stages behind it, first or not, the size of its mesh, and the link to the next
/// stage. Kinds of one size are alternatives there, so they share one frontier. Points stand in rising order of `stable`
/// and so in falling order of `firstLast`; of equal ones the smallest kind, then the first point stays.
struct MeshStageTable {
  /// One more than the layers: slots of a row.
  let width: Int
  /// Number of sizes.
  private let sizes: Int
  /// Row of each (behind, size, link) and of each first (behind, size); -1 where there is no point.
  private var rows: [Int32]
  private var firstRows: [Int32]
  /// Least and most layers of each row.
  private(set) var low: [Int32] = []
  private(set) var high: [Int32] = []
  /// Least `stable`, least `firstLast` and least of the larger of both, of each slot, seconds; infinity without points.
  private(set) var fastest: [Double] = []
  private(set) var leastFull: [Double] = []
  private(set) var lightest: [Double] = []
  /// First point of each slot; those of a slot end where the next begins.
  private(set) var start: [Int32] = [0]
  /// Stable micro-batch of each point [t], seconds.
  private(set) var stable: [Double] = []
  /// First and last micro-batch of each point [t + d], seconds.
  private(set) var firstLast: [Double] = []
  /// Kind of each point, and its index among those of its place.
  private(set) var kind: [Int32] = []
  private(set) var source: [Int32] = []

  private struct Candidate {
    var stable: Double
    var firstLast: Double
    var kind: Int32
    var source: Int32
  }

  /// Row of a stage that is not first, or -1.
  func row(_ behind: Int, _ size: Int, _ link: MeshLayout.Link) -> Int {
    Int(rows[(behind * sizes + size) * 2 + Int(link.rawValue)])
  }

  /// Row of the first stage, or -1.
  func firstRow(_ behind: Int, _ size: Int) -> Int { Int(firstRows[behind * sizes + size]) }

  /// The points that a plan with an objective of `limit` seconds or less can have; nil when cancelled.
  ///
  /// - Complexity: linear in the points, but for sorting those of each slot.
  init?(_ problem: MeshPipelineProblem, _ layout: MeshLayout, limit: Double, isCancelled: () -> Bool) {
    width = problem.layers + 1
    sizes = layout.sizes.count
    rows = [Int32](repeating: -1, count: problem.maximumStages * sizes * 2)
    firstRows = [Int32](repeating: -1, count: problem.maximumStages * sizes)
    let first = Dictionary(uniqueKeysWithValues: layout.steps(from: 0).map { (Int($0.size), $0.link) })
    for behind in 0..<problem.maximumStages {
      for size in 0..<sizes {
        if isCancelled() { return nil }
        let slot = (behind * sizes + size) * 2
        if behind == problem.maximumStages - 1 {
          // Only the first stage has as many behind it.
        } else if behind == 0 {
          rows[slot] = add(problem, layout.kinds[size], behind, false, nil, limit)
          rows[slot + 1] = rows[slot]
        } else {
          let isSmall = layout.sizes[size] * layout.unit < problem.devicesPerNode
          if isSmall { rows[slot] = add(problem, layout.kinds[size], behind, false, .inside, limit) }
          rows[slot + 1] = add(problem, layout.kinds[size], behind, false, .across, limit)
        }
        guard let link = first[size] else { continue }
        let over = behind == 0 ? nil : link
        firstRows[slot / 2] = add(problem, layout.kinds[size], behind, true, over, limit)
      }
    }
  }

  /// Adds a row; its index, or -1 where it would have no point.
  private mutating func add(
    _ problem: MeshPipelineProblem, _ kinds: [Int], _ behind: Int, _ isFirst: Bool, _ link: MeshLayout.Link?,
    _ limit: Double
  ) -> Int32 {
    let rounds = problem.rounds
    var (least, most) = (Int32.max, Int32(-1))
    var list: [Candidate] = []
    for count in 1...problem.layers {
      list.removeAll(keepingCapacity: true)
      for kind in kinds {
        let transfer = link.map { problem.kinds[kind].seconds(over: $0) } ?? 0
        let range = problem.options.range(problem.options.index(behind, isFirst, kind) + count - 1)
        for index in range {
          let point = problem.options.points[index]
          let (seconds, full) = (point.stable + transfer, point.firstLast + transfer)
          guard point.isFinite, point.stable >= 0, rounds * seconds + max(seconds, full) <= limit else { continue }
          list.append(
            Candidate(
              stable: seconds, firstLast: full, kind: Int32(kind), source: Int32(index - range.lowerBound)))
        }
      }
      if list.isEmpty, most < 0 { continue }
      if most < 0 {
        // The slots of fewer layers, all empty.
        for _ in 0..<count { close(nil) }
      }
      if !list.isEmpty { (least, most) = (min(least, Int32(count)), Int32(count)) }
      close(list)
    }
    guard most >= 0 else { return -1 }
    low.append(least)
    high.append(most)
    return Int32(low.count - 1)
  }

  /// Adds a slot with those of its points that no other dominates.
  private mutating func close(_ list: [Candidate]?) {
    let first = stable.count
    var best = Double.infinity
    if var list, !list.isEmpty {
      if list.count > 1 {
        list.sort {
          ($0.stable, $0.firstLast, $0.kind, $0.source) < ($1.stable, $1.firstLast, $1.kind, $1.source)
        }
      }
      for point in list where point.firstLast < best || stable.count == first {
        best = point.firstLast
        stable.append(point.stable)
        firstLast.append(point.firstLast)
        kind.append(point.kind)
        source.append(point.source)
      }
    }
    var light = Double.infinity
    for index in first..<stable.count { light = min(light, max(stable[index], firstLast[index])) }
    fastest.append(first < stable.count ? stable[first] : .infinity)
    leastFull.append(best)
    lightest.append(light)
    start.append(Int32(stable.count))
  }
}
