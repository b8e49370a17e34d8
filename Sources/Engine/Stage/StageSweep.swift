/// Eight strategies side by side.
typealias Lanes = SIMD8<Double>

/// Tries all checkpoint counts of one stage position for eight strategies at a time.
///
/// Candidates for c (docs/model.md, section 7): 0; L; and between 1 and L-1, where times are linear and memory never
/// rises with c, the smallest c that fits and L-1, or all of them where t and t+d change with opposite sign.
struct StageSweep {
  /// The stage's formulas.
  let formula: StageFormula
  /// Its limits.
  let limits: StageLimits
  /// Seconds added to t and to t + d: embedding and head kernels, point-to-point.
  let fixedSeconds: Double
  /// With one micro-batch per iteration t is the first and last at once, and d is 0.
  let singleMicroBatch: Bool

  /// Times of eight strategies.
  struct Times {
    /// t.
    var stable: Lanes
    /// t + d.
    var firstLast: Lanes
  }

  /// Inserts the candidates of strategies `base ..< base + count` (count <= 8) into the frontier.
  @inline(__always)
  func sweep(_ row: StrategyRow, base: Int, count: Int, into frontier: inout StageFrontier) {
    let layers = formula.position.layers
    let valid = Lanes.laneIndices .< Double(count)
    insert(row, .none, Lanes(repeating: 0), times(row, .none, Lanes(repeating: 0)), valid, base, &frontier)
    let all = Lanes(repeating: Double(layers))
    insert(row, .all, all, times(row, .all, all), valid, base, &frontier)
    if layers > 1 { sweepBetween(row, base: base, valid: valid, into: &frontier) }
  }

  /// t and t + d of eight strategies.
  @inline(__always)
  func times(_ row: StrategyRow, _ kind: CheckpointClass, _ checkpointed: Lanes) -> Times {
    let firstLast = formula.layerSeconds(row.firstLast, class: kind, checkpointed: checkpointed) + fixedSeconds
    if singleMicroBatch { return Times(stable: firstLast, firstLast: firstLast) }
    let stable = formula.layerSeconds(row.stable, class: kind, checkpointed: checkpointed) + fixedSeconds
    return Times(stable: stable, firstLast: firstLast)
  }

  /// Lanes whose memory fits with c checkpointed layers.
  @inline(__always)
  func fits(_ row: StrategyRow, _ kind: CheckpointClass, _ checkpointed: Lanes) -> SIMDMask<SIMD8<Int64>> {
    (formula.demandBytes(row.memory, class: kind, checkpointed: checkpointed, limits: limits) .<= limits.allocated)
      .& (formula.hostBytes(row.memory, checkpointed: checkpointed) .<= limits.host)
  }

  @inline(__always)
  private func insert(
    _ row: StrategyRow, _ kind: CheckpointClass, _ checkpointed: Lanes, _ times: Times,
    _ valid: SIMDMask<SIMD8<Int64>>, _ base: Int, _ frontier: inout StageFrontier
  ) {
    let hopeful = valid .& .!frontier.rejects(stable: times.stable, firstLast: times.firstLast)
    guard any(hopeful) else { return }
    let kept = hopeful .& fits(row, kind, checkpointed)
    for lane in 0..<8 where kept[lane] {
      frontier.insert(
        stable: times.stable[lane], firstLast: times.firstLast[lane],
        tag: StageTag(strategy: base + lane, checkpointed: Int(checkpointed[lane])).packed)
    }
  }

  /// 0 < c < L.
  private func sweepBetween(
    _ row: StrategyRow, base: Int, valid: SIMDMask<SIMD8<Int64>>, into frontier: inout StageFrontier
  ) {
    let one = Lanes(repeating: 1)
    let most = Lanes(repeating: Double(formula.position.layers - 1))
    let low = times(row, .some, one)
    let high = times(row, .some, most)
    // Times are linear in c: no point between beats the better end in either objective.
    let hopeful =
      valid
      .& .!frontier.rejects(
        stable: pointwiseMin(low.stable, high.stable), firstLast: pointwiseMin(low.firstLast, high.firstLast))
    guard any(hopeful) else { return }
    let possible = hopeful .& fits(row, .some, most)
    guard any(possible) else { return }
    let smallest = smallestFitting(row, possible)
    insert(row, .some, smallest, times(row, .some, smallest), possible, base, &frontier)
    insert(row, .some, most, high, possible, base, &frontier)
    let opposite = ((high.stable .> low.stable) .^ (high.firstLast .> low.firstLast)) .& possible
    guard any(opposite) else { return }
    var checkpointed = smallest + 1
    while any((checkpointed .< most) .& opposite) {
      insert(
        row, .some, checkpointed, times(row, .some, checkpointed), opposite .& (checkpointed .< most), base, &frontier)
      checkpointed += 1
    }
  }

  /// The smallest c in 1...L-1 that fits, by bisection (memory never rises with c); valid where L-1 fits.
  private func smallestFitting(_ row: StrategyRow, _ possible: SIMDMask<SIMD8<Int64>>) -> Lanes {
    var low = Lanes(repeating: 1)
    var high = Lanes(repeating: Double(formula.position.layers - 1))
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
  /// Inserts one number of recomputed layers (all, where there are fewer) of strategies `base ..< base + count`.
  func sweep(_ row: StrategyRow, base: Int, count: Int, checkpointed: Int, into frontier: inout StageFrontier) {
    let layers = formula.position.layers
    let kind = CheckpointClass(min(checkpointed, layers), of: layers)
    let lanes = Lanes(repeating: Double(min(checkpointed, layers)))
    insert(row, kind, lanes, times(row, kind, lanes), Lanes.laneIndices .< Double(count), base, &frontier)
  }
}

extension SIMD8 where Scalar == Double {
  /// 0, 1, ... 7.
  static var laneIndices: Self { [0, 1, 2, 3, 4, 5, 6, 7] }
}
