@testable import Engine

/// A seeded generator (SplitMix64): the same numbers on every machine.
struct SymbolicRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A whole number from 0 to `n - 1`.
  mutating func below(_ n: Int) -> Int { Int.random(in: 0..<n, using: &self) }

  /// True once in `n` times.
  mutating func once(in n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }

  /// Factors as they are fitted: mostly small, some 1, some as large as 100.
  mutating func interference() -> Interference? {
    Interference(
      published: (0..<28).map { _ in
        if once(in: 5) { return 1 }
        return Double.random(in: 1...(once(in: 8) ? 100 : 4), using: &self)
      })
  }

  /// Channel times: some zero, some tied, of unlike sizes.
  mutating func times() -> [Double] {
    let scale: Double = once(in: 2) ? 1e-3 : 20
    var times = (0..<4).map { _ in Double.random(in: 0.01...1, using: &self) }
    for channel in 0..<4 where once(in: 3) { times[channel] *= scale }
    for channel in 0..<4 where once(in: 4) { times[channel] = 0 }
    if once(in: 5) { times[1] = times[0] }
    if once(in: 5) { times[3] = times[2] }
    return times
  }
}

/// Random expressions over some variables, with the value that they have before any folding.
struct RandomExpressions {
  let graph = ExpressionGraph()
  let variables: [Expression]
  /// The value of each variable.
  let values: [Double]
  private var pool: [(expression: Expression, value: Double)] = []
  private let interference: Interference?

  init(variables count: Int, interference: Interference? = nil, random: inout SymbolicRandom) {
    variables = (0..<count).map { [graph] in graph.variable("v\($0)") }
    values = variables.map { _ in random.once(in: 12) ? 0 : Double.random(in: 0.1...8, using: &random) }
    self.interference = interference
    pool = Array(zip(variables, values))
    for constant in [0, 1, 2, 0.3, 7] { pool.append((graph.constant(constant), constant)) }
  }

  /// Values by variable, as the interpreter takes them.
  var assignment: [Expression: Double] { Dictionary(uniqueKeysWithValues: zip(variables, values)) }

  /// Adds `count` operations, each on earlier results, all values >= 0 so that nothing cancels; returns the last.
  mutating func grow(_ count: Int, random: inout SymbolicRandom) -> (expression: Expression, value: Double) {
    for _ in 0..<count {
      func pick() -> (expression: Expression, value: Double) {
        // Near the end of the pool more often: deep expressions.
        let start = random.once(in: 3) ? 0 : max(0, pool.count - 6)
        return pool[Int.random(in: start..<pool.count, using: &random)]
      }
      let (a, b, c, d) = (pick(), pick(), pick(), pick())
      let (x, y, z) = (a.value, b.value, c.value)
      let made: (Expression, Double)
      switch Int.random(in: 0..<10, using: &random) {
      case 0, 1: made = (a.expression + b.expression, x + y)
      case 2: made = (a.expression * b.expression, x * y)
      case 3: made = (a.expression * b.expression + c.expression, x * y + z)
      case 4: made = (a.expression / (b.expression + 0.5), x / (y + 0.5))
      case 5: made = (.maximum(a.expression, b.expression), max(x, y))
      case 6: made = (.minimum(a.expression, b.expression), min(x, y))
      case 7: made = (.select(a.expression - 2.345678, b.expression, c.expression), x > 2.345678 ? y : z)
      case 8: made = (.maximum(a.expression - b.expression * 0.5, c.expression), max(x - y * 0.5, z))
      default:
        guard let interference else { continue }
        let times = SIMD4(x, y, z, d.value)
        made = (
          .overlap(
            compute: a.expression, collective: b.expression, hostToDevice: c.expression, deviceToHost: d.expression,
            interference: interference), interference.elapsed(times)
        )
      }
      // Keep numbers tame: a chain of squares would overflow.
      pool.append(made.1 > 1e6 ? (made.0 / 1e6, made.1 / 1e6) : made)
    }
    return pool[pool.count - 1]
  }
}

/// Equal up to a relative error.
func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool {
  abs(a - b) <= relative * max(abs(a), abs(b))
}
