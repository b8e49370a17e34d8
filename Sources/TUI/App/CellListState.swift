import Engine

/// What a list of values asks the engine.
public struct CellQuestion: Sendable {
  /// The cell.
  public var cell: PlanCell
  /// The plan in which it is changed.
  public var plan: Plan
  /// What is searched for the solved scores, with the pins.
  public var request: TuneRequest
}

/// What the engine answers to a list of values.
public enum CellListMessage: Sendable {
  /// Every value, scored alone; nil where the cell has none.
  case choices(CellChoices?)
  /// A value with the rest solved again; nil where nothing fits.
  case solved(Int, ScoredPlan?)
}

/// The list of the values of a cell, with the score that each would give.
struct CellListState: Sendable {
  /// What the engine knows of a value with the rest solved again.
  enum Solved: Sendable {
    /// The best plan with it.
    case best(ScoredPlan)
    /// No plan with it fits.
    case none
  }

  /// The cell.
  let cell: PlanCell
  /// The plan that is edited.
  let plan: Plan
  /// Its score when the list opened: what differences are against.
  let base: ScoredPlan?
  /// Tells the answers to this list from those to others.
  let ticket: Int
  /// The values, once they are scored.
  var choices: CellChoices?
  /// Values with the rest solved again, as they come.
  var solved: [Int: Solved] = [:]
  /// The value under the cursor.
  var value: Int
  /// What was typed.
  var typed = TextField()
  /// What was wrong with it.
  var error: String?

  /// The row of the value under the cursor.
  var row: Int? { choices?.choices.firstIndex { $0.value == value } }

  /// The choice under the cursor.
  var choice: CellChoice? { row.flatMap { choices?.choices[$0] } }
}
