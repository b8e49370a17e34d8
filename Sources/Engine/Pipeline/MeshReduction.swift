/// What an upper bound leaves of a `MeshPipelineProblem`: offsets, points and states that a plan up to it can have.
struct MeshReduction {
  /// Offsets that kinds of plans up to the bound reach.
  let layout: MeshLayout
  /// Points of such plans.
  let table: MeshStageTable
  /// States of such plans.
  let lattice: MeshLattice
  /// Lower bounds on such plans; infinite where there is none.
  let root: MeshRoot

  /// What plans with an objective of `upperBound` seconds or less can use; nil where no kind has a point for them, and
  /// when cancelled.
  init?(_ problem: MeshPipelineProblem, upperBound: Double, isCancelled: () -> Bool) {
    let limit = Self.inclusive(upperBound)
    guard let layout = MeshLayout(problem, limit: limit, isCancelled: isCancelled), !isCancelled(),
      let table = MeshStageTable(problem, layout, limit: limit, isCancelled: isCancelled),
      let lattice = MeshLattice(problem, layout, table, limit: limit, isCancelled: isCancelled)
    else { return nil }
    (self.layout, self.table, self.lattice) = (layout, table, lattice)
    root = MeshRoot(layout, table, lattice, rounds: problem.rounds)
  }

  /// A bound a little above one, so that rounding leaves out nothing that ties with it; finite.
  static func inclusive(_ bound: Double) -> Double {
    min(bound + 1e-9 * abs(bound), .greatestFiniteMagnitude)
  }
}

/// Lower bounds on whole plans: those of a `MeshLattice`, closed by every first stage.
struct MeshRoot {
  /// Least value of the slowest stage, seconds; infinity where no plan exists.
  private(set) var bottleneck = Double.infinity
  /// Least V, seconds.
  private(set) var whole = Double.infinity
  /// Least objective, seconds.
  private(set) var objective = Double.infinity

  /// The bounds of what a lattice holds.
  init(_ layout: MeshLayout, _ table: MeshStageTable, _ lattice: MeshLattice, rounds: Double) {
    for behind in lattice.firsts {
      for step in layout.steps(from: 0) {
        let (row, child) = (table.firstRow(behind, Int(step.size)), lattice.index(behind, Int(step.after)))
        guard row >= 0, lattice.low[child] <= lattice.high[child] else { continue }
        for left in Int(lattice.low[child])...Int(lattice.high[child]) where left < lattice.layers {
          let cell = Int(lattice.base[child]) + left - Int(lattice.low[child])
          let slot = row * table.width + lattice.layers - left
          guard lattice.sum[cell] < .infinity, table.fastest[slot] < .infinity else { continue }
          let slow = max(table.fastest[slot], lattice.bottleneck[cell])
          let full = max(table.lightest[slot] + lattice.sum[cell], lattice.whole[cell])
          bottleneck = min(bottleneck, slow)
          whole = min(whole, full)
          objective = min(objective, rounds * slow + full)
        }
      }
    }
  }
}
