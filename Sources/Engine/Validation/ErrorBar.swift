import Foundation

/// The range in which a measured value is expected around its prediction: nine runs in ten lie inside
/// (docs/validation.md, "Error bars").
public struct ErrorBar: Sendable, Equatable {
  /// Lower end over the prediction, at most 1.
  public var low: Double
  /// Upper end over the prediction, at least 1.
  public var high: Double
  /// Measured runs that it comes from.
  public var runs: Int
  /// Their publications, nearest first.
  public var sources: [String]

  /// A run's distance and what was measured over what was predicted of it.
  struct Neighbour {
    var source: String
    var distance: Double
    var ratio: Double
  }

  /// How a kind of prediction is judged.
  struct Rule: Sendable {
    /// Deviation between sources, as a logarithm: what another cluster and other versions of the software change.
    var betweenSources: Double
    /// Deviation of predictions where nothing is known, as a logarithm; it counts as one run.
    var prior: Double
    /// Deviation that a distance of 1 adds.
    var perDistance: Double

    /// Seconds: performance models are off by 10 % where untested. The same configuration measured twice, on other
    /// clouds or with other versions, differs by 5 to 9 % (by 1.4 of these deviations): no source is closer than that.
    static func time(betweenSources: Double) -> Rule {
      Rule(betweenSources: max(0.05, betweenSources), prior: 0.10, perDistance: 0.01)
    }

    /// Bytes: allocators repeat themselves; formulas for memory are off by 5 % where untested.
    static let memory = Rule(betweenSources: 0.02, prior: 0.05, perDistance: 0.005)
  }

  /// Neighbours that are looked at.
  static let mostNeighbours = 12
  /// Of one publication at most half: runs of one cluster and software err alike, and say little of other ones.
  static let mostOfOneSource = 6
  /// Deviations of a normal distribution that hold nine values of ten.
  static let ninety = 1.645

  /// The bar from what is known of other runs; nil of none.
  ///
  /// Logarithms of measured over predicted have a mean and a deviation, weighted by 1 / (1 + distance); the bar is the
  /// mean +- 1.645 deviations, widened for few and for far neighbours, and holds the prediction itself.
  /// Complexity: O(n log n).
  init?(neighbours: [Neighbour], rule: Rule) {
    let nearest = Self.chosen(neighbours)
    guard !nearest.isEmpty else { return nil }
    let weights = nearest.map { 1 / (1 + $0.distance) }
    let total = weights.reduce(0, +)
    func mean(_ value: (Neighbour) -> Double) -> Double {
      zip(weights, nearest).reduce(0) { $0 + $1.0 * value($1.1) } / total
    }
    let center = mean { log($0.ratio) }
    let count = total * total / weights.reduce(0) { $0 + $1 * $1 }
    let spread = mean { (log($0.ratio) - center) * (log($0.ratio) - center) }
    sources = nearest.reduce(into: []) { found, run in
      if !found.contains(run.source) { found.append(run.source) }
    }
    // The run to come is of a source of its own: one deviation for it, and a part of one for the sources that are known.
    let between = rule.betweenSources * rule.betweenSources * (1 + 1 / Double(sources.count))
    let variance = (rule.prior * rule.prior + count * spread) / count
    let far = rule.perDistance * mean(\.distance)
    let deviation = (variance * (1 + 1 / count) + between + far * far).squareRoot()
    low = min(1, exp(center - Self.ninety * deviation))
    high = max(1, exp(center + Self.ninety * deviation))
    runs = nearest.count
  }

  /// The nearest ones; of equals those of the earlier rows.
  private static func chosen(_ neighbours: [Neighbour]) -> [Neighbour] {
    var ofSource: [String: Int] = [:]
    var found: [Neighbour] = []
    let order = neighbours.indices.sorted { (neighbours[$0].distance, $0) < (neighbours[$1].distance, $1) }
    for index in order where found.count < mostNeighbours {
      let source = neighbours[index].source
      guard ofSource[source, default: 0] < mostOfOneSource else { continue }
      ofSource[source, default: 0] += 1
      found.append(neighbours[index])
    }
    return found
  }
}

extension RunRecords {
  /// The error bar of a predicted time, from runs on the same GPU and runtime but for those that `isLeftOut` names.
  func timeBar(_ features: RunFeatures, leavingOut isLeftOut: (RunRecord) -> Bool = { _ in false }) -> ErrorBar? {
    ErrorBar(
      neighbours: records.compactMap { record in
        guard let ratio = record.timeRatio, record.features.sharesChip(with: features),
          record.features.sharesRuntime(with: features), !isLeftOut(record)
        else { return nil }
        return .init(source: record.source, distance: record.features.distance(to: features), ratio: ratio)
      }, rule: .time(betweenSources: betweenSources(leavingOut: isLeftOut)))
  }

  /// Deviation of the sources' mean logarithms of measured over predicted seconds, sources of three runs and more with
  /// one vote each; 0 of fewer than two.
  ///
  /// From the median distance to the median, so that one odd source does not widen everybody's bars.
  func betweenSources(leavingOut isLeftOut: (RunRecord) -> Bool) -> Double {
    var order: [String] = []
    var logarithms: [String: [Double]] = [:]
    for record in records {
      guard let ratio = record.timeRatio, !isLeftOut(record) else { continue }
      if logarithms[record.source] == nil { order.append(record.source) }
      logarithms[record.source, default: []].append(log(ratio))
    }
    let means = order.compactMap { source -> Double? in
      let values = logarithms[source] ?? []
      return values.count >= 3 ? values.reduce(0, +) / Double(values.count) : nil
    }
    guard means.count > 1 else { return 0 }
    let middle = means.median ?? 0
    return Self.deviationsPerMedian * (means.map { abs($0 - middle) }.median ?? 0)
  }

  /// Standard deviation over the median distance to the median, of a normal distribution.
  private static let deviationsPerMedian = 1.4826

  /// The error bar of predicted reserved memory, from runs on the same runtime, of other GPUs too.
  ///
  /// Where a runtime's reserved memory was never measured, what `nvidia-smi` showed of it counts.
  func memoryBar(_ features: RunFeatures, leavingOut isLeftOut: (RunRecord) -> Bool = { _ in false }) -> ErrorBar? {
    let related = records.filter { $0.features.sharesRuntime(with: features) && !isLeftOut($0) }
    for kind in [MeasuredMemory.Kind.reserved, .nvidiaSMI] {
      let neighbours = related.flatMap { record in
        record.memory.filter { $0.kind == kind }.map {
          ErrorBar.Neighbour(
            source: record.source, distance: record.features.distance(to: features), ratio: $0.ratio)
        }
      }
      if let bar = ErrorBar(neighbours: neighbours, rule: .memory) { return bar }
    }
    return nil
  }
}
