@testable import Engine

/// Stages with made-up times for the schedule's tests.
enum SyntheticStages {
  /// A stage of given pass times, seconds.
  static func stage(
    forward: Double, backward: Double, first: Double = 0, last: Double = 0, transfer: Double = 0
  ) -> StageScore {
    var score = StageScore()
    score.forward.elapsed = forward
    score.backward.elapsed = backward
    score.forwardFirst.elapsed = forward + first
    score.backwardLast.elapsed = backward + last
    score.pointToPointSeconds = transfer
    score.stableSeconds = forward + backward + 2 * transfer
    score.deltaSeconds = first + last
    return score
  }

  /// Stages as a tuner leaves them: times within 20 % of each other, backward 2 to 3 times forward, extras of the first
  /// and last micro-batch up to `extra` of a stage's time, transfers up to 5 % of it.
  static func realistic(
    _ count: Int, extra: Double, microBatches: Int, _ noise: inout SyntheticPipelines.Sequence
  ) -> [StageScore] {
    (0..<count).map { index in
      let seconds = 0.8 + 0.2 * noise.unit()
      let forward = seconds / (3 + noise.unit())
      let first = microBatches == 1 ? 0 : extra * noise.unit() * seconds * 0.7
      let last = microBatches == 1 ? 0 : extra * noise.unit() * seconds * 0.3
      var stage = stage(
        forward: forward, backward: seconds - forward, first: first, last: last,
        transfer: index == count - 1 ? 0 : 0.05 * noise.unit() * seconds)
      stage.backwardLast.collective = last * 2
      stage.forwardFirst.hostToDevice = first * 9
      stage.forward.deviceToHost = forward * 0.5
      return stage
    }
  }

  /// The closed form of stages.
  static func closedForm(_ stages: [StageScore], _ microBatches: Int) -> Double {
    ClosedForm.closedFormSeconds(
      stable: stages.map(\.stableSeconds), delta: stages.map(\.deltaSeconds), microBatches: microBatches)
  }
}
