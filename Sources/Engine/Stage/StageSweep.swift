/// Eight strategies side by side.
typealias Lanes = SIMD8<Double>

/// Tries all checkpoint counts of one stage position for eight strategies at a time.
///
/// Candidates for c (docs/model.md, section 7): 0; L; and between 1 and L-1, where times are linear and memory never
/// rises with c, the smallest c that fits and L-1, or all of them where t and t+d change with opposite sign, or where
/// what a recomputed layer keeps is more than what it would keep otherwise (single operators, under a large tp).
///
/// Of interleaved stages all counts of layers are those of one chunk; the others hold as many.
struct StageSweep {
  /// The stage's formulas.
  let formula: StageFormula
  /// Its limits.
  let limits: StageLimits
  /// Seconds added to t and to t + d: embedding and head kernels, point-to-point.
  let fixedSeconds: Double
  /// With one micro-batch per iteration t is the first and last at once, and d is 0.
  let singleMicroBatch: Bool
  /// Model chunks on each GPU [v].
  var chunks = 1
  /// What recomputed layers recompute, as tags have it.
  var recompute = 0
  /// The only numbers of recomputed layers of a pass, each 0 to its layers, that may be tried; nil for all.
  ///
  /// Then the rule of the smallest that fits says nothing, and each is tried.
  var held: [Int]?

  /// Times of eight strategies: the two numbers that the problem between the stages has of each.
  struct Times {
    /// t; of interleaved stages t/v.
    var stable: Lanes
    /// t + d; of interleaved stages t/v + d.
    var firstLast: Lanes
  }

  /// Layers of a pass.
  var layers: Int { formula.position.layers / chunks }

  /// Inserts the candidates of up to eight strategies into the frontier.
  @inline(__always)
  func sweep(_ row: StrategyRow, _ strategies: StrategyLanes, into frontier: inout StageFrontier) {
    let layers = layers
    if let held {
      // Without recomputed layers all kinds are the same: the first has the point.
      for count in held where recompute == 0 || count > 0 {
        sweep(row, strategies, checkpointed: count, into: &frontier)
      }
      return
    }
    // Without recomputed layers all kinds are the same: the first has the point.
    if recompute == 0 {
      insert(
        row, .none, Lanes(repeating: 0), times(row, .none, Lanes(repeating: 0)), strategies, strategies.valid, &frontier
      )
    }
    let all = Lanes(repeating: Double(layers))
    insert(row, .all, all, times(row, .all, all), strategies, strategies.valid, &frontier)
    if layers > 1 { sweepBetween(row, strategies, into: &frontier) }
  }

  /// t and t + d of eight strategies.
  @inline(__always)
  func times(_ row: StrategyRow, _ kind: CheckpointClass, _ checkpointed: Lanes) -> Times {
    if chunks > 1 { return interleavedTimes(row, kind, checkpointed) }
    let firstLast = formula.layerSeconds(row.firstLast, class: kind, checkpointed: checkpointed) + fixedSeconds
    if singleMicroBatch { return Times(stable: firstLast, firstLast: firstLast) }
    let stable = formula.layerSeconds(row.stable, class: kind, checkpointed: checkpointed) + fixedSeconds
    return Times(stable: stable, firstLast: firstLast)
  }

  /// t/v and t/v + d: the closed form of interleaved stages is that of stages of these two numbers with G*v
  /// micro-batches (docs/pipeline.md). Linear in c as t and t + d are, so the candidates for c are the same.
  @inline(__always)
  private func interleavedTimes(_ row: StrategyRow, _ kind: CheckpointClass, _ checkpointed: Lanes) -> Times {
    let stable =
      formula.layerSeconds(row.stable, chunks: chunks, class: kind, checkpointed: checkpointed) + fixedSeconds
    let firstLast =
      formula.layerSeconds(row.firstLast, chunks: chunks, class: kind, checkpointed: checkpointed) + fixedSeconds
    let share = stable / Double(chunks)
    return Times(stable: share, firstLast: share + (firstLast - stable))
  }

  /// Lanes whose memory fits with c checkpointed layers in each pass.
  @inline(__always)
  func fits(_ row: StrategyRow, _ kind: CheckpointClass, _ perPass: Lanes) -> SIMDMask<SIMD8<Int64>> {
    let checkpointed = perPass * Double(chunks)
    return
      (formula.demandBytes(row.memory, class: kind, checkpointed: checkpointed, limits: limits) .<= limits.allocated)
      .& (formula.hostBytes(row.memory, checkpointed: checkpointed) .<= limits.host)
  }

  @inline(__always)
  private func insert(
    _ row: StrategyRow, _ kind: CheckpointClass, _ checkpointed: Lanes, _ times: Times,
    _ strategies: StrategyLanes, _ valid: SIMDMask<SIMD8<Int64>>, _ frontier: inout StageFrontier
  ) {
    let hopeful = valid .& .!frontier.rejects(stable: times.stable, firstLast: times.firstLast)
    guard any(hopeful) else { return }
    let kept = hopeful .& fits(row, kind, checkpointed)
    for lane in 0..<8 where kept[lane] {
      frontier.insert(
        stable: times.stable[lane], firstLast: times.firstLast[lane],
        tag: StageTag(
          strategy: strategies.index(lane), recompute: recompute, checkpointed: Int(checkpointed[lane]) * chunks
        ).packed)
    }
  }

