/// The four channels of a GPU that run at once (docs/model.md, section 4).
public enum Channel: Int, Sendable, CaseIterable {
  /// Kernels on the SMs [C].
  case compute = 0
  /// Collectives between GPUs [N].
  case collective = 1
  /// Copies from host to device [H].
  case hostToDevice = 2
  /// Copies from device to host [D].
  case deviceToHost = 3
}

/// The 28 factors by which overlapping channels slow each other down (model.md section 4).
///
/// `factors[16-bit-set * 4 + channel]`: the set is a bit mask of channels (bit = `Channel.rawValue`); entries of
/// channels outside the set, and of sets smaller than two, are 1.
public struct Interference: Sendable, Equatable {
  /// 64 factors >= 1, by set and channel.
  public let factors: [Double]

  /// Order of the published sets: the set of 4, the four triples, the six pairs.
  static let publishedSets: [[Channel]] = [
    [.compute, .collective, .hostToDevice, .deviceToHost],
    [.compute, .collective, .hostToDevice], [.compute, .collective, .deviceToHost],
    [.compute, .hostToDevice, .deviceToHost], [.collective, .hostToDevice, .deviceToHost],
    [.compute, .collective], [.compute, .hostToDevice], [.compute, .deviceToHost],
    [.collective, .hostToDevice], [.collective, .deviceToHost], [.hostToDevice, .deviceToHost],
  ]

  /// From the 28 factors in the published order: set of 4, triples CNH CND CHD NHD, pairs CN CH CD NH ND HD.
  ///
  /// Returns nil when there are not 28 of them or one is below 1 or not finite.
  public init?(published: [Double]) {
    guard published.count == 28, published.allSatisfy({ $0.isFinite && $0 >= 1 }) else { return nil }
    var table = [Double](repeating: 1, count: 64)
    var next = 0
    for set in Self.publishedSets {
      let mask = set.reduce(0) { $0 | (1 << $1.rawValue) }
      for channel in set {
        table[mask * 4 + channel.rawValue] = published[next]
        next += 1
      }
    }
    factors = table
  }

  private init(uniform: Double) {
    factors = [Double](repeating: uniform, count: 64)
  }

  /// Channels that do not disturb each other: elapsed time is the longest of the four.
  public static let none = Interference(uniform: 1)

  /// Elapsed seconds of four channels that start together with `seconds` of work each (model.md section 4).
  ///
  /// While two or more are busy, each advances at the rate 1/factor of the busy set; the last one runs alone.
  public func elapsed(_ seconds: SIMD4<Double>) -> Double { ends(seconds).max() }

  /// When each of four channels that start together is done, seconds; 0 where it has nothing to do.
  func ends(_ seconds: SIMD4<Double>) -> SIMD4<Double> { Self.ends(seconds, factors) { _ in } }

  /// The same by a table of factors as `factors` is laid out; `visit` gets each set of two or more that is busy, as a bit
  /// mask, in order.
  @inline(__always)
  static func ends(
    _ seconds: SIMD4<Double>, _ factors: [Double], visit: (_ mask: Int) -> Void
  ) -> SIMD4<Double> {
    var left = seconds
    var ends = SIMD4<Double>.zero
    var total = 0.0
    for _ in 0..<3 {
      var mask = 0
      for channel in 0..<4 where left[channel] > 0 { mask |= 1 << channel }
      guard mask.nonzeroBitCount >= 2 else { break }
      visit(mask)
      var overlap = Double.infinity
      for channel in 0..<4 where left[channel] > 0 {
        overlap = min(overlap, left[channel] * factors[mask * 4 + channel])
      }
      total += overlap
      for channel in 0..<4 where left[channel] > 0 {
        let factor = factors[mask * 4 + channel]
        left[channel] = left[channel] * factor <= overlap ? 0 : left[channel] - overlap / factor
        if left[channel] == 0 { ends[channel] = total }
      }
    }
    for channel in 0..<4 where left[channel] > 0 { ends[channel] = total + left[channel] }
    return ends
  }
}
