/// Errors of a set of predictions: those of one source, or of all.
public struct ErrorStatistics: Sendable, Equatable {
  /// Whose: a source, or `all`.
  public var source: String
  /// Core rows with a predicted and a measured time.
  public var count = 0
  /// Core rows that were not predicted.
  public var skipped = 0
  /// Rows that are no core rows, in no statistic.
  public var notCore = 0
  /// Mean of |error|; nil without rows.
  public var meanAbsoluteError: Double?
  /// Mean of the error: positive where predictions are too slow.
  public var meanError: Double?
  /// Largest |error|.
  public var maxAbsoluteError: Double?
  /// Mean rank correlation of the sweeps, each weighted by its rows; nil without sweeps.
  public var rankCorrelation: Double?
  /// Pairs of runs in the same sweep whose measured times are more than 9 % apart.
  public var pairs = 0
  /// How many of them are predicted in the right order.
  public var orderedPairs = 0
  /// Measured amounts of memory with a prediction.
  public var memoryCount = 0
  /// Mean of |error| of memory; nil without any.
  public var memoryMeanAbsoluteError: Double?

  /// Share of the pairs in the right order; nil without pairs.
  public var orderedShare: Double? { pairs > 0 ? Double(orderedPairs) / Double(pairs) : nil }

  /// The statistics of `rows`, with the sweeps among them.
  init(source: String, rows: [RowPrediction], sweeps: [Sweep]) {
    self.source = source
    let core = rows.filter(\.row.isCore)
    notCore = rows.count - core.count
    skipped = core.count { $0.skipped != nil }
    let errors = core.compactMap(\.error)
    count = errors.count
    meanAbsoluteError = Self.mean(errors.map(abs))
    meanError = Self.mean(errors)
    maxAbsoluteError = errors.map(abs).max()
    let memory = core.flatMap(\.memory).map { abs($0.error) }
    memoryCount = memory.count
    memoryMeanAbsoluteError = Self.mean(memory)
    pairs = sweeps.reduce(0) { $0 + $1.pairs }
    orderedPairs = sweeps.reduce(0) { $0 + $1.orderedPairs }
    let ranked = sweeps.compactMap { sweep in sweep.rankCorrelation.map { ($0, Double(sweep.count)) } }
    let weight = ranked.reduce(0) { $0 + $1.1 }
    rankCorrelation = weight > 0 ? ranked.reduce(0) { $0 + $1.0 * $1.1 } / weight : nil
  }

  /// The mean, or nil of nothing.
  static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
