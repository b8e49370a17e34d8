@testable import Engine
@testable import TUI

/// What the engine could answer to the list of the recomputed layers of the first stage, made by hand.
enum CellSamples {
  /// Eight values scored alone, of which the first lacks memory and one is forbidden, and most of them solved again.
  static func answers(of base: ScoredPlan, ticket: Int) -> [Event] {
    let current = base.plan.stages[0].checkpointedLayers
    let values = (0..<8).map { value in ListedValue(choice(value, of: base, current), current: current) }
    let solved = values.dropLast(2).map { value -> Event in
      let plan = value.id == 0 ? nil : Samples.slower(base, by: 0.004 * Double(abs(value.id - current)))
      return .list(.solved(value.id, plan), ticket: ticket)
    }
    return [.list(.values(values), ticket: ticket)] + solved
  }

  private static let pin = Pin(.checkpointedLayers, PinValues([0...5]), at: .stage(1))

  private static func choice(_ value: Int, of base: ScoredPlan, _ current: Int) -> CellChoice {
    guard value != 6 else {
      return CellChoice(value: 6, text: "6", alone: nil, moved: [], refusal: .pinned([pin]))
    }
    let steps = Double(value - current)
    var plan = Samples.slower(base, by: 0.011 * steps)
    plan.plan.stages[0].checkpointedLayers = value
    let saved = steps * (steps < 0 ? 6.5 : 0.9) * Samples.gib
    plan.score.stages[0].memory.reserved -= saved
    plan.score.stages[0].memory.spare += saved
    return CellChoice(value: value, text: "\(value)", alone: plan, moved: [], refusal: nil)
  }
}
