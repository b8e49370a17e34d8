import Testing

@testable import Engine

/// Errors, ranks and the order of pairs.
@Suite struct ValidationStatisticsTests {
  @Test("equal values share the mean of their ranks")
  func ranks() {
    #expect(RankStatistics.ranks([30, 10, 20, 10]) == [4, 1.5, 3, 1.5])
    #expect(RankStatistics.ranks([]) == [])
  }

  @Test("Spearman: 1 in order, -1 in reverse, hand-computed with ties, nil where nothing has an order")
  func spearman() throws {
    #expect(RankStatistics.spearman([1, 2, 3], [10, 200, 3000]) == 1)
    #expect(RankStatistics.spearman([1, 2, 3], [3, 2, 1]) == -1)
    // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: covariance 4.5, squares 4.5 and 5.
    let tied = try #require(RankStatistics.spearman([1, 2, 2, 3], [1, 3, 2, 4]))
    #expect(abs(tied - 4.5 / (4.5 * 5).squareRoot()) < 1e-12)
    #expect(RankStatistics.spearman([1, 1], [1, 2]) == nil)
    #expect(RankStatistics.spearman([1], [1]) == nil)
  }

  @Test("only pairs more than 9 % apart have an order, and a predicted tie is none")
  func pairs() {
    let (pairs, ordered) = RankStatistics.orderedPairs([100, 105, 120, 150], [1, 9, 9, 10], clearRatio: 1.09)
    // 100-120, 100-150, 105-120 (tied in prediction), 105-150, 120-150.
    #expect(pairs == 5)
    #expect(ordered == 4)
  }

  /// A row of one sweep with those times, or skipped.
  private func prediction(
    _ measured: Double, _ predicted: Double?, core: Bool = true, batch: Int = 32
  ) throws -> RowPrediction {
    let text = MeasuredTableTests.row([("\"global_batch\": 32", "\"global_batch\": \(batch)")])
    var row = RowPrediction(
      try #require(try MeasuredTable(text: text, file: "t").rows.first), conventions: try .shipped)
    row.row.isCore = core
    row.measuredSeconds = measured
    row.predictedSeconds = predicted
    row.skipped = predicted == nil ? "why" : nil
    return row
  }

  @Test("errors are of core rows; skipped rows and others are counted apart")
  func statistics() throws {
    let rows = [
      try prediction(10, 11), try prediction(20, 16), try prediction(40, nil), try prediction(10, 100, core: false),
      try prediction(10, 10, batch: 64),
    ]
    let sweeps = Sweep.all(of: rows)
    #expect(sweeps.map(\.count) == [2])
    #expect(sweeps.first?.spread == 2)
    #expect(sweeps.first?.rankCorrelation == 1)
    let errors = ErrorStatistics(source: "all", rows: rows, sweeps: sweeps)
    #expect(errors.count == 3)
    #expect(errors.skipped == 1)
    #expect(errors.notCore == 1)
    #expect(abs((errors.meanAbsoluteError ?? 0) - 0.1) < 1e-12)
    #expect(abs((errors.meanError ?? 0) + 0.1 / 3) < 1e-12)
    #expect(abs((errors.maxAbsoluteError ?? 0) - 0.2) < 1e-12)
    #expect(errors.orderedShare == 1)
    #expect(errors.rankCorrelation == 1)
  }
}
