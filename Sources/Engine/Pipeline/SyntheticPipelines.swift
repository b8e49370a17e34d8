/// Made-up problems between the stages, the same on every machine, for benchmarks and tests.
public enum SyntheticPipelines {
  /// A fixed sequence of numbers (SplitMix64, Steele et al. 2014): the engine takes no randomness from the system.
  public struct Sequence: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The sequence of a seed.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }

    /// The next number in 0..<1.
    public mutating func unit() -> Double { Double(next() >> 11) / 0x20_0000_0000_0000 }
  }

  /// A problem shaped as a tuner makes it: times grow with the layers, faster points have larger extras, the first and
  /// last stage do more, and early stages lose their fast points to memory when they hold many layers.
  ///
  /// Every layer count from 1 to `layers - stages + 1` has at least one point.
  /// - Parameters:
  ///   - points: frontier points of each (stage, layers).
  ///   - seed: another seed, another problem.
  public static func frontier(
    layers: Int, stages: Int, microBatches: Int, points: Int, seed: UInt64 = 1
  ) -> PipelineProblem {
    var noise = Sequence(seed: seed)
    let layerSeconds = 0.02
    let options = (0..<stages).map { stage in
      let ends = stage == 0 ? 0.3 : (stage == stages - 1 ? 1.2 : 0.0)
      let slower = 1 + 0.05 * noise.unit()
      return [[StagePoint]]([[]])
        + (1...layers).map { count in
          guard count <= layers - stages + 1 else { return [] }
          let pressure = Double(count * (stages - stage)) / Double(2 * layers)
          return (0..<points).map { tag in
            let share = Double(tag) / Double(max(1, points - 1))
            let base = layerSeconds * slower * (Double(count) + ends)
            let stable = base * (1 + min(1, pressure) * 0.3 + 0.25 * share + 0.01 * noise.unit())
            let extra = base * (0.9 * (1 - share) * (1 - share) + 0.02 * noise.unit()) - 0.1 * base
            return StagePoint(stable: stable, firstLast: stable + extra, tag: tag)
          }
        }
    }
    return PipelineProblem(microBatches: microBatches, layers: layers, options: options)
  }
}
