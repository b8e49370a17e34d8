/// `nvidia-smi nvlink -s`: the rate of each NVLink of each GPU.
enum NVLinkStatus {
  /// Rates of the active links of one GPU.
  struct Links: Sendable, Equatable {
    /// How many are active.
    var count: Int
    /// One direction of one, B/s, as the vendor counts it.
    var bytesPerSecond: Double
  }

  /// The links of the GPU that has the fewest active ones: a ring goes through all GPUs. Nil where none is told.
  static func links(_ output: SavedOutput) -> Links? {
    var counts: [Int: Int] = [:]
    var rate = 0.0
    var current: Int?
    for line in output.lines {
      guard let (key, value) = line.keyAndValue else { continue }
      if key.hasPrefix("GPU "), value.contains("(UUID:") {
        current = key.dropFirst(4).leadingCount
      } else if key.hasPrefix("Link "), key.dropFirst(5).leadingCount != nil, let gpu = current {
        guard value.hasSuffix("GB/s"), let number = value.leadingNumber, let known = nominal(number) else {
          counts[gpu] = counts[gpu] ?? 0
          continue
        }
        counts[gpu, default: 0] += 1
        rate = rate == 0 ? known : min(rate, known)
      }
    }
    guard rate > 0, let fewest = counts.values.min(), fewest > 0 else { return nil }
    return Links(count: fewest, bytesPerSecond: rate)
  }

  /// What the vendor calls the rate: the tool tells the signal's, 25.781 or 26.562 for a link of 25 GB/s.
  private static func nominal(_ gigabytes: Double) -> Double? {
    switch gigabytes {
    case 18..<23: 20e9
    case 23..<30: 25e9
    case 45..<60: 50e9
    case 90..<120: 100e9
    default: nil
    }
  }
}
