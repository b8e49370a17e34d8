/// How often a measured value lies inside the error bar that is made without it: an honest bar holds nine in ten.
public struct BarCoverage: Sendable, Equatable {
  /// What is left out when a run's bar is made.
  public enum Without: String, Sendable, Equatable, CaseIterable {
    /// The run alone.
    case run
    /// All runs of its publication: its cluster, its software, its way to measure.
    case source
  }

  /// What was left out.
  public var without: Without
  /// Values with a bar.
  public var count = 0
  /// How many lie inside.
  public var inside = 0
  /// Mean of half the width of the bars, over the prediction; nil without any.
  public var meanHalfWidth: Double?

  /// Share inside; nil without any.
  public var share: Double? { count > 0 ? Double(inside) / Double(count) : nil }

  /// Of the predicted times.
  ///
  /// Complexity: O(n^2 log n).
  public static func time(_ records: RunRecords, without: Without) -> BarCoverage {
    coverage(records, without: without) {
      $0.timeRatio.map { [$0] } ?? []
    } bar: {
      $0.timeBar($1, leavingOut: $2)
    }
  }

  /// Of predicted reserved memory.
  public static func memory(_ records: RunRecords, without: Without) -> BarCoverage {
    coverage(records, without: without) { record in
      record.memory.filter { $0.kind == .reserved }.map(\.ratio)
    } bar: {
      $0.memoryBar($1, leavingOut: $2)
    }
  }

  private static func coverage(
    _ records: RunRecords, without: Without, ratios: (RunRecord) -> [Double],
    bar: (RunRecords, RunFeatures, (RunRecord) -> Bool) -> ErrorBar?
  ) -> BarCoverage {
    var result = BarCoverage(without: without)
    var widths = 0.0
    for record in records.records {
      let measured = ratios(record)
      let leftOut: (RunRecord) -> Bool = {
        without == .run ? $0.id == record.id : $0.source == record.source
      }
      guard !measured.isEmpty, let bar = bar(records, record.features, leftOut) else { continue }
      result.count += measured.count
      result.inside += measured.count { bar.low <= $0 && $0 <= bar.high }
      widths += Double(measured.count) * (bar.high - bar.low) / 2
    }
    result.meanHalfWidth = result.count > 0 ? widths / Double(result.count) : nil
    return result
  }
}
