/// A measured run beside a plan.
public struct NearRun: Sendable, Equatable {
  /// The run.
  public var record: RunRecord
  /// How unlike the plan it is (`RunFeatures.distance`).
  public var distance: Double
  /// Its time is among those that the error bar of the plan's time comes from.
  public var isBehindBar: Bool
}

extension RunRecords {
  /// The runs nearest to a plan, those behind its error bar first, at most `count`; of equals the earlier in the table.
  ///
  /// Complexity: O(n log n) in the runs.
  public func nearest(to features: RunFeatures, count: Int) -> [NearRun] {
    let near = records.map { record in
      NearRun(
        record: record, distance: record.features.distance(to: features),
        isBehindBar: record.timeRatio != nil && record.features.sharesChip(with: features)
          && record.features.sharesRuntime(with: features))
    }
    var ofSource: [String: Int] = [:]
    var behind = 0
    let order = near.indices.sorted { (near[$0].distance, $0) < (near[$1].distance, $1) }
    // As many of one publication as the bar takes, and as many runs.
    let marked = order.map { index -> NearRun in
      var run = near[index]
      let taken = ofSource[run.record.source, default: 0]
      run.isBehindBar = run.isBehindBar && behind < ErrorBar.mostNeighbours && taken < ErrorBar.mostOfOneSource
      if run.isBehindBar {
        behind += 1
        ofSource[run.record.source] = taken + 1
      }
      return run
    }
    return Array((marked.filter(\.isBehindBar) + marked.filter { !$0.isBehindBar }).prefix(count))
  }
}
