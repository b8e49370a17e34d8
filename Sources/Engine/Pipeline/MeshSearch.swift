/// One run of the branch and bound of `MeshPipelineSolver`, below a bound that leaves few states.
struct MeshSearch {
  private let problem: MeshPipelineProblem
  private let layout: MeshLayout
  /// Objective of the best plan so far, or the upper bound that was given, seconds.
  private(set) var best: Double
  /// The best plan so far.
  private(set) var found: MeshPipelineSolution?
  /// Programmes solved; for tests and benchmarks.
  private(set) var programmes = 0

  /// What one bound leaves of the problem.
  private struct Reduced {
    var table: MeshStageTable
    var lattice: MeshLattice
    var root: MeshRoot
  }

  /// A search below an upper bound, seconds.
  init(_ problem: MeshPipelineProblem, _ layout: MeshLayout, upperBound: Double) {
    self.problem = problem
    self.layout = layout
    best = upperBound
  }

  /// The best plan below the upper bound; nil where there is none, or when cancelled.
  mutating func run(_ isCancelled: () -> Bool) -> MeshPipelineSolution? {
    guard var reduced = reduce(isCancelled), reduced.root.objective <= Self.inclusive(best) else { return nil }
    var programme = MeshProgramme(layout: layout, table: reduced.table, lattice: reduced.lattice)
    let rounds = problem.rounds
    guard rounds > 0 else {
      _ = solve(&programme, reduced.table, cap: .infinity, low: 0, isCancelled)
      return isCancelled() ? nil : found
    }
    // The least slow split first: a tight cap is cheap to solve and with many micro-batches near the optimum.
    let before = best
    _ = solve(&programme, reduced.table, cap: reduced.root.bottleneck, low: reduced.root.bottleneck, isCancelled)
    if best < before * 0.99 {
      // States are cheaper to leave out once than in every programme.
      guard let again = reduce(isCancelled) else { return nil }
      reduced = again
      programme = MeshProgramme(layout: layout, table: again.table, lattice: again.lattice)
    }
    let (floor, whole) = (reduced.root.bottleneck, reduced.root.whole)
    let caps = reduced.table.stable.filter { $0 > floor && rounds * $0 + whole < best }
    var open = SlowestIntervals(caps, rounds: rounds, whole: whole)
    while let interval = open.next() {
      if isCancelled() { return nil }
      guard rounds * interval.low + interval.whole < best else { continue }
      let choice = solve(&programme, reduced.table, cap: interval.high, low: interval.low, isCancelled)
      // Slower plans down to this choice's own are no better than it: only faster ones with a chance remain.
      if let choice { open.keep(interval, below: choice.slowest, whole: choice.whole, best: best) }
    }
    return isCancelled() ? nil : found
  }

  /// What the best objective leaves of the problem; nil when cancelled.
  private func reduce(_ isCancelled: () -> Bool) -> Reduced? {
    let limit = Self.inclusive(best)
    guard let table = MeshStageTable(problem, layout, limit: limit, isCancelled: isCancelled),
      let lattice = MeshLattice(problem, layout, table, limit: limit, isCancelled: isCancelled)
    else { return nil }
    return Reduced(table: table, lattice: lattice, root: MeshRoot(layout, table, lattice, rounds: problem.rounds))
  }

  /// Solves one cap for plans whose slowest stage takes `low` or more, and keeps the answer if it is the best.
  private mutating func solve(
    _ programme: inout MeshProgramme, _ table: MeshStageTable, cap: Double, low: Double, _ isCancelled: () -> Bool
  ) -> MeshProgramme.Choice? {
    programmes += 1
    guard let choice = programme.solve(cap: cap, limit: best - problem.rounds * low, isCancelled: isCancelled) else {
      return nil
    }
    let objective = ClosedForm.closedFormSeconds(
      stable: choice.stages.map { table.stable[$0.point] },
      delta: choice.stages.map { table.firstLast[$0.point] - table.stable[$0.point] },
      microBatches: problem.microBatches)
    if objective < best {
      best = objective
      let stages = choice.stages.map { stage in
        MeshPipelineSolution.Stage(
          kind: Int(table.kind[stage.point]), layers: stage.layers, point: Int(table.source[stage.point]))
      }
      found = MeshPipelineSolution(objective: objective, stages: stages)
    }
    return choice
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
