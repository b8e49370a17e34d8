/// One run of the branch and bound of `MeshPipelineSolver`, below a bound that leaves few states.
struct MeshSearch {
  private let problem: MeshPipelineProblem
  /// Objective of the best plan so far, or the upper bound that was given, seconds.
  private(set) var best: Double
  /// The best plan so far.
  private(set) var found: MeshPipelineSolution?
  /// Programmes solved; for tests and benchmarks.
  private(set) var programmes = 0

  /// A search below an upper bound, seconds.
  init(_ problem: MeshPipelineProblem, upperBound: Double) {
    self.problem = problem
    best = upperBound
  }

  /// The best plan below the upper bound; nil where there is none, or when cancelled.
  mutating func run(_ isCancelled: () -> Bool) -> MeshPipelineSolution? {
    guard var reduced = MeshReduction(problem, upperBound: best, isCancelled: isCancelled) else { return nil }
    guard reduced.root.objective < .infinity else { return nil }
    var programme = MeshProgramme(reduced)
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
      guard let again = MeshReduction(problem, upperBound: best, isCancelled: isCancelled) else {
        return isCancelled() ? nil : found
      }
      reduced = again
      programme = MeshProgramme(again)
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
}
