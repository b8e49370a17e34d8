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
    _ count: Int, extra: Double, _ noise: inout SyntheticPipelines.Sequence
  ) -> [StageScore] {
    (0..<count).map { index in
      let seconds = 0.8 + 0.2 * noise.unit()
      let forward = seconds / (3 + noise.unit())
      let (first, last) = (extra * noise.unit() * seconds * 0.7, extra * noise.unit() * seconds * 0.3)
      var stage = stage(
        forward: forward, backward: seconds - forward, first: first, last: last,
        transfer: index == count - 1 ? 0 : 0.05 * noise.unit() * seconds)
      stage.backwardLast.collective = last * 2
      stage.forwardFirst.hostToDevice = first * 9
      stage.forward.deviceToHost = forward * 0.5
      return stage
    }
  }

  /// Stages as the closed form rewards them: each later one has extras up to what the closed form hides, the time of
  /// all stages before it, of which `firstShare` or more are the first forward's.
  static func hidden(
    _ count: Int, firstShare: Double, _ noise: inout SyntheticPipelines.Sequence
  ) -> [StageScore] {
    var filled = 0.0
    return realistic(count, extra: 0, &noise).enumerated().map { index, plain in
      let extra = index == 0 ? 0.2 * noise.unit() : filled * noise.unit()
      filled += plain.stableSeconds
      let first = extra * (firstShare + (1 - firstShare) * noise.unit())
      return stage(
        forward: plain.forward.elapsed, backward: plain.backward.elapsed, first: first, last: extra - first,
        transfer: plain.pointToPointSeconds)
    }
  }

  /// Stages of any kind: passes of any ratio, some 50 times slower than others, extras of either sign.
  static func arbitrary(_ count: Int, _ noise: inout SyntheticPipelines.Sequence) -> [StageScore] {
    (0..<count).map { index in
      let forward = noise.unit() < 0.2 ? 5 * noise.unit() : 0.1 + noise.unit()
      let backward = noise.unit() < 0.2 ? 5 * noise.unit() : 0.1 + noise.unit()
      // One extra in five is long enough to outlast the fill.
      let scale = noise.unit() < 0.2 ? 8.0 : 1.0
      var stage = stage(
        forward: forward, backward: backward, first: scale * (1.5 * noise.unit() - 0.5 / scale) * forward,
        last: scale * (1.5 * noise.unit() - 0.5 / scale) * backward,
        transfer: index == count - 1 ? 0 : 0.2 * noise.unit())
      stage.forwardFirst.hostToDevice = 2 * noise.unit()
      stage.backwardLast.collective = 2 * noise.unit()
      return stage
    }
  }

  /// The closed form of stages; with one micro-batch its t is the first and last pass, and there is no extra.
  static func closedForm(_ stages: [StageScore], _ microBatches: Int) -> Double {
    let stable = stages.map { $0.stableSeconds + (microBatches == 1 ? $0.deltaSeconds : 0) }
    let delta = stages.map { microBatches == 1 ? 0 : $0.deltaSeconds }
    return ClosedForm.closedFormSeconds(stable: stable, delta: delta, microBatches: microBatches)
  }

  /// What the extras add to the simulation [X + Y of `ScheduleBounds`] and to the closed form [D], seconds.
  static func exposedExtras(_ stages: [StageScore]) -> (simulated: Double, closedForm: Double) {
    var (first, last, both) = (0.0, 0.0, 0.0)
    for (index, stage) in stages.enumerated() {
      let before = stages[..<index]
      let forwards = before.reduce(0) { $0 + $1.forward.elapsed + $1.pointToPointSeconds }
      let backwards = before.reduce(0) { $0 + $1.backward.elapsed + $1.pointToPointSeconds }
      first = max(first, stage.forwardFirst.elapsed - stage.forward.elapsed - forwards)
      last = max(last, stage.backwardLast.elapsed - stage.backward.elapsed - backwards)
      both = max(both, stage.deltaSeconds - forwards - backwards)
    }
    return (first + last, both)
  }
}
