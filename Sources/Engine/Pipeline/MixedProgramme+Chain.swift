/// What the certifiers' programmes have in common (docs/pipeline.md): the times of the stages one after another, and
/// the layer counts that add up.
extension MixedProgramme {
  /// One way to run one stage, that a binary stands for; times in units.
  struct Way: Sendable, Equatable {
    /// Position of its binary in `columns`.
    var binary: Int
    /// Stage, from 0.
    var stage: Int
    /// Layers that it gives the stage.
    var layers: Int
    /// Stable micro-batch [t].
    var stable: Double
    /// First and last micro-batch [t + d].
    var firstLast: Double
    /// By what it sets the pace as the slowest stage.
    var pace: Double
  }

  /// The columns of a chain of stages, as positions in `columns`.
  struct Chain: Sendable, Equatable {
    /// W_1...W_S: when each stage has done what the stages up to it do once.
    fileprivate(set) var whole: [Int]
    /// Tmax.
    fileprivate(set) var slowest: Int
    /// Layers of each stage; empty until `addRows`.
    fileprivate(set) var counts: [Int] = []
  }

  /// Adds W_1...W_S and Tmax with their costs: W_S once, Tmax `rounds` times [G - 1].
  mutating func addChain(stages: Int, rounds: Double) -> Chain {
    let whole = (0..<stages).map { stage in
      add(Column(kind: .continuous, cost: stage == stages - 1 ? 1 : 0))
    }
    return Chain(whole: whole, slowest: add(Column(kind: .continuous, cost: rounds)))
  }

  /// Adds the rows of the stages, and their layer counts as the last columns, so that GLPK decides layers before ways.
  ///
  /// Each stage takes one way; its layer count is that of its way; `W_i >= W_{i-1} + t_i`; `W_i >= firstLast_i`;
  /// `Tmax >= pace_i`. The ways' binaries stand in the programme already.
  /// - Parameter total: the row in which the layer counts add up.
  mutating func addRows(of ways: [Way], to chain: inout Chain, total: Int) {
    var rows: [StageRows] = []
    for (stage, whole) in chain.whole.enumerated() {
      let counts = ways.lazy.filter { $0.stage == stage }.map(\.layers)
      let bounds = Bounds(lower: Double(counts.min() ?? 1), upper: Double(counts.max() ?? 1))
      let count = add(Column(kind: .integer, bounds: bounds))
      let row = StageRows(&self)
      set(row.layers, count, -1)
      set(row.chain, whole, 1)
      if stage > 0 { set(row.chain, chain.whole[stage - 1], -1) }
      set(row.full, whole, 1)
      set(row.slow, chain.slowest, 1)
      set(total, count, 1)
      chain.counts.append(count)
      rows.append(row)
    }
    for way in ways { rows[way.stage].add(way, to: &self) }
  }

  /// Hands in a choice of one way a stage, in order of stages; columns that are not of the chain are 0 in it.
  mutating func give(_ chosen: [Way], _ chain: Chain) {
    var values = [Double](repeating: 0, count: 1 + columns.count)
    var (reached, slowest) = (0.0, -Double.infinity)
    for way in chosen {
      reached = max(reached + way.stable, way.firstLast)
      slowest = max(slowest, way.pace)
      values[1 + way.binary] = 1
      values[1 + chain.whole[way.stage]] = reached
      values[1 + chain.counts[way.stage]] = Double(way.layers)
    }
    values[1 + chain.slowest] = slowest
    given = values
  }
}

/// The rows of one stage.
private struct StageRows {
  /// It takes one binary.
  let one: Int
  /// Its layer count is that of its binary.
  let layers: Int
  /// `W_i >= W_{i-1} + t_i`.
  let chain: Int
  /// `W_i >= firstLast_i`.
  let full: Int
  /// `Tmax >= pace_i`.
  let slow: Int

  /// Adds the rows, without coefficients.
  init(_ programme: inout MixedProgramme) {
    one = programme.add(.fixed(1))
    layers = programme.add(.fixed(0))
    chain = programme.add(.atLeast(0))
    full = programme.add(.atLeast(0))
    slow = programme.add(.atLeast(0))
  }

  /// Adds the coefficients of a way.
  func add(_ way: MixedProgramme.Way, to programme: inout MixedProgramme) {
    programme.set(one, way.binary, 1)
    programme.set(layers, way.binary, Double(way.layers))
    programme.set(chain, way.binary, -way.stable)
    programme.set(full, way.binary, -way.firstLast)
    programme.set(slow, way.binary, -way.pace)
  }
}
