/// The exact solver between the stages (docs/pipeline.md).
///
/// Branch and bound over the time of the slowest stage: `(G-1) * T + V`, where the least V for a cap on T is a scalar
/// dynamic programme and falls with the cap, so an interval of T costs at least `(G-1)` times its lower end plus the V of
/// its upper end. Not offered here: rules that couple the stages, such as one sum of host memory.
public enum PipelineSolver {
  /// The choice of least objective; nil where none is below `upperBound`, and when cancelled.
  ///
  /// Exact to the rounding of sums (1e-12 relative). Of equal choices the one that a search without a bound meets first
  /// is returned, whatever the bound, and that order is fixed: so an answer does not depend on what other threads found
  /// before. Under one cap on the slowest stage it takes, from the last stage back, the fewest layers, then the fastest
  /// point.
  /// - Parameters:
  ///   - problem: dominated points and points whose times are not finite are left out.
  ///   - upperBound: seconds; the lower, the sooner a problem that cannot beat it is given up.
  ///   - isCancelled: asked once a stage in each programme, so every few microseconds.
  /// - Complexity: O(S * (N - S)^2) for each of usually 3 to 20 caps, and far less under a tight cap.
  public static func solve(
    _ problem: PipelineProblem, upperBound: Double = .infinity, isCancelled: () -> Bool = { false }
  ) -> PipelineSolution? {
    guard let options = StageOptions(problem) else { return nil }
    let rounds = Double(problem.microBatches - 1)
    if upperBound < .infinity {
      // The bound steers which of equal choices comes first: it only says here whether there is one.
      var screening = PipelineSearch(options, rounds: rounds, upperBound: upperBound)
      guard screening.run(isCancelled) != nil else { return nil }
    }
    var search = PipelineSearch(options, rounds: rounds, upperBound: .infinity)
    guard let choice = search.run(isCancelled), search.best < upperBound else { return nil }
    return PipelineSolution(
      objective: search.best, layers: choice.layers, points: choice.points.map { Int(options.source[$0]) })
  }

  /// A lower bound on the objective of every choice, seconds; infinity where the problem has none.
  ///
  /// `(G-1)` times the least slow split plus the least V of a relaxation: no programme is solved.
  /// - Complexity: O(S * (N - S)^2).
  public static func lowerBound(_ problem: PipelineProblem) -> Double {
    guard let options = StageOptions(problem) else { return .infinity }
    return CompletionBounds(options).objective(rounds: Double(problem.microBatches - 1))
  }
}

extension CompletionBounds {
  /// Lower bound on the objective of the whole pipeline, seconds; infinity where no choice exists.
  func objective(rounds: Double) -> Double {
    guard bottleneck[0] < .infinity else { return .infinity }
    return rounds * bottleneck[0] + max(sum[0], whole[0])
  }
}
