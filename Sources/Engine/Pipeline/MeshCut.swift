/// Which places can be part of a plan that is at least as good as a bound, and how good one through each can be.
///
/// A place goes only if the stages before it, the place and the stages behind it cost more than the bound even where each
/// part is at its own best, for every number of stages and every offset. So a tuner can ask with one optimistic point a
/// place (lower bounds on t and on t + d), and compute true frontiers only for what is left: an optimum of the true points
/// with an objective up to the bound uses nothing else.
///
/// ```swift
/// let cut = MeshCut(optimistic, upperBound: incumbent.objective)
/// // cut.survivors[i] may be in a plan of cut.bounds[i] seconds, and in none that is faster.
/// ```
public struct MeshCut: Sendable {
  /// The places that are left, in the order of `MeshOptions`.
  public private(set) var survivors: [MeshPlace] = []
  /// For each of them, a lower bound on the objective of every plan that has it, seconds.
  public private(set) var bounds: [Double] = []

  /// The places that plans with an objective of `upperBound` seconds or less can have; nil when cancelled.
  ///
  /// - Complexity: that of `MeshPipelineSolver.lowerBound`, twice.
  public init?(
    _ problem: MeshPipelineProblem, upperBound: Double, isCancelled: () -> Bool = { false }
  ) {
    guard problem.isWellFormed else { return }
    let limit = MeshReduction.inclusive(upperBound)
    guard let reduction = MeshReduction(problem, upperBound: upperBound, isCancelled: isCancelled) else {
      if isCancelled() { return nil }
      return
    }
    let (layout, lattice) = (reduction.layout, reduction.lattice)
    let options = problem.options
    for behind in 0..<options.stages {
      for isFirst in [false, true] {
        for (size, kinds) in layout.kinds.enumerated() {
          for kind in kinds {
            if isCancelled() { return nil }
            let place = PlaceBounds(problem, behind, isFirst, kind, limit: limit)
            guard place.isOpen else { continue }
            let row = place.row(size, layout, lattice, problem.rounds)
            for count in 1...problem.layers where row[count] <= limit {
              survivors.append(MeshPlace(behind: behind, isFirst: isFirst, kind: kind, layers: count))
              bounds.append(row[count])
            }
          }
        }
      }
    }
    let order = survivors.indices.sorted { options.index(survivors[$0]) < options.index(survivors[$1]) }
    survivors = order.map { survivors[$0] }
    bounds = order.map { bounds[$0] }
  }
}

/// Bounds on plans through the places of one (behind, first or not, kind), for all numbers of layers.
struct PlaceBounds {
  private let behind: Int
  private let isFirst: Bool
  private let transfers: [Double]
  private var fastest: [Double]
  private var full: [Double]
  private var light: [Double]
  /// True where some number of layers has a point.
  private(set) var isOpen = false

  /// The least times of these places, of points that a plan below the limit can have.
  init(_ problem: MeshPipelineProblem, _ behind: Int, _ isFirst: Bool, _ kind: Int, limit: Double) {
    self.behind = behind
    self.isFirst = isFirst
    let mesh = problem.kinds[kind]
    transfers = behind == 0 ? [0, 0] : [mesh.seconds(over: .inside), mesh.seconds(over: .across)]
    fastest = [Double](repeating: .infinity, count: problem.layers + 1)
    full = fastest
    light = fastest
    let base = problem.options.index(behind, isFirst, kind)
    for count in 1...problem.layers {
      for point in problem.options.points[problem.options.range(base + count - 1)]
      where point.isFinite && point.stable >= 0
        && problem.rounds * point.stable + max(point.stable, point.firstLast) <= limit
      {
        isOpen = true
        fastest[count] = min(fastest[count], point.stable)
        full[count] = min(full[count], point.firstLast)
        light[count] = min(light[count], max(point.stable, point.firstLast))
      }
    }
  }

  /// The bound of each number of layers, seconds; infinity where no plan of the lattice has it.
  ///
  /// - Complexity: O(offsets * N^2), of which the lattice leaves a band.
  func row(_ size: Int, _ layout: MeshLayout, _ lattice: MeshLattice, _ rounds: Double) -> [Double] {
    var row = [Double](repeating: .infinity, count: fastest.count)
    guard !isFirst else {
      for step in layout.steps(from: 0) where Int(step.size) == size { close(step, lattice, rounds, &row) }
      return row
    }
    guard behind + 1 < lattice.levels else { return row }
    for offset in lattice.live[behind + 1] {
      for step in layout.steps(from: Int(offset)) where Int(step.size) == size {
        pass(Int(offset), step, lattice, rounds, &row)
      }
    }
    return row
  }

  /// Bounds of the first stage.
  private func close(_ step: MeshLayout.Step, _ lattice: MeshLattice, _ rounds: Double, _ row: inout [Double]) {
    let child = lattice.index(behind, Int(step.after))
    guard lattice.low[child] <= lattice.high[child] else { return }
    let transfer = transfers[Int(step.link.rawValue)]
    for left in Int(lattice.low[child])...Int(lattice.high[child]) where left < lattice.layers {
      let (cell, count) = (Int(lattice.base[child]) + left - Int(lattice.low[child]), lattice.layers - left)
      guard lattice.sum[cell] < .infinity, fastest[count] < .infinity else { continue }
      let slow = larger(fastest[count] + transfer, lattice.bottleneck[cell])
      let whole = larger(light[count] + transfer + lattice.sum[cell], lattice.whole[cell])
      row[count] = min(row[count], rounds * slow + whole)
    }
  }

  /// Bounds of a stage at an offset, not the first.
  private func pass(
    _ offset: Int, _ step: MeshLayout.Step, _ lattice: MeshLattice, _ rounds: Double, _ row: inout [Double]
  ) {
    let (here, child) = (lattice.index(behind + 1, offset), lattice.index(behind, Int(step.after)))
    let (least, most) = (Int(lattice.low[child]), Int(lattice.high[child]))
    guard least <= most else { return }
    let (from, to) = (Int(lattice.low[here]), Int(lattice.high[here]))
    let (origin, next) = (Int(lattice.base[here]) - from, Int(lattice.base[child]) - least)
    let (first, last) = (max(1, from - most), min(lattice.layers, to - least))
    guard first <= last else { return }
    let transfer = transfers[Int(step.link.rawValue)]
    for count in first...last where fastest[count] < .infinity {
      let (seconds, heavy) = (fastest[count] + transfer, full[count] + transfer)
      let (begin, end) = (max(from, least + count), min(to, most + count))
      guard begin <= end else { continue }
      var bound = row[count]
      for left in begin...end {
        let (cell, rest) = (origin + left, next + left - count)
        guard lattice.reached[cell] < .infinity, lattice.sum[rest] < .infinity else { continue }
        let slow = larger(larger(lattice.slowest[cell], seconds), lattice.bottleneck[rest])
        let before = larger(lattice.reached[cell] + seconds, heavy)
        bound = min(bound, rounds * slow + larger(before + lattice.sum[rest], lattice.whole[rest]))
      }
      row[count] = bound
    }
  }
}
