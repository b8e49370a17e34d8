/// Bounds on the period of 1F1B where no barrier stands between iterations (docs/pipeline.md).
///
/// With the names of `ScheduleBounds`: a stage is free, for its side work and its first forward, when its own last
/// backward ends; the period is the least P for which times Y_i exist at which the stages are free such that an iteration
/// that finds them so is done, on every stage, by `Y_i + P`.
///
/// **From above.** Take the schedule of `ScheduleBounds`' proof: forward 0 of stage i at s_i, its last plain backward
/// done at `u_i = (G-1) T + c_i + b_i`. All of it holds where stage i is free at `s_i - e_i` or before, and the stage is
/// done at `u_i + e'_i`. So `P = max_i (u_i - s_i + e_i + e'_i)` is enough, and with what c_i is that is
///
///     (G-1) T + max_i (e_i + e'_i + max_{k>=i} (sum_{i<=j<=k} t_j + (S-1-k) phi))
///
/// If no stage's t is below the slowest forward phi, the inner maximum is at k = S-1, and the whole is the closed form
/// (with e + e' for d, which it is where no pass is shorter for being first or last): **the period is never longer than
/// the closed form**.
///
/// **From below**, by chains that begin where a stage k is free and end where it is done: e_k, the way down to a stage
/// i >= k, one of the three chains of `ScheduleBounds` there, the way back up to k, and e'_k. With equal t, and no pass
/// shorter, the chain over the last stage is `(G-1) T + d_k + sum_{j>=k} t_j`: **the period is the closed form**.
///
/// With one micro-batch both are `max_k (e_k + e'_k + sum_{j>=k} (f_j + b_j))`.
extension ScheduleBounds {
  /// The bounds of the period, seconds; complexity O(S).
  static func steady(_ passes: [Passes], _ microBatches: Int) -> (lower: Double, upper: Double) {
    guard microBatches > 1 else {
      // Every chain is one down to the last stage and back up.
      let exact = passes.reversed().reduce(into: (sum: 0.0, longest: 0.0)) { chain, pass in
        chain.sum += pass.firstForward + pass.lastBackward
        chain.longest = max(chain.longest, pass.firstExtra + pass.lastExtra + chain.sum)
      }
      return (exact.longest, exact.longest)
    }
    return (longestCircuit(passes, microBatches), slowest(passes, microBatches))
  }

  /// The bound from above, for two micro-batches or more.
  private static func slowest(_ passes: [Passes], _ microBatches: Int) -> Double {
    let slowest = passes.map { $0.forward + $0.backward }.max() ?? 0
    let slowestForward = passes.map(\.forward).max() ?? 0
    var (way, longest) = (0.0, 0.0)
    for (stage, pass) in passes.enumerated().reversed() {
      // From this stage on: up to it and no further, or as far as was best for the stage behind.
      way = pass.forward + pass.backward + max(way, Double(passes.count - 1 - stage) * slowestForward)
      longest = max(longest, pass.firstExtra + pass.lastExtra + way)
    }
    return Double(microBatches - 1) * slowest + longest
  }

  /// The longest of the chains from below, for two micro-batches or more.
  private static func longestCircuit(_ passes: [Passes], _ microBatches: Int) -> Double {
    let rounds = Double(microBatches - 1)
    // Of this stage and all behind it: micro-batch 0 down and the last one up; of those behind it, plain passes.
    var down = passes.reduce(0) { $0 + $1.firstForward }
    var up = passes.reduce(0) { $0 + $1.lastBackward }
    var forwardAfter = passes.reduce(0) { $0 + $1.forward }
    var backwardAfter = passes.reduce(0) { $0 + $1.backward }
    var (before, longest) = (0.0, 0.0)
    for (stage, pass) in passes.enumerated() {
      before = max(before, pass.firstExtra + pass.lastExtra)
      forwardAfter -= pass.forward
      backwardAfter -= pass.backward
      let forwards = pass.firstForward + rounds * pass.forward
      let backwards = rounds * pass.backward + pass.lastBackward
      longest = max(longest, before + forwards + backwards)
      let warmUp = passes.count - 1 - stage
      if warmUp < microBatches {
        let left = Double(microBatches - 1 - warmUp)
        longest = max(longest, before + down + backwardAfter + left * pass.forward + backwards)
        longest = max(longest, before + forwards + left * pass.backward + forwardAfter + up)
      }
      before += pass.firstForward + pass.lastBackward
      down -= pass.firstForward
      up -= pass.lastBackward
    }
    return longest
  }
}
