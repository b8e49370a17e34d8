/// The exact solver between stages of unlike meshes (docs/pipeline.md).
///
/// Branch and bound over the time of the slowest stage, as `PipelineSolver`, with the offset on the cluster as a further
/// index of the dynamic programme and all numbers of stages in one. Not offered here: rules that couple the stages.
public enum MeshPipelineSolver {
  /// The plan of least objective; nil where none is below `upperBound`, and when cancelled.
  ///
  /// Exact to the rounding of sums (1e-12 relative). Of equal plans the same one is returned whatever the bound: once the
  /// optimum is known, the plan is that of a search below it and the next few doubles, in a fixed order.
  /// - Parameters:
  ///   - problem: points that are dominated, not finite or of negative `stable` are left out.
  ///   - upperBound: seconds; the lower, the fewer states have to be looked at.
  ///   - isCancelled: asked for every (stages to come, offset), so every few microseconds.
  public static func solve(
    _ problem: MeshPipelineProblem, upperBound: Double = .infinity, isCancelled: () -> Bool = { false }
  ) -> MeshPipelineSolution? {
    guard problem.isWellFormed, let layout = MeshLayout(problem) else { return nil }
    guard let floor = MeshFloor.objective(problem, layout, isCancelled), floor <= upperBound, floor < .infinity else {
      return nil
    }
    for guess in guesses(from: floor, upTo: upperBound) {
      var search = MeshSearch(problem, upperBound: guess)
      if let first = search.run(isCancelled) {
        var canonical = MeshSearch(problem, upperBound: rounded(first.objective))
        guard let answer = canonical.run(isCancelled), answer.objective < upperBound else {
          return isCancelled() ? nil : first
        }
        return answer
      }
      if isCancelled() { return nil }
    }
    return nil
  }

  /// A lower bound on the objective of every plan, seconds; infinity where the problem has none.
  ///
  /// From relaxations alone, no programme is solved.
  public static func lowerBound(_ problem: MeshPipelineProblem) -> Double {
    guard problem.isWellFormed, let layout = MeshLayout(problem) else { return .infinity }
    guard let floor = MeshFloor.objective(problem, layout, { false }), floor < .infinity else { return .infinity }
    for guess in guesses(from: floor, upTo: .infinity) {
      // Plans that the guess leaves out are slower than it.
      let reduction = MeshReduction(problem, upperBound: guess, isCancelled: { false })
      if let bound = reduction?.root.objective, bound < .infinity { return min(bound, guess) }
    }
    return .infinity
  }

  /// Rising upper bounds to try one after another: without a good bound the states would be too many.
  private static func guesses(from floor: Double, upTo bound: Double) -> [Double] {
    var guesses: [Double] = []
    if floor > 0 {
      for factor in [1.3, 1.7, 2.4, 4, 10, 100] where factor * floor < 0.8 * bound { guesses.append(factor * floor) }
    }
    return guesses + [bound]
  }

  /// A bound above an objective that is the same for all values within a few roundings of it (but for one in 10^7).
  private static func rounded(_ objective: Double) -> Double {
    let bits = objective.bitPattern
    return Double(bitPattern: (bits & ~0xFF_FFFF) &+ 0x200_0000)
  }
}

/// A first lower bound, from how many layers GPUs can hold below a cap on the slowest stage.
enum MeshFloor {
  /// Lower bound on the objective of every plan, seconds; infinity where no plan exists for want of points; nil when
  /// cancelled.
  ///
  /// - Complexity: linear in the points, then O(offsets * sizes) for each of some 12 caps.
  static func objective(
    _ problem: MeshPipelineProblem, _ layout: MeshLayout, _ isCancelled: () -> Bool
  ) -> Double? {
    guard let fastest = fastest(problem, layout, isCancelled) else { return nil }
    let caps = Set(fastest.joined()).subtracting([.infinity]).sorted()
    guard let last = caps.last, holds(problem, layout, fastest, cap: last) else { return .infinity }
    var (low, high) = (0, caps.count - 1)
    while low < high {
      if isCancelled() { return nil }
      let middle = (low + high) / 2
      if holds(problem, layout, fastest, cap: caps[middle]) { high = middle } else { low = middle + 1 }
    }
    return Double(problem.microBatches) * caps[high]
  }

  /// Least time of a micro-batch of each size and number of layers anywhere, without point-to-point; nil when cancelled.
  private static func fastest(
    _ problem: MeshPipelineProblem, _ layout: MeshLayout, _ isCancelled: () -> Bool
  ) -> [[Double]]? {
    let options = problem.options
    var rows = layout.sizes.map { _ in [Double](repeating: .infinity, count: problem.layers + 1) }
    for behind in 0..<problem.maximumStages {
      for (size, kinds) in layout.kinds.enumerated() {
        if isCancelled() { return nil }
        for kind in kinds {
          for base in [options.index(behind, false, kind), options.index(behind, true, kind)] {
            for count in 1...problem.layers {
              for point in options.points[options.range(base + count - 1)] where point.isFinite && point.stable >= 0 {
                rows[size][count] = min(rows[size][count], point.stable)
              }
            }
          }
        }
      }
    }
    return rows
  }

  /// True where stages under a cap can hold all layers, taken that a stage can hold any number up to its most.
  private static func holds(
    _ problem: MeshPipelineProblem, _ layout: MeshLayout, _ fastest: [[Double]], cap: Double
  ) -> Bool {
    let most = fastest.map { row in row.lastIndex { $0 <= cap } ?? 0 }
    var capacity = layout.isEnd.map { $0 ? 0 : -1 }
    for offset in stride(from: layout.offsets - 1, through: 0, by: -1) {
      for step in layout.steps(from: offset) where most[Int(step.size)] > 0 && capacity[Int(step.after)] >= 0 {
        capacity[offset] = max(capacity[offset], capacity[Int(step.after)] + most[Int(step.size)])
      }
    }
    return capacity[0] >= problem.layers
  }
}
