/// The plans one step from a plan, made by edits and not yet scored.
struct PlanSteps {
  /// One of them.
  struct Step {
    /// The cell that was set, or whose layer was moved.
    var cell: PlanCell
    /// Its value there.
    var value: Int
    /// The plan with the least repair, or why there is none.
    var outcome: Result<Plan, PlanEditError>

    /// The plan; nil where there is none.
    var plan: Plan? { try? outcome.get() }
  }

  /// The plan around which they are.
  let plan: Plan
  private let editor: PlanEditor
  private let space: SearchSpace
  private let cancel: CancelToken

  /// The steps around a plan; `cancel` leaves out those that were not asked for yet.
  init(around plan: Plan, workload: Workload, space: SearchSpace, pins: PlanPins, cancel: CancelToken) {
    self.plan = plan
    self.space = space
    self.cancel = cancel
    editor = PlanEditor(workload: workload, pins: pins)
  }

  /// The next lower value of a cell that makes a plan, or why there is none; nil where it has the lowest value.
  func below(_ cell: PlanCell) -> Step? { next(cell) { values, value in values.filter { $0 < value }.reversed() } }

  /// The next higher value, likewise.
  func above(_ cell: PlanCell) -> Step? { next(cell) { values, value in values.filter { $0 > value } } }

  /// A layer over each border between two stages, either way, where the layers can be moved.
  func moves() -> [Step] {
    plan.stages.indices.dropLast().flatMap { stage in
      [(stage, 1), (stage + 1, -1)].compactMap { from, steps -> Step? in
        guard !cancel.isCancelled else { return nil }
        let found = step(PlanCell(.layers, stage: from), plan.stages[from].layers - 1) { () throws(PlanEditError) in
          try editor.movingLayer(from: from, by: steps, in: plan)
        }
        return found.plan == nil ? nil : found
      }
    }
  }

  /// The first of some values of a cell that makes a plan; where none does, why the first one does not.
  private func next(_ cell: PlanCell, _ direction: ([Int], Int) -> [Int]) -> Step? {
    guard let current = cell.value(in: plan) else { return nil }
    var refused: Step?
    for value in direction(editor.values(of: cell, in: plan, space: space), current) where !cancel.isCancelled {
      let found = step(cell, value) { () throws(PlanEditError) in try editor.setting(cell, to: value, in: plan) }
      if found.plan != nil { return found }
      if refused == nil { refused = found }
    }
    return refused
  }

  private func step(_ cell: PlanCell, _ value: Int, _ edit: () throws(PlanEditError) -> Plan) -> Step {
    do throws(PlanEditError) {
      return Step(cell: cell, value: value, outcome: .success(try edit()))
    } catch {
      return Step(cell: cell, value: value, outcome: .failure(error))
    }
  }
}
