extension StageSweep {
  /// Inserts the candidates of all strategies of a block into the frontier, without looking at rows that cannot add a
  /// point; `setting` is the place of the sweep's recomputation among the settings of the tape.
  func sweep(_ block: StrategyBlock, setting: Int, into frontier: inout StageFrontier) {
    let width = StrategyBlock.width
    let parts = mayImprove(
      block.top(setting: setting), frontier, count: (block.count + width * width - 1) / (width * width))
    guard any(parts) else { return }
    for part in 0..<width where parts[part] {
      let left = (block.count + width - 1) / width - width * part
      let rows = mayImprove(block.inner(part, setting: setting), frontier, count: left)
      guard any(rows) else { continue }
      for row in 0..<width where rows[row] {
        sweep(block.leaf(width * part + row, setting: setting), block.lanes(width * part + row), into: &frontier)
      }
    }
  }

  /// Lanes, of the first `count`, below which a candidate may be that fits and that no point of the frontier matches or
  /// beats.
  ///
  /// A lane holds the least of every column, so times and memory of each strategy below are at least those computed here.
  func mayImprove(
    _ row: StrategyRow, _ frontier: StageFrontier, count: Int
  ) -> SIMDMask<SIMD8<Int64>> {
    let valid = Lanes.laneIndices .< Double(count)
    var found = SIMDMask<SIMD8<Int64>>(repeating: false)
    // Of many numbers the bound of all of them is soon as good, and quicker.
    if let held, held.count <= 4 {
      for count in held where recompute == 0 || count > 0 {
        let (kind, lanes) = (CheckpointClass(count, of: layers), Lanes(repeating: Double(count)))
        let hopeful = valid .& .!found .& isNews(times(row, kind, lanes), frontier)
        if any(hopeful) { found = found .| (hopeful .& fits(row, kind, lanes)) }
      }
      return found
    }
    if recompute == 0 {
      let zero = Lanes(repeating: 0)
      let hopeful = valid .& isNews(times(row, .none, zero), frontier)
      if any(hopeful) { found = hopeful .& fits(row, .none, zero) }
    }
    let all = Lanes(repeating: Double(layers))
    let hopeful = valid .& .!found .& isNews(times(row, .all, all), frontier)
    if any(hopeful) { found = found .| (hopeful .& fits(row, .all, all)) }
    let open = valid .& .!found
    guard layers > 1, any(open) else { return found }
    return found .| mayImproveBetween(row, frontier, open)
  }

  /// The same of 0 < c < L, of some lanes.
  private func mayImproveBetween(
    _ row: StrategyRow, _ frontier: StageFrontier, _ asked: SIMDMask<SIMD8<Int64>>
  ) -> SIMDMask<SIMD8<Int64>> {
    let one = Lanes(repeating: 1)
    let most = Lanes(repeating: Double(layers - 1))
    let high = times(row, .some, most)
    var hopeful = asked .& isNews(Times.least(times(row, .some, one), high), frontier)
    guard any(hopeful) else { return hopeful }
    guard recompute == 0 else {
      // What a strategy keeps may rise with c or fall: it fits at one of the ends, if at all.
      return hopeful .& (fits(row, .some, one) .| fits(row, .some, most))
    }
    hopeful = hopeful .& fits(row, .some, most)
    guard any(hopeful) else { return hopeful }
    let smallest = smallestFitting(row, hopeful)
    return hopeful .& isNews(Times.least(times(row, .some, smallest), high), frontier)
  }

  /// The least times of the candidates of each of the first `count` lanes that may fit; infinity where none does.
  func least(_ row: StrategyRow, count: Int) -> Times {
    let valid = Lanes.laneIndices .< Double(count)
    let never = Lanes(repeating: .infinity)
    var found = Times(stable: never, firstLast: never)
    func add(_ times: Times, _ lanes: SIMDMask<SIMD8<Int64>>) {
      let least = Times.least(found, times)
      found.stable.replace(with: least.stable, where: lanes)
      found.firstLast.replace(with: least.firstLast, where: lanes)
    }
    let (zero, one) = (Lanes(repeating: 0), Lanes(repeating: 1))
    if recompute == 0 { add(times(row, .none, zero), valid .& fits(row, .none, zero)) }
    let all = Lanes(repeating: Double(layers))
    add(times(row, .all, all), valid .& fits(row, .all, all))
    guard layers > 1 else { return found }
    let most = Lanes(repeating: Double(layers - 1))
    let fitting = valid .& fits(row, .some, most)
    let high = times(row, .some, most)
    if recompute == 0 {
      guard any(fitting) else { return found }
      add(Times.least(times(row, .some, smallestFitting(row, fitting)), high), fitting)
    } else {
      // What a strategy keeps may rise with c or fall: it fits at one of the ends, if at all.
      add(Times.least(times(row, .some, one), high), fitting .| (valid .& fits(row, .some, one)))
    }
    return found
  }

  @inline(__always)
  private func isNews(_ times: Times, _ frontier: StageFrontier) -> SIMDMask<SIMD8<Int64>> {
    // Room for rounding in sums of a dozen terms.
    let scale = 1 - 1e-12
    return .!frontier.rejects(stable: times.stable * scale, firstLast: times.firstLast * scale)
  }
}

extension StageSweep.Times {
  /// The lesser of both numbers, each for itself.
  @inline(__always)
  static func least(_ a: Self, _ b: Self) -> Self {
    Self(stable: pointwiseMin(a.stable, b.stable), firstLast: pointwiseMin(a.firstLast, b.firstLast))
  }
}
