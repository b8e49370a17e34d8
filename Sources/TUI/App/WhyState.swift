import Engine

/// What the Why pane knows, and where its cursor is.
struct WhyState: Sendable {
  /// What was asked last; nil while nothing is asked.
  var asked: WhyQuestion?
  /// Counts the questions: answers to earlier ones are dropped.
  var ticket = 0
  /// The question whose answer is shown.
  var question: WhyQuestion?
  /// The number and its parts.
  var tree: ExplanationNode?
  /// The plans one step away; while `awaitsNeighbours`, from the plan before it.
  var neighbours: Neighbours?
  /// They have not come yet.
  var awaitsNeighbours = false
  /// What binds the plan; while `awaitsBinding`, the plan before it.
  var binding: PlanBinding?
  /// What binds the plan has not come yet.
  var awaitsBinding = false
  /// What was opened or closed by hand, by the path of the node; other nodes are open near the root.
  var folds: [[String]: Bool] = [:]
  /// The row under the cursor.
  var place = WhyPlace.node([])
  /// What more of each resource buys.
  var marginal = MarginalState()

  /// What the pane asks of the worth of resources.
  struct MarginalState: Sendable {
    /// Values so far, in the order of their steps.
    var values: [MarginalValue] = []
    /// What they are for; nil before anything was asked.
    var key: Key?
    /// The person has asked for them, whatever the layout.
    var isWanted = false
    /// A search for one of them runs.
    var isRunning = false
    /// All are known.
    var isDone = false
    /// Counts the questions.
    var ticket = 0

    /// What values depend on.
    struct Key: Sendable, Equatable {
      /// The generation of the first search of the workload.
      var opened: Int
      /// The space of both searches.
      var space: SearchSpace
      /// The pins of both.
      var pins: PlanPins
      /// What stages must have in common.
      var constraints: PlanConstraints
    }
  }
}

/// A row of the Why pane that the cursor can be on.
enum WhyPlace: Sendable, Hashable {
  /// A part of the number, by the names on the way from the root.
  case node([String])
  /// The worth of a resource.
  case marginal(ResourceStep)
  /// A plan one step away, by its index.
  case neighbour(Int)
}
