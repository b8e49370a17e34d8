import Engine

/// A column of the Compare pane.
public enum CompareID: Sendable, Hashable {
  /// The plan that is shown.
  case shown
  /// What differences are against everywhere else.
  case reference
  /// The best plan of the last search, where the reference is another.
  case optimum
  /// The plan that came from a file.
  case opened
  /// The best of a search space, on the runtime of its launcher.
  case space(String)
  /// The answer to a question.
  case whatIf(WhatIf)
  /// The best on another kind of node.
  case cluster(String)
}

/// What Compare and Runs ask the engine, all of it in the background.
public enum CompareOrder: Sendable {
  /// Find the best plan of a column; what was solved before stops.
  case solve(CompareID, Workload, TuneRequest)
  /// Stop that.
  case stop
  /// Say what a plan of the present workload and one of another have not alike; of several only the last counts.
  case explain(CompareID, ScoredPlan, ScoredPlan, of: Workload)
  /// Judge the answer of a search on hardware that is off; what was judged before stops.
  case judge(TuneResult, TuneRequest)
  /// Stop that.
  case stopJudging
}

/// What the engine answers.
public enum CompareMessage: Sendable {
  /// Share of the search of a column that is done, 0...1; told when its whole per cent change.
  case progress(CompareID, Double)
  /// A column is solved, or its search has ended before.
  case solved(CompareID, SearchStatus, ScoredPlan?)
  /// What a column has not alike with the plan that is shown.
  case explained(CompareID, PlanComparison)
  /// How plans fare where the hardware is off; nil where that cannot be told, and when stopped.
  case judged(RobustReport?)
}
