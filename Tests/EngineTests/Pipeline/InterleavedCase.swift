@testable import Engine

/// A pipeline of interleaved stages with random times, for what must hold of any.
struct InterleavedCase {
  /// The stages.
  let stages: [StageScore]
  /// Micro-batches per iteration, a multiple of the stages.
  let microBatches: Int

  /// Cases of 2 to `mostStages` stages of 2 to 4 chunks and 1 to `mostRounds` micro-batches a stage; every other one has
  /// stages of any kind, the rest are as a tuner leaves them.
  static func random(_ count: Int, mostStages: Int = 7, mostRounds: Int = 4, seed: UInt64) -> [InterleavedCase] {
    var noise = SyntheticPipelines.Sequence(seed: seed)
    return (0..<count).map { trial in
      let count = Int.random(in: 2...mostStages, using: &noise)
      let chunks = Int.random(in: 2...4, using: &noise)
      let microBatches = count * Int.random(in: 1...mostRounds, using: &noise)
      let stages =
        trial.isMultiple(of: 2)
        ? SyntheticStages.arbitrary(count, chunks: chunks, &noise)
        : SyntheticStages.realistic(count, chunks: chunks, extra: 2, &noise)
      return InterleavedCase(stages: stages, microBatches: microBatches)
    }
  }
}
