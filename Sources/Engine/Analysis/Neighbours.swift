/// A plan one step from another, and why it is no better.
public struct Neighbour: Sendable, Equatable {
  /// The cell that was set, or whose layer was moved.
  public var cell: PlanCell
  /// Its value there.
  public var value: Int
  /// The plan with the least repair, scored; nil where it is none.
  public var scored: ScoredPlan?
  /// All that differs from the plan that was asked about.
  public var changes: [PlanChange]
  /// How it stands against that plan.
  public var verdict: PlanVerdict
  /// Seconds of an iteration more than those of that plan; nil where it is none.
  public var seconds: Double?
  /// Bytes that its fullest stage reserves more than the fullest stage of that plan; nil where it is none.
  public var peakBytes: Double?
}

/// The plans around a plan in the direction of one of its cells.
public struct Neighbours: Sendable, Equatable {
  /// The cell.
  public var cell: PlanCell
  /// The plan, scored.
  public var current: ScoredPlan
  /// The next lower value that makes a plan, or why there is none; nil where the cell has the lowest value.
  public var below: Neighbour?
  /// The next higher value, likewise.
  public var above: Neighbour?
  /// For layers: one moved over each border between two stages, either way, where that is another plan than those.
  public var moves: [Neighbour]

  /// All of them, in that order.
  public var all: [Neighbour] { [below, above].compactMap { $0 } + moves }
}

extension TuningSession {
  /// The plans one step from a plan in one of its cells, each scored with the least repair under the pins.
  ///
  /// Nil where the plan has no such cell or breaks a rule itself. Complexity: a score for each neighbour. `cancel` leaves
  /// out the rest.
  public func neighbours(
    of cell: PlanCell, in plan: Plan, space: SearchSpace, pins: PlanPins = PlanPins(),
    cancel: CancelToken = CancelToken()
  ) -> Neighbours? {
    guard cell.value(in: plan) != nil, let score = try? score(plan) else { return nil }
    let current = ScoredPlan(plan: plan, score: score)
    let steps = PlanSteps(around: plan, workload: workload, space: space, pins: pins, cancel: cancel)
    var around = Neighbours(cell: cell, current: current, below: nil, above: nil, moves: [])
    around.below = steps.below(cell).map { neighbour($0, of: current) }
    around.above = steps.above(cell).map { neighbour($0, of: current) }
    guard cell.knob == .layers else { return around }
    for step in steps.moves() where !cancel.isCancelled {
      if around.all.contains(where: { $0.scored?.plan == step.plan }) { continue }
      around.moves.append(neighbour(step, of: current))
    }
    return around
  }

  /// A step, scored, and how it stands against the plan from which it goes.
  func neighbour(_ step: PlanSteps.Step, of current: ScoredPlan) -> Neighbour {
    var found = Neighbour(
      cell: step.cell, value: step.value, scored: nil, changes: [], verdict: .refused(.notHere), seconds: nil,
      peakBytes: nil)
    switch step.outcome {
    case .failure(let error): found.verdict = .refused(error)
    case .success(let plan):
      guard let score = try? score(plan) else { return found }
      let scored = ScoredPlan(plan: plan, score: score)
      found.scored = scored
      found.changes = PlanChange.all(from: current.plan, to: plan)
      found.verdict = PlanVerdict(scored, against: current)
      found.seconds = score.iterationSeconds - current.score.iterationSeconds
      found.peakBytes = score.peakReservedBytes - current.score.peakReservedBytes
    }
    return found
  }
}