  /// 0 < c < L.
  private func sweepBetween(
    _ row: StrategyRow, _ strategies: StrategyLanes, into frontier: inout StageFrontier
  ) {
    let one = Lanes(repeating: 1)
    let most = Lanes(repeating: Double(layers - 1))
    let low = times(row, .some, one)
    let high = times(row, .some, most)
    // Times are linear in c: no point between beats the better end in either objective.
    let hopeful =
      strategies.valid
      .& .!frontier.rejects(
        stable: pointwiseMin(low.stable, high.stable), firstLast: pointwiseMin(low.firstLast, high.firstLast))
    guard any(hopeful) else { return }
    let rising = recompute > 0 ? hopeful .& keepsMore(row) : .init(repeating: false)
    if any(rising) { insertAll(row, from: one, to: most, strategies, rising, &frontier) }
    let possible = hopeful .& .!rising .& fits(row, .some, most)
    guard any(possible) else { return }
    let smallest = smallestFitting(row, possible)
    insert(row, .some, smallest, times(row, .some, smallest), strategies, possible, &frontier)
    insert(row, .some, most, high, strategies, possible, &frontier)
    let opposite = ((high.stable .> low.stable) .^ (high.firstLast .> low.firstLast)) .& possible
    guard any(opposite) else { return }
    insertAll(row, from: smallest + 1, to: most - 1, strategies, opposite, &frontier)
  }

  /// Inserts every c of a range that fits.
  private func insertAll(
    _ row: StrategyRow, from first: Lanes, to last: Lanes, _ strategies: StrategyLanes,
    _ valid: SIMDMask<SIMD8<Int64>>, _ frontier: inout StageFrontier
  ) {
    var checkpointed = first
    while any((checkpointed .<= last) .& valid) {
      insert(
        row, .some, checkpointed, times(row, .some, checkpointed), strategies, valid .& (checkpointed .<= last),
        &frontier)
      checkpointed += 1
    }
  }

  /// Lanes in which a recomputed layer keeps more than another one, on the device or on the host.
  private func keepsMore(_ row: StrategyRow) -> SIMDMask<SIMD8<Int64>> {
    (row.memory.kept.checkpointed .> row.memory.kept.plain)
      .| (row.memory.activationHost.checkpointed .> row.memory.activationHost.plain)
  }

  /// The smallest c in 1...L-1 that fits, by bisection (memory never rises with c); valid where L-1 fits.
  func smallestFitting(_ row: StrategyRow, _ possible: SIMDMask<SIMD8<Int64>>) -> Lanes {
    var low = Lanes(repeating: 1)
    var high = Lanes(repeating: Double(layers - 1))
    let atOnce = fits(row, .some, low)
    high.replace(with: low, where: atOnce)
    while any((low .< high) .& possible) {
      let middle = ((low + high) * 0.5).rounded(.down)
      let enough = fits(row, .some, middle)
      high.replace(with: middle, where: enough)
      low.replace(with: middle + 1, where: .!enough)
      low = pointwiseMin(low, high)
    }
    return high
  }
}

extension StageSweep {
  /// Inserts one number of recomputed layers of each pass (all, where there are fewer) of up to eight strategies.
  func sweep(_ row: StrategyRow, _ strategies: StrategyLanes, checkpointed: Int, into frontier: inout StageFrontier) {
    let kind = CheckpointClass(min(checkpointed, layers), of: layers)
    let lanes = Lanes(repeating: Double(min(checkpointed, layers)))
    insert(row, kind, lanes, times(row, kind, lanes), strategies, strategies.valid, &frontier)
  }
}

/// The strategies of a row.
struct StrategyLanes {
  /// Lanes that count.
  var valid: SIMDMask<SIMD8<Int64>>
  private var indices: SIMD8<Int32>

  /// Strategies `base ..< base + count` of a grid, at most eight.
  init(base: Int, count: Int) {
    valid = Lanes.laneIndices .< Double(count)
    indices = SIMD8<Int32>(repeating: Int32(base)) &+ [0, 1, 2, 3, 4, 5, 6, 7]
  }

  /// The strategies at `start ..< start + 8` of a list, of which the first `count` count.
  @inline(__always)
  init(_ list: [Int32], start: Int, count: Int) {
    valid = Lanes.laneIndices .< Double(count)
    indices = list.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: start * MemoryLayout<Int32>.stride, as: SIMD8<Int32>.self)
    }
  }

  /// Index of a lane's strategy in its grid.
  func index(_ lane: Int) -> Int { Int(indices[lane]) }
}

extension SIMD8 where Scalar == Double {
  /// 0, 1, ... 7.
  static var laneIndices: Self { [0, 1, 2, 3, 4, 5, 6, 7] }
}
