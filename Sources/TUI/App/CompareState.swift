import Engine

/// A column of the Compare pane, as it stands.
struct CompareColumn: Sendable {
  /// What is known of it.
  enum Answer: Sendable {
    /// Its plan; `isProved` where the search has proved that it is the best.
    case plan(ScoredPlan, isProved: Bool)
    /// It is searched; so much is done, 0...1.
    case searching(Double)
    /// It will be searched.
    case waiting
    /// It is not searched until somebody asks.
    case stopped
    /// No plan fits.
    case noneFits
    /// It cannot be asked, and why.
    case refused(String)
  }

  /// Which one.
  var id: CompareID
  /// Its title, at most `ComparePane.columnWidth - 1` columns.
  var title: String
  /// What it is, in words.
  var meaning: String
  /// The question that its plan answers; nil where that is the present one.
  var workload: Workload?
  /// The space in which it was searched; nil for a plan that is there already.
  var space: SearchSpace?
  /// What is known of it.
  var answer: Answer

  /// Its plan, where there is one.
  var plan: ScoredPlan? {
    if case .plan(let plan, _) = answer { plan } else { nil }
  }
}

/// What was asked and answered beside one question: kept while it may come back.
struct CompareBook: Sendable {
  /// What the answers depend on.
  struct Question: Sendable, Equatable {
    /// The workload.
    var workload: Workload
    /// The space.
    var space: SearchSpace
    /// The pins.
    var pins: PlanPins
  }

  /// A column that is searched.
  struct Entry: Sendable {
    /// Which one.
    var id: CompareID
    /// Its title.
    var title: String
    /// What it is, in words.
    var meaning: String
    /// What is tuned; nil where it cannot be asked.
    var asked: (workload: Workload, request: TuneRequest)?
    /// Why it cannot be asked.
    var refusal: String?
    /// How its search ended; nil before.
    var status: SearchStatus?
    /// Its plan.
    var best: ScoredPlan?
  }

  /// What the answers depend on.
  let question: Question
  /// The columns, in their order.
  var entries: [Entry]
  /// Columns that are still to be searched, the next one first.
  var waiting: [CompareID]

  /// The column of that id.
  subscript(_ id: CompareID) -> Entry? {
    get { entries.first { $0.id == id } }
    set {
      guard let index = entries.firstIndex(where: { $0.id == id }), let newValue else { return }
      entries[index] = newValue
    }
  }
}

/// What Compare and Runs know and ask.
struct CompareState: Sendable {
  /// A search that runs for a column.
  struct Running: Sendable {
    /// The column.
    var id: CompareID
    /// What its answer belongs to.
    var question: CompareBook.Question
    /// Tells its answers from those to others.
    var ticket: Int
    /// Share that is done.
    var share = 0.0
  }

  /// A comparison that is known, and of which plans.
  struct Explanation: Sendable {
    /// The column.
    var id: CompareID
    /// The plan that is shown.
    var shown: Plan
    /// The plan of the column.
    var other: Plan
    /// What they have not alike; nil until the engine has said it.
    var comparison: PlanComparison?
  }

  /// A judgement of a plan where the hardware is off.
  struct Judgement: Sendable {
    /// The question.
    var workload: Workload
    /// The plan that was chosen.
    var plan: Plan
    /// Tells its answer from those to others.
    var ticket: Int
    /// The judgement; nil until it is known, and where it cannot be told.
    var report: RobustReport?
    /// The engine is at it.
    var isRunning: Bool
  }

  /// Answers to the present question and to those before it, the present ones last.
  var books: [CompareBook] = []
  /// The column that the cursor was put on; nil before.
  var selected: CompareID?
  /// The first row in sight.
  var firstRow = 0
  /// Counts orders.
  var ticket = 0
  /// The search that runs.
  var running: Running?
  /// What the column under the cursor and the plan have not alike.
  var explanation: Explanation?
  /// The ticket of the explanation.
  var explanationTicket = 0
  /// The plan that came from a file, and its question.
  var opened: (workload: Workload, plan: ScoredPlan)?
  /// The run under the cursor of the Runs pane.
  var runRow = 0
  /// How the chosen plan fares where the hardware is off.
  var judgement: Judgement?

  /// Most questions whose answers are kept.
  static let mostBooks = 6
  /// Seconds after which the search of a column takes what it has.
  static let patience = 60.0
}
