/// A value that a cell may have, and what the plan is then worth.
public struct CellChoice: Sendable {
  /// The value, in the units of `PlanKnob`.
  public var value: Int
  /// As people write it.
  public var text: String
  /// The plan with it and the least repair, scored; nil where there is none.
  public var alone: ScoredPlan?
  /// What else moved for it.
  public var moved: [PlanChange]
  /// Why there is no such plan.
  public var refusal: PlanEditError?
}

/// All values of a cell, each scored alone: with the least that must follow (`PlanEditor`).
public struct CellChoices: Sendable {
  /// The cell.
  public var cell: PlanCell
  /// Its value in the plan.
  public var current: Int
  /// The values in rising order; those of the space, and the current one.
  public var choices: [CellChoice]

  /// The largest value whose plan fits; nil where none does, or where values are words.
  public var largestThatFits: Int? {
    cell.knob.words == nil ? choices.last { $0.alone?.score.fits == true }?.value : nil
  }

  /// The legal value nearest to another, the smaller of two.
  public func nearestLegal(to value: Int) -> Int? {
    let legal = choices.filter { $0.alone != nil }.map(\.value)
    return legal.min { (abs($0 - value), $0) < (abs($1 - value), $1) }
  }
}

extension TuningSession {
  /// Scores every value that a cell of a plan may have in a space, with the least repair under the pins.
  ///
  /// Values that no plan can have are left out where the numbers do not divide; those that a pin or a rule forbids stay,
  /// with the reason. Complexity: a score for each value. `cancel` leaves out the rest.
  public func choices(
    of cell: PlanCell, in plan: Plan, space: SearchSpace, pins: PlanPins = PlanPins(),
    cancel: CancelToken = CancelToken()
  ) -> CellChoices? {
    guard let current = cell.value(in: plan) else { return nil }
    let editor = PlanEditor(workload: workload, pins: pins)
    var found: [CellChoice] = []
    for value in editor.values(of: cell, in: plan, space: space) where !cancel.isCancelled {
      var choice = CellChoice(
        value: value, text: cell.knob.text(value), alone: nil, moved: [], refusal: nil)
      do throws(PlanEditError) {
        let changed = try editor.setting(cell, to: value, in: plan)
        choice.moved = PlanChange.all(from: plan, to: changed).filter { $0.knob != cell.knob }
        choice.alone = (try? score(changed)).map { ScoredPlan(plan: changed, score: $0) }
      } catch {
        if case .indivisible = error, value != current { continue }
        choice.refusal = error
      }
      found.append(choice)
    }
    return CellChoices(cell: cell, current: current, choices: found)
  }
}
