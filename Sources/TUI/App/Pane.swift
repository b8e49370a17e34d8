/// A part of the screen with a number, a title and keys of its own.
public enum Pane: Int, Sendable, CaseIterable, Hashable {
  /// Time against memory of all plans.
  case frontier = 1
  /// A row a stage: its choices and figures.
  case stages
  /// A bar a stage.
  case memory
  /// The simulated schedule.
  case timeline
  /// Where the number under the cursor comes from.
  case why
  /// The plan beside others.
  case compare
  /// Measured runs like the plan.
  case runs

  /// Title on the screen.
  var title: String {
    switch self {
    case .frontier: "Frontier"
    case .stages: "Stages"
    case .memory: "Memory"
    case .timeline: "Timeline"
    case .why: "Why"
    case .compare: "Compare"
    case .runs: "Runs"
    }
  }

  /// Name for `--screen`.
  public var name: String { title.lowercased() }

  /// It speaks of what another pane shows, and opens over panes that do not.
  var isSide: Bool { rawValue >= Pane.why.rawValue }

  /// The pane of that name, or nil.
  public static func named(_ name: String) -> Pane? { allCases.first { $0.name == name } }
}
