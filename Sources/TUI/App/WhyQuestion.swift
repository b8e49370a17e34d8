import Engine

/// What the Why pane asks the engine about one number on the screen.
public struct WhyQuestion: Sendable, Equatable {
  /// The number.
  public var figure: WhyFigure
  /// The choice whose neighbours are scored: the one under the cursor, or the one that moves the number most directly.
  public var cell: PlanCell
  /// What the cursor is on, for people: `recomputed layers of stage 2, now 4`; empty where the number says it.
  public var title: String
  /// The plan.
  public var plan: Plan
  /// Where neighbours may lie.
  public var space: SearchSpace
  /// What they must keep.
  public var pins: PlanPins
  /// The generation of the first search of the workload: the same plan of another workload is another question.
  public var opened: Int

  /// Whether the same binds: the plan, the workload, and where neighbours may lie are those of another question.
  public func isOfSamePlan(as other: WhyQuestion) -> Bool {
    opened == other.opened && plan == other.plan && space == other.space && pins == other.pins
  }
}

/// What the engine answers to a question of the Why pane, in this order.
public enum WhyMessage: Sendable {
  /// The number and all that it is made of; nil where the plan has no such number.
  case tree(ExplanationNode?)
  /// The plans one step away; nil where the choice has none.
  case neighbours(Neighbours?)
  /// What binds the plan; nil where it breaks a rule.
  case binding(PlanBinding?)
}

/// What the Why pane asks of the worth of resources.
public struct MarginalQuestion: Sendable {
  /// What is searched, with more of each resource and without.
  public var request: TuneRequest
  /// More of what, in the order in which it is asked.
  public var steps: [ResourceStep]
}

/// What the engine answers to that.
public enum MarginalMessage: Sendable {
  /// The worth of one step.
  case value(MarginalValue)
  /// All that can be told has been told.
  case done
}
