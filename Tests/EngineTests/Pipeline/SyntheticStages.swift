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

  /// A stage of chunks of given passes, alike but for what is told of single ones.
  static func interleaved(_ chunks: [StageScore]) -> StageScore {
    var stage = StageScore()
    stage.setChunks(chunks.flatMap(\.passes))
    let transfer = 2 * stage.pointToPointSeconds
    stage.stableSeconds = stage.forward.elapsed + stage.backward.elapsed + transfer
    stage.deltaSeconds = stage.forwardFirst.elapsed + stage.backwardLast.elapsed + transfer - stage.stableSeconds
    return stage
  }

  /// A pipeline of interleaved stages from a pass for each (stage, chunk); the last chunk of the last stage sends nothing.
  static func interleaved(
    _ stages: Int, _ chunks: Int, _ pass: (_ stage: Int, _ chunk: Int) -> StageScore
  ) -> [StageScore] {
    (0..<stages).map { stage in
      interleaved(
        (0..<chunks).map { chunk in
          var passes = pass(stage, chunk)
          if stage == stages - 1 && chunk == chunks - 1 { passes.pointToPointSeconds = 0 }
          return passes
        })
    }
  }

  /// Interleaved stages as a tuner leaves them: as `realistic`, with chunks that are alike but for an embedding in the
  /// first (up to a tenth of a chunk) and a head in the last (up to a third); where `isAlike`, all stages are alike too.
  static func realistic(
    _ count: Int, chunks: Int, extra: Double, isAlike: Bool = false, _ noise: inout SyntheticPipelines.Sequence
  ) -> [StageScore] {
    let (embedding, head) = (1 + 0.1 * noise.unit(), 1 + 0.33 * noise.unit())
    var plain = realistic(count, extra: extra, &noise)
    if isAlike, let first = plain.first { plain = plain.map { _ in first } }
    let transfer = plain.first?.pointToPointSeconds ?? 0
    return interleaved(count, chunks) { stage, chunk in
      let share = (stage == 0 && chunk == 0 ? embedding : stage == count - 1 && chunk == chunks - 1 ? head : 1)
      let whole = plain[stage]
      let (forward, backward) = (whole.forward.elapsed, whole.backward.elapsed)
      return SyntheticStages.stage(
        forward: forward * share / Double(chunks), backward: backward * share / Double(chunks),
        first: (whole.forwardFirst.elapsed - forward) / Double(chunks),
        // What a runtime does at the end follows the stage's last pass.
        last: chunk == 0 ? whole.backwardLast.elapsed - backward : 0, transfer: transfer / Double(chunks))
    }
  }

  /// Interleaved stages of any kind.
  static func arbitrary(
    _ count: Int, chunks: Int, _ noise: inout SyntheticPipelines.Sequence
  ) -> [StageScore] {
    let rows = (0..<chunks).map { _ in arbitrary(count, &noise) }
    let transfer = 0.2 * noise.unit()
    return interleaved(count, chunks) { stage, chunk in
      var passes = rows[chunk][stage]
      passes.pointToPointSeconds = transfer
      return passes
    }
  }

  /// The closed form of stages; with one micro-batch its t is the first and last pass, and there is no extra.
  static func closedForm(_ stages: [StageScore], _ microBatches: Int) -> Double {
    let stable = stages.map { $0.stableSeconds + (microBatches == 1 ? $0.deltaSeconds : 0) }
    let delta = stages.map { microBatches == 1 ? 0 : $0.deltaSeconds }
    return ClosedForm.closedFormSeconds(
      stable: stable, delta: delta, microBatches: microBatches, interleave: stages.first?.passes.count ?? 1)
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
