/// Runs of one source that differ only in their plan: same model, sequence, GPU, number of GPUs and batch.
public struct Sweep: Sendable, Equatable {
  /// What the runs of a sweep share.
  struct Key: Hashable {
    var source: String
    var model: String
    var sequence: Int
    var gpu: String
    var gpus: Int
    var batch: Int

    init(_ row: MeasuredRow) {
      source = row.source
      // The name, and the shape: tables give one name to models that are not quite alike.
      let model = row.model
      self.model = "\(model.name) \(model.hidden) \(model.layers) \(model.heads) \(model.feedForward)"
      sequence = model.sequence
      gpu = row.gpu
      gpus = row.gpuCount
      batch = row.globalBatch ?? 0
    }
  }

  /// Source of its runs.
  public var source: String
  /// The model's name.
  public var model: String
  /// GPUs.
  public var gpus: Int
  /// Global batch.
  public var globalBatch: Int
  /// Runs.
  public var count: Int
  /// The slowest measured run over the fastest.
  public var spread: Double
  /// Rank correlation (Spearman, ties by mean ranks) of predicted and measured times; nil where one of them is all ties.
  public var rankCorrelation: Double?
  /// Pairs whose measured times are more than 9 % apart.
  public var pairs: Int
  /// How many of them are predicted in the right order.
  public var orderedPairs: Int

  /// How far apart two measured times must be to have an order: the same run measured twice differs by up to 9 %.
  static let clearRatio = 1.09

  /// The sweeps of two and more predicted core runs, in the order of their first runs.
  static func all(of rows: [RowPrediction]) -> [Sweep] {
    var order: [Key] = []
    var groups: [Key: [RowPrediction]] = [:]
    for row in rows where row.row.isCore && row.error != nil {
      let key = Key(row.row)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(row)
    }
    return order.compactMap { key in
      guard let members = groups[key], members.count > 1 else { return nil }
      return Sweep(key, members)
    }
  }

  private init(_ key: Key, _ members: [RowPrediction]) {
    source = key.source
    model = members.first?.row.model.name ?? ""
    gpus = key.gpus
    globalBatch = key.batch
    count = members.count
    let measured = members.compactMap(\.measuredSeconds)
    let predicted = members.compactMap(\.predictedSeconds)
    spread = (measured.max() ?? 1) / (measured.min() ?? 1)
    rankCorrelation = RankStatistics.spearman(measured, predicted)
    (pairs, orderedPairs) = RankStatistics.orderedPairs(measured, predicted, clearRatio: Self.clearRatio)
  }
}
