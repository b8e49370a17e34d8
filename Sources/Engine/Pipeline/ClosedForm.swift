/// The closed form of an iteration's time: the objective of every search (docs/model.md section 5).
///
/// ```swift
/// // Two stages of 2 s and 3 s, four micro-batches: 3 more rounds of the slowest, and each stage once.
/// ClosedForm.closedFormSeconds(stable: [2, 3], delta: [0, 0], microBatches: 4)  // 3 * 3 + 2 + 3 = 14
/// ```
public enum ClosedForm {
  /// `(G-1) * max t + sum t + max(0, max_i(d_i - sum_{j<i} t_j))`, seconds.
  ///
  /// A later stage's extra [d] hides while the stages before it fill the pipeline; only what is longer than that counts.
  /// Interleaved, with v chunks a GPU, a micro-batch fills and drains the pipeline by one chunk of each stage, so the
  /// stages other than the slowest count by a v-th: `(G - 1/v) * max t + sum t / v + max(0, max_i(d_i - sum_{j<i} t_j / v))`.
  /// With weight gradients apart (ZB-H1) they run where the stage would wait otherwise: a stage other than the slowest
  /// counts by `t - 2W`, which is also what hides an extra: `(G-1) t + 2W` of the slowest, `sum (t - 2W)`, and
  /// `max(0, max_i(d_i - sum_{j<i} (t_j - 2W_j)))`.
  /// - Parameters:
  ///   - stable: per stage, its stable micro-batch [t], seconds, point-to-point included.
  ///   - delta: per stage, what its first and last micro-batch take more [d], seconds; can be negative.
  ///   - microBatches: micro-batches per iteration [G], at least 1.
  ///   - interleave: chunks of each stage [v], at least 1.
  ///   - weightGradients: per stage, the seconds of weight gradients that the schedule has apart [W]; none for others.
  /// - Complexity: O(S).
  public static func closedFormSeconds(
    stable: [Double], delta: [Double], microBatches: Int, interleave: Int = 1, weightGradients: [Double] = []
  ) -> Double {
    guard weightGradients.isEmpty else {
      return separated(stable: stable, delta: delta, microBatches: microBatches, weightGradients: weightGradients)
    }
    let chunks = Double(interleave)
    var filled = 0.0
    var slowest = stable.first ?? 0
    var exposed = 0.0
    for (seconds, extra) in zip(stable, delta) {
      exposed = max(exposed, extra - filled)
      filled += seconds / chunks
      slowest = max(slowest, seconds)
    }
    return (Double(microBatches) - 1 / chunks) * slowest + filled + exposed
  }

  private static func separated(
    stable: [Double], delta: [Double], microBatches: Int, weightGradients: [Double]
  ) -> Double {
    var (filled, slowest, exposed) = (0.0, 0.0, 0.0)
    for (stage, seconds) in stable.enumerated() {
      exposed = max(exposed, delta[stage] - filled)
      filled += seconds - 2 * weightGradients[stage]
      slowest = max(slowest, Double(microBatches - 1) * seconds + 2 * weightGradients[stage])
    }
    return slowest + filled + exposed
  }
}

extension PipelineProblem {
  /// The objective of a choice of layers and points, seconds; nil where the choice is not one of this problem.
  ///
  /// - Complexity: O(S).
  func objective(layers chosen: [Int], points: [Int]) -> Double? {
    guard chosen.count == options.count, points.count == options.count else { return nil }
    guard chosen.reduce(0, +) == layers else { return nil }
    var stable: [Double] = []
    var delta: [Double] = []
    var weightGradients: [Double] = []
    for (stage, (count, point)) in zip(chosen, points).enumerated() {
      guard count >= 1, options[stage].indices.contains(count) else { return nil }
      guard options[stage][count].indices.contains(point) else { return nil }
      let option = options[stage][count][point]
      guard option.isFinite else { return nil }
      let extra = slowestExtra.isEmpty ? 0 : slowestExtra[stage][count]
      stable.append(option.stable + extra)
      if !slowestExtra.isEmpty { weightGradients.append(extra / 2) }
      delta.append(option.firstLast - option.stable)
    }
    return ClosedForm.closedFormSeconds(
      stable: stable, delta: delta, microBatches: microBatches, weightGradients: weightGradients)
  }
}

extension StagePoint {
  /// True where both times are numbers; the solvers leave out points where they are not.
  var isFinite: Bool { stable.isFinite && firstLast.isFinite }
}
