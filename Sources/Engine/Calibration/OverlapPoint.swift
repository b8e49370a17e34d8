/// One measurement of channels that ran at once: how much work each had, and how long all of it took.
public struct OverlapPoint: Sendable, Equatable {
  /// Rows of a product of rows x 4096 x 4096 in 16 bits, and MiB of an all-gather, of a copy from and of one to the host;
  /// by `Channel`, 0 where the channel had nothing to do.
  public var work: SIMD4<Double>
  /// The group of the all-gather.
  public var group: GroupShape
  /// Seconds until all were done.
  public var seconds: Double
  /// Standard deviation of the repeats, seconds.
  public var deviation: Double

  /// A measurement.
  public init(work: SIMD4<Double>, group: GroupShape, seconds: Double, deviation: Double) {
    self.work = work
    self.group = group
    self.seconds = seconds
    self.deviation = deviation
  }

  /// The channels that had something to do.
  public var channels: [Channel] { Channel.allCases.filter { work[$0.rawValue] > 0 } }

  /// Columns and depth of the product.
  static let productWidth = 4_096.0

  /// Repeats that differ by more are of a machine that did something else too.
  static let mostDeviation = 0.1

  /// Whether its repeats agree.
  public var isSteady: Bool { deviation <= Self.mostDeviation * seconds }
}

/// A point with what each of its channels takes alone.
public struct OverlapCase: Sendable, Equatable {
  /// The measurement.
  public var point: OverlapPoint
  /// Seconds of each channel alone, 0 where it was idle.
  public var alone: SIMD4<Double>

  /// How many channels ran.
  public var channelCount: Int { point.channels.count }
  /// Elapsed seconds where channels did not disturb each other.
  public var perfect: Double { alone.max() }
  /// Elapsed seconds where one ran after the other.
  public var serial: Double { alone.sum() }
}

/// Measured points of overlap, with the times of single channels that the fit starts from.
public struct OverlapCases: Sendable {
  /// Points of two and more channels whose times alone are known, in the order of the file.
  public private(set) var all: [OverlapCase] = []
  /// Points left out because their repeats differ by more than a tenth.
  public private(set) var unsteady = 0
  /// Steady points left out because nothing says what one of their channels takes alone.
  public private(set) var unknown = 0

  /// Sorts points into single channels and several.
  ///
  /// What a channel takes alone is the mean of the same work measured alone in the same group; between such amounts the
  /// line between the nearest two, beyond them that through the first and the last. Complexity: O(n log n).
  public init(_ points: [OverlapPoint]) {
    let singles = SingleTimes(points)
    for point in points where point.channels.count > 1 {
      guard point.isSteady else {
        unsteady += 1
        continue
      }
      var alone = SIMD4<Double>.zero
      for channel in point.channels {
        alone[channel.rawValue] = singles.seconds(channel, point.work[channel.rawValue], point.group) ?? 0
      }
      guard point.channels.allSatisfy({ alone[$0.rawValue] > 0 }) else {
        unknown += 1
        continue
      }
      all.append(OverlapCase(point: point, alone: alone))
    }
  }

  /// The same cases with the times alone that a fitted cluster predicts, where it predicts all of them.
  ///
  /// Measured times alone are closest to points of the same amounts; where amounts were measured alone once or twice, with
  /// noise, the curves through all of them know better.
  func predicted(by cluster: Cluster) -> OverlapCases {
    let rates = ChannelTimes(cluster)
    return OverlapCases(all.map { OverlapCase(point: $0.point, alone: rates.seconds($0.point)) })
  }

  /// Some of the cases, for a fit on a part of them.
  init(_ cases: [OverlapCase]) { all = cases }
}

/// What channels take alone.
private struct SingleTimes {
  /// A channel in a group: what a product takes too differs between the machines that a group is on.
  private struct Key: Hashable {
    var channel: Channel
    var group: GroupShape
  }

  /// Mean seconds by work, work ascending.
  private var curves: [Key: [(work: Double, seconds: Double)]] = [:]
  /// Groups in the order of files.
  private let groups: [GroupShape]

  /// From the steady points of one channel.
  init(_ points: [OverlapPoint]) {
    var seconds: [Key: [Double: [Double]]] = [:]
    for point in points where point.channels.count == 1 && point.isSteady {
      guard let channel = point.channels.first else { continue }
      let key = Key(channel: channel, group: point.group)
      seconds[key, default: [:]][point.work[channel.rawValue], default: []].append(point.seconds)
    }
    curves = seconds.mapValues { amounts in
      amounts.map { ($0.key, $0.value.reduce(0, +) / Double($0.value.count)) }.sorted { $0.work < $1.work }
    }
    groups = Set(seconds.keys.map(\.group)).sorted(by: LinkTable.inOrder)
  }

  /// Seconds alone; nil where nothing says.
  ///
  /// Products and copies may come from another group where their own has none; a collective is that of its group.
  func seconds(_ channel: Channel, _ work: Double, _ group: GroupShape) -> Double? {
    if let own = seconds(Key(channel: channel, group: group), work) { return own }
    guard channel != .collective else { return nil }
    let others = groups.compactMap { seconds(Key(channel: channel, group: $0), work) }.sorted()
    return others.isEmpty ? nil : others[others.count / 2]
  }

  private func seconds(_ key: Key, _ work: Double) -> Double? {
    guard let curve = curves[key] else { return nil }
    if let exact = curve.first(where: { $0.work == work }) { return exact.seconds }
    guard curve.count > 1, let first = curve.first, let last = curve.last else { return nil }
    let above = curve.firstIndex { $0.work > work } ?? curve.count
    let (left, right) = above == 0 || above == curve.count ? (first, last) : (curve[above - 1], curve[above])
    let seconds = left.seconds + (right.seconds - left.seconds) / (right.work - left.work) * (work - left.work)
    return seconds > 0 ? seconds : nil
  }
}

/// What channels take alone by the cost model (docs/model.md, sections 2 and 3).
private struct ChannelTimes {
  private let cluster: Cluster

  init(_ cluster: Cluster) { self.cluster = cluster }

  func seconds(_ point: OverlapPoint) -> SIMD4<Double> {
    let gpu = cluster.nodeType.gpu
    let width = OverlapPoint.productWidth
    var alone = SIMD4<Double>.zero
    if point.work[0] > 0 {
      alone[0] = KernelRates(gpu: gpu).product(point.work[0], width, depth: width)
    }
    if point.work[1] > 0, point.group.ranks > 1 {
      let rate = CollectiveRate(cluster: cluster, group: point.group)
      alone[1] = point.work[1] * Units.mebibyte * rate.secondsPerByte + rate.latencySeconds
    }
    alone[2] = cluster.nodeType.links.hostToDevice.seconds(bytes: point.work[2] * Units.mebibyte)
    alone[3] = cluster.nodeType.links.deviceToHost.seconds(bytes: point.work[3] * Units.mebibyte)
    return alone
  }
}
