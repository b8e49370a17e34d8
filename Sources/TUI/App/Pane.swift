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

  /// Title on the screen.
  var title: String {
    switch self {
    case .frontier: "Frontier"
    case .stages: "Stages"
    case .memory: "Memory"
    case .timeline: "Timeline"
    }
  }

  /// Name for `--screen`.
  public var name: String {
    switch self {
    case .frontier: "frontier"
    case .stages: "stages"
    case .memory: "memory"
    case .timeline: "timeline"
    }
  }

  /// The pane of that name, or nil.
  public static func named(_ name: String) -> Pane? { allCases.first { $0.name == name } }

  /// The pane `steps` further, around the end.
  func moved(by steps: Int) -> Pane {
    let count = Pane.allCases.count
    return Pane(rawValue: ((rawValue - 1 + steps) % count + count) % count + 1) ?? self
  }
}
