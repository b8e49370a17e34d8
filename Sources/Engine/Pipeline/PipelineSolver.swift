/// The exact solver between the stages (docs/pipeline.md).
///
/// Branch and bound over the time of the slowest stage: `(G-1) * T + V`, where the least V for a cap on T is a scalar
/// dynamic programme and falls with the cap, so an interval of T costs at least `(G-1)` times its lower end plus the V of
/// its upper end. Not offered here: rules that couple the stages, such as one sum of host memory.
public enum PipelineSolver {
  /// The choice of least objective; nil where none is below `upperBound`, and when cancelled.
  ///
  /// Exact to the rounding of sums (1e-12 relative). Of equal choices the one that the search meets first is returned,
  /// and that order is fixed: the least cap on the slowest stage first, and under one cap, from the last stage back, the
  /// fewest layers, then the fastest point.
  /// - Parameters:
  ///   - problem: dominated points and points whose times are not finite are left out.
  ///   - upperBound: seconds; the closer to the optimum, the faster the answer.
  ///   - isCancelled: asked once a stage in each programme, so every few microseconds.
  /// - Complexity: O(S * (N - S)^2) for each of usually 3 to 20 caps, and far less under a tight cap.
  public static func solve(
    _ problem: PipelineProblem, upperBound: Double = .infinity, isCancelled: () -> Bool = { false }
  ) -> PipelineSolution? {
    guard let options = StageOptions(problem) else { return nil }
    var search = PipelineSearch(options, rounds: Double(problem.microBatches - 1), upperBound: upperBound)
    return search.run(isCancelled).map { choice in
      PipelineSolution(
        objective: search.best, layers: choice.layers, points: choice.points.map { Int(options.source[$0]) })
    }
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
