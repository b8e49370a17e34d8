/// Times the exact solver and its certifier on made-up problems of the sizes that matter (`brume bench`).
///
/// The caller gives the clock: the engine reads none.
public enum PipelineBenchmark {
  /// A size of problem.
  public struct Size: Sendable, Equatable {
    /// What such a problem stands for: `22B on 32 GPUs`.
    public var name: String
    /// Layers to distribute [N].
    public var layers: Int
    /// Stages [S].
    public var stages: Int
    /// Micro-batches per iteration [G].
    public var microBatches: Int
    /// Frontier points of each (stage, layers).
    public var points: Int
  }

  /// What one size took.
  public struct Timing: Sendable, Equatable {
    /// The size.
    public var size: Size
    /// Median seconds of a solve.
    public var medianSeconds: Double
    /// Longest solve, seconds.
    public var longestSeconds: Double
    /// Most programmes (caps on the slowest stage) that a solve needed.
    public var programmes: Int
    /// Seconds of one certificate; nil where it was not asked for.
    public var certifySeconds: Double?
    /// Gap that it left.
    public var certifyGap: Double?
  }

  /// The sizes: of few micro-batches (the hard case) and of many.
  public static let sizes: [Size] = [
    Size(name: "1.3B on 2 GPUs", layers: 24, stages: 2, microBatches: 16, points: 6),
    Size(name: "22B on 32 GPUs", layers: 48, stages: 8, microBatches: 4, points: 6),
    Size(name: "22B on 32 GPUs", layers: 48, stages: 8, microBatches: 64, points: 6),
    Size(name: "175B on 512 GPUs", layers: 96, stages: 16, microBatches: 4, points: 6),
    Size(name: "175B on 512 GPUs", layers: 96, stages: 16, microBatches: 64, points: 6),
    Size(name: "405B on 16,384 GPUs", layers: 128, stages: 64, microBatches: 2, points: 6),
    Size(name: "405B on 16,384 GPUs", layers: 128, stages: 64, microBatches: 64, points: 6),
  ]

  /// Solves each size `repeats` times (another problem each time), and certifies one problem of each.
  /// - Parameters:
  ///   - certifyLimitSeconds: time limit of each certificate; 0 for none.
  ///   - now: seconds from any fixed moment.
  public static func run(
    sizes: [Size] = sizes, repeats: Int = 9, certifyLimitSeconds: Double = 1, now: () -> Double
  ) -> [Timing] {
    sizes.map { size in
      var (seconds, programmes) = ([Double](), 0)
      for seed in 1...max(1, repeats) {
        let problem = problem(size, seed: UInt64(seed))
        let begin = now()
        _ = PipelineSolver.solve(problem)
        seconds.append(now() - begin)
        programmes = max(programmes, self.programmes(problem))
      }
      seconds.sort()
      var timing = Timing(
        size: size, medianSeconds: seconds[seconds.count / 2], longestSeconds: seconds.last ?? 0,
        programmes: programmes, certifySeconds: nil, certifyGap: nil)
      if certifyLimitSeconds > 0 { certify(problem(size, seed: 1), certifyLimitSeconds, now, &timing) }
      return timing
    }
  }

  private static func problem(_ size: Size, seed: UInt64) -> PipelineProblem {
    SyntheticPipelines.frontier(
      layers: size.layers, stages: size.stages, microBatches: size.microBatches, points: size.points, seed: seed)
  }

  private static func programmes(_ problem: PipelineProblem) -> Int {
    guard let options = StageOptions(problem) else { return 0 }
    var search = PipelineSearch(options, rounds: Double(problem.microBatches - 1), upperBound: .infinity)
    _ = search.run { false }
    return search.programmes
  }

  private static func certify(
    _ problem: PipelineProblem, _ limit: Double, _ now: () -> Double, _ timing: inout Timing
  ) {
    let optimum = PipelineSolver.solve(problem)
    let begin = now()
    let certificate = try? GLPKCertifier.certify(problem, incumbent: optimum, timeLimitSeconds: limit)
    timing.certifySeconds = now() - begin
    timing.certifyGap = certificate?.gap
  }
}
