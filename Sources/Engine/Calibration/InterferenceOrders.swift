/// Whether more work on a channel can shorten the elapsed time (docs/model.md, section 4).
///
/// `Interference.elapsed` is linear in the four times as long as the channels finish in the same order, and continuous
/// across orders. So it never falls with more work exactly where, for every order in which some channels may finish, the
/// derivative by the time of the first one is not negative: those of the others are derivatives of smaller sets. With the
/// factors f of the whole set, `dI/dt_first = f_first * (1 - sum of dI'/dt_i / f_i)`, I' being what the others take after
/// it. Pairs always hold: `f_a * (1 - 1 / f_b)`.
struct InterferenceOrders {
  /// An order in which three or four channels may finish.
  struct Order: Sendable, Equatable {
    /// The channels, first one first.
    var channels: [Channel]
    /// Indices into the 28 published factors that its derivative depends on.
    var factors: [Int]
  }

  /// The 24 orders of three channels and the 24 of all four.
  static let all: [Order] = Interference.publishedSets.filter { $0.count > 2 }.flatMap { set in
    permutations(set).map { Order(channels: $0, factors: factors(of: $0)) }
  }

  /// Seconds that one more second of the first channel's work costs.
  ///
  /// - Parameter published: the 28 factors in the published order.
  static func response(_ order: Order, _ published: [Double]) -> Double {
    gradient(order.channels[...], published)[0]
  }

  /// The smallest response of all orders, with the first channel of the set that it is of; below 0 more work shortens the
  /// elapsed time.
  static func worst(_ published: [Double]) -> (order: Order, response: Double)? {
    all.map { ($0, response($0, published)) }.min { $0.1 < $1.1 }
  }

  /// Derivatives of the elapsed time by the times of channels that finish in this order.
  private static func gradient(_ channels: ArraySlice<Channel>, _ published: [Double]) -> [Double] {
    guard channels.count > 1, let first = channels.first else { return channels.map { _ in 1 } }
    let rest = gradient(channels.dropFirst(), published)
    func factor(_ channel: Channel) -> Double { published[InterferenceFactor.index(of: channel, in: channels)] }
    let lost = zip(channels.dropFirst(), rest).reduce(0) { $0 + $1.1 / factor($1.0) }
    return [factor(first) * (1 - lost)] + rest
  }

  private static func factors(of channels: [Channel]) -> [Int] {
    channels.indices.dropLast().flatMap { start in
      channels[start...].map { InterferenceFactor.index(of: $0, in: channels[start...]) }
    }
  }

  private static func permutations(_ channels: [Channel]) -> [[Channel]] {
    guard channels.count > 1 else { return [channels] }
    return channels.indices.flatMap { index in
      var rest = channels
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }
}

/// One of the 28 factors: how much a channel slows down while a set of channels is busy.
public struct InterferenceFactor: Sendable, Equatable {
  /// The busy channels.
  public var set: [Channel]
  /// The one that it slows down.
  public var channel: Channel

  /// The factors in the published order.
  public static let all: [InterferenceFactor] = Interference.publishedSets.flatMap { set in
    set.map { InterferenceFactor(set: set, channel: $0) }
  }

  /// The place of a factor among the 28; 0 for a set of fewer than two channels, which has none.
  static func index(of channel: Channel, in set: some Sequence<Channel>) -> Int {
    let mask = set.reduce(0) { $0 | (1 << $1.rawValue) }
    return positions[mask * 4 + channel.rawValue]
  }

  /// Places by bit mask of the set and channel, as `Interference.factors` is laid out.
  static let positions: [Int] = {
    var table = [Int](repeating: 0, count: 64)
    for (index, factor) in all.enumerated() {
      let mask = factor.set.reduce(0) { $0 | (1 << $1.rawValue) }
      table[mask * 4 + factor.channel.rawValue] = index
    }
    return table
  }()

  /// `C in CNH`: letters of docs/model.md, section 4.
  public var label: String { "\(channel.letter) in \(set.map(\.letter).joined())" }
}

extension Channel {
  /// Its letter in docs/model.md: C, N, H or D.
  public var letter: String {
    switch self {
    case .compute: "C"
    case .collective: "N"
    case .hostToDevice: "H"
    case .deviceToHost: "D"
    }
  }
}
