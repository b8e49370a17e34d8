/// The expression that `TapeBenchmark` measures: shaped like the cost of a stage, with round numbers for hardware.
struct BenchmarkModel {
  /// Samples of one micro-batch.
  let microBatch: Expression
  /// Tensor-parallel degree.
  let tensorParallel: Expression
  /// Ranks that share the weights.
  let weightShard: Expression
  /// Ranks that share the gradients.
  let gradientShard: Expression
  /// Ranks that share the optimizer states.
  let optimizerShard: Expression
  /// Share of the weights in host memory, 0...1.
  let weightShare: Expression
  /// Share of the gradients in host memory, 0...1.
  let gradientShare: Expression
  /// Share of the optimizer states in host memory, 0...1.
  let optimizerShare: Expression
  /// Share of the saved activations in host memory, 0...1.
  let activationShare: Expression
  /// Layers of the stage.
  let layers: Expression
  /// Layers that are computed again in the backward pass.
  let checkpointed: Expression
  /// True when channels overlap with interference, false when they take as long as the longest.
  let overlaps: Bool

  private static let hidden = 4096.0
  private static let bytesPerSecond = 250e9
  private static let operationsPerSecond = 54e12

  private var tokens: Expression { microBatch * 2048 }
  private var parameterBytes: Expression { 24 * Self.hidden * Self.hidden / tensorParallel }

  /// Steady seconds, extra seconds of the first and last micro-batch, peak bytes.
  var outputs: [Expression] {
    let forward = pass(scale: 1)
    let backward = pass(scale: 2) + recomputed * forward
    let stable = slots(forward: forward, backward: backward, optimizerBytes: nil)
    let first = slots(forward: forward, backward: backward, optimizerBytes: parameterBytes * 6 / optimizerShard)
    return [stable, first - stable, peakBytes]
  }

  /// Share of the layers that are computed again.
  private var recomputed: Expression { checkpointed / layers }

  /// Seconds of one layer's operators, `scale` times the forward work.
  private func pass(scale: Double) -> Expression {
    let widths = [3.0, 1, 4, 4, 0.5, 0.25]
    var seconds = microBatch * 0
    for (number, width) in widths.enumerated() {
      let work = tokens * (2 * width * Self.hidden * Self.hidden * scale) / tensorParallel
      let traffic = tokens * (2 * (1 + width) * Self.hidden) + parameterBytes * (width / 12)
      let saturation = 2e10 * (1 + Double(number) / 4)
      let arithmetic = (work + saturation) / Self.operationsPerSecond
      seconds = seconds + .maximum(arithmetic, traffic * scale / Self.bytesPerSecond) + 5e-6
    }
    for width in [4.0, 2, 2, 1] {
      seconds = seconds + tokens * (width * Self.hidden * 2 * scale) / Self.bytesPerSecond + 4e-6
    }
    let reduced = tokens * (4 * Self.hidden) * (1 - 1 / tensorParallel)
    return seconds + .select(tensorParallel - 1, reduced / 4e9 + 2e-4, microBatch * 0)
  }

  private func gathered(_ shard: Expression) -> Expression {
    .select(shard - 1, parameterBytes / 3e9 * (1 - 1 / shard) + 1e-3, shard * 0)
  }

  private func copied(_ bytes: Expression, bytesPerSecond: Double) -> Expression {
    .select(bytes, bytes / bytesPerSecond + 4e-4, bytes * 0)
  }

  private func elapsed(_ c: Expression, _ n: Expression, _ h: Expression, _ d: Expression) -> Expression {
    let table = overlaps ? Self.interference : .none
    return .overlap(compute: c, collective: n, hostToDevice: h, deviceToHost: d, interference: table)
  }

  /// Factors of docs/model.md, section 4 (A100-40).
  private static let interference =
    Interference(published: [
      1.307, 2.6325, 2.4097, 2.5898, 1.2264, 2.8078, 1.466, 1.3202, 2.2295, 1.932, 1.0309, 1.9929, 1.0438, 5.4986,
      1.2915, 1.7303, 1.2856, 1.0393, 1.0081, 1.0099, 1.0125, 1.0251, 1.5508, 1.0972, 1.1336, 1.2723, 1.5186, 1.2665,
    ]) ?? .none

  private func slots(forward: Expression, backward: Expression, optimizerBytes: Expression?) -> Expression {
    let weights = parameterBytes * weightShare / weightShard
    let gradients = parameterBytes * gradientShare / gradientShard
    let activations = savedBytes * activationShare
    let optimizer = optimizerBytes.map { $0 * optimizerShare } ?? microBatch * 0
    let zero = microBatch * 0
    let gather = gathered(optimizerBytes == nil ? weightShard : optimizerShard)
    let scatter = gathered(gradientShard) * 1.1
    let fetch = copied(weights + optimizer, bytesPerSecond: 5.8e9)
    let store = copied(activations + optimizer, bytesPerSecond: 6.1e9)
    let fetchBack = copied(weights + gradients + activations, bytesPerSecond: 5.8e9)
    let storeBack = copied(gradients, bytesPerSecond: 6.1e9)
    let both = gathered(weightShard) + scatter
    let steady = elapsed(forward, gather, fetch, store) + elapsed(backward, both, fetchBack, storeBack)
    let first =
      elapsed(forward, gather, fetch, zero) + elapsed(zero, gather, fetch, zero)
      + elapsed(backward, scatter, zero, storeBack) + elapsed(zero, scatter, zero, storeBack)
    let last =
      elapsed(forward, zero, zero, store) + store + elapsed(backward, gather, fetchBack, zero)
      + elapsed(zero, gather, fetchBack, zero)
    return (layers - 2) * steady + first + last
  }

  /// Bytes that one layer saves for its backward pass.
  private var savedBytes: Expression {
    tokens * (8 * Self.hidden) + tokens * (24 * Self.hidden) / tensorParallel + tokens * 16
  }

  private var peakBytes: Expression {
    let kept = 1 - activationShare
    let weights = parameterBytes / weightShard * (1 - weightShare)
    let gradients = parameterBytes / gradientShard * (1 - gradientShare)
    let optimizer = parameterBytes * 6 / optimizerShard
    let states = layers * (weights + gradients + optimizer * (1 - optimizerShare))
    let buffers =
      .select(weightShard + weightShare - 1, parameterBytes * 2, microBatch * 0)
      + .select(gradientShard + gradientShare - 1, parameterBytes * 2, microBatch * 0)
    let checkpoint = tokens * (2 * Self.hidden)
    let held = (checkpointed * checkpoint + (layers - checkpointed) * savedBytes) * kept
    let current = .select(checkpointed, checkpoint, savedBytes) * (activationShare * 2 - 1) + held
    let forward = states + buffers + held * 3 + current + savedBytes + checkpoint * 2 + optimizer * optimizerShare
    let backward =
      states + buffers + held * 3 + current + savedBytes * 1.5 + checkpoint * 6
      + tokens * (8 * Self.hidden) / tensorParallel
    return .maximum(forward, backward)
  }
}
