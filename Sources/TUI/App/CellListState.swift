import Engine

/// Something in a cell that a person can change.
public enum EditedCell: Sendable, Hashable {
  /// A choice of the plan.
  case plan(PlanCell)
  /// A choice of the workload.
  case run(WorkloadKnob)

  /// As people call it: `ZeRO level of stage 2`, `batch`.
  var title: String {
    switch self {
    case .plan(let cell): cell.title
    case .run(let knob): knob.title
    }
  }
}

/// What a list of values asks the engine.
public struct CellQuestion: Sendable {
  /// The cell.
  public var cell: EditedCell
  /// The plan in which it is changed.
  public var plan: Plan
  /// What is searched for the solved scores, with the pins.
  public var request: TuneRequest
}

/// A value that a list offers.
public struct ListedValue: Sendable {
  /// Tells it from the others of its list: the value of a choice of the plan, the place of one of the workload.
  public var id: Int
  /// As people write it.
  public var text: String
  /// It is what the cell has now.
  public var isCurrent: Bool
  /// The plan with it and the least repair, scored; nil where there is none.
  public var alone: ScoredPlan?
  /// What else moves for it.
  public var moved: [PlanChange]
  /// Why there is no such plan, where that is known.
  public var refusal: String?
  /// The workload with it; nil for a choice of the plan.
  public var workload: Workload?

  /// A value of a choice of the plan.
  public init(_ choice: CellChoice, current: Int) {
    id = choice.value
    text = choice.text
    isCurrent = choice.value == current
    alone = choice.alone
    moved = choice.moved
    refusal = choice.refusal.map { "\($0)" }
  }

  /// A value of a choice of the workload, at a place of the list.
  public init(_ choice: WorkloadChoice, at place: Int) {
    id = place
    text = choice.value.text
    isCurrent = choice.value.isCurrent
    alone = choice.alone
    moved = choice.moved
    workload = choice.value.workload
  }
}

/// What the engine answers to a list of values.
public enum CellListMessage: Sendable {
  /// Every value, scored alone; empty where the cell has none.
  case values([ListedValue])
  /// A value, by its id, with the rest solved again; nil where nothing fits.
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
  let cell: EditedCell
  /// What it has now, as people write it.
  let current: String
  /// The plan that is edited.
  let plan: Plan
  /// Its score when the list opened: what differences are against.
  let base: ScoredPlan?
  /// Tells the answers to this list from those to others.
  let ticket: Int
  /// The values, once they are scored.
  var values: [ListedValue] = []
  /// Values with the rest solved again, by their ids, as they come.
  var solved: [Int: Solved] = [:]
  /// The row under the cursor.
  var row = 0
  /// What was typed.
  var typed = TextField()
  /// What was wrong with it.
  var error: String?

  /// The value under the cursor.
  var value: ListedValue? { values.indices.contains(row) ? values[row] : nil }

  /// The last value whose plan fits, where values are numbers: the largest.
  var largestThatFits: Int? {
    let isNumber =
      switch cell {
      case .plan(let cell): cell.knob.words == nil
      case .run(let knob): knob.isNumber
      }
    return isNumber ? values.last { $0.alone?.score.fits == true }?.id : nil
  }

  /// The value whose plan is the fastest that fits, alone or solved; nil before two are known.
  var fastest: Int? {
    func seconds(_ value: ListedValue) -> Double? {
      var known = [value.alone].compactMap { $0 }
      if case .best(let plan)? = solved[value.id] { known.append(plan) }
      return known.filter(\.score.fits).map(\.score.iterationSeconds).min()
    }
    let known = values.compactMap { value in seconds(value).map { (seconds: $0, id: value.id) } }
    return known.count > 1 ? known.min { ($0.seconds, $0.id) < ($1.seconds, $1.id) }?.id : nil
  }
}
