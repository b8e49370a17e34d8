/// The constants of an overlap instruction, in the order in which its kernel reads them.
///
/// **The closed form** (docs/model.md, section 4, has the algorithm that it equals). Let every phase end exactly one
/// channel, a channel without time ending in a phase of length 0. The phase of the set A lasts
/// `o(A) = min over A of t_i f_i(A)`; it takes `o(A) / f_i(A)` from each t_i, so the sum of elapsed and remaining
/// time grows by `k(A) o(A)` with `k(A) = 1 - sum over A of 1 / f_i(A)`, and
///
///     elapsed = t_C + t_N + t_H + t_D + k(A4) o(A4) + k(A3) o(A3) + k(A2) o(A2)
///
/// A3 and A2 differ from lane to lane. No lookup by mask is needed: a set that holds a channel that has ended has
/// `o = 0`, so summing over *all* triples and *all* pairs adds only the live one. That is branch-free.
enum OverlapTable {
  /// Constants of two channels: f_a, f_b, k.
  static let pairCount = 3
  /// Constants of three without those of their pairs ab, ac, bc, which follow: f, f, f, 1/f, 1/f, 1/f, k.
  static let tripleCount = 7
  /// Constants of four: 4 f, 4 1/f, k, the triples abc, abd, acd, bcd, the pairs ab, ac, ad, bc, bd, cd.
  static let quadCount = 9 + 4 * tripleCount + 6 * pairCount

  /// Where the constants of the triple a < b < c (numbers within the table) begin in a table of `count` channels.
  static func tripleStart(of count: Int, _ a: Int, _ b: Int, _ c: Int) -> Int {
    // In lexical order the triple without the last channel comes first: its number is 3 - the missing one.
    count == 3 ? 0 : 9 + (3 - (6 - a - b - c)) * tripleCount
  }

  /// Where the constants of the pair a < b (numbers within the table) begin in a table of `count` channels.
  static func pairStart(of count: Int, _ a: Int, _ b: Int) -> Int {
    // In lexical order a pairs are preceded by those that begin with smaller ones.
    let number = a * (2 * count - a - 1) / 2 + b - a - 1
    return switch count {
    case 2: 0
    case 3: tripleCount + number * pairCount
    default: 9 + 4 * tripleCount + number * pairCount
    }
  }

  /// The constants for the live channels (2 to 4 of them, in the order of `Channel`).
  static func constants(_ interference: Interference, channels: [Int]) -> [Double] {
    func record(_ members: [Int]) -> [Double] {
      let mask = members.reduce(0) { $0 | 1 << $1 }
      let factors = members.map { interference.factors[mask * 4 + $0] }
      let inverses = factors.map { 1 / $0 }
      let gain = 1 - inverses.reduce(0, +)
      return members.count == 2 ? factors + [gain] : factors + inverses + [gain]
    }
    var result: [Double] = []
    for size in stride(from: channels.count, through: 2, by: -1) {
      for members in subsets(of: channels, size: size) { result += record(members) }
    }
    return result
  }

  /// The subsets of that size, in lexical order.
  private static func subsets(of channels: [Int], size: Int) -> [[Int]] {
    if size == 0 { return [[]] }
    return channels.indices.flatMap { index in
      subsets(of: Array(channels[(index + 1)...]), size: size - 1).map { [channels[index]] + $0 }
    }
  }
}
