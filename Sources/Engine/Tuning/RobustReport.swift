/// How plans fare where the hardware is not what its figures say (docs/frontiers.md, "Robust plans").
public struct RobustReport: Sendable, Equatable {
  /// Hardware that is off in some way.
  public struct Scenario: Sendable, Equatable {
    /// For people: `links between nodes slower`.
    public var name: String
    /// By which share of its error each kind of figure is off, in the order of `HardwareDoubt`; -1 is slower, or more
    /// memory reserved.
    public var shares: [Double]
    /// Seconds of the fastest candidate that fits; nil where none does.
    public var bestSeconds: Double?
    /// Seconds of the plan that the search chose.
    public var chosenSeconds: Double
    /// It still fits.
    public var chosenFits: Bool
    /// What it loses against the fastest.
    public var chosenRegret: Double
  }

  /// A plan that was judged.
  public struct Candidate: Sendable, Equatable {
    /// The plan, scored on the hardware as told.
    public var scored: ScoredPlan
    /// The most that it loses against the fastest candidate of a scenario: 0.1 is 10 % slower.
    public var worstRegret: Double
    /// Index of the scenario in which it does.
    public var worstScenario: Int
    /// Scenarios in which it does not fit.
    public var lost: Int
  }

  /// The plans: the chosen one first.
  public var candidates: [Candidate]
  /// Index of the plan that loses the least at worst.
  public var mostRobust: Int
  /// The scenarios; the first is the hardware as told.
  public var scenarios: [Scenario]
  /// What a measured figure may be off by, as a ratio above 1.
  public var measuredError: Double
  /// What another figure may be off by.
  public var derivedError: Double
  /// What reserved memory may be off by.
  public var reservedError: Double
  /// The kinds of figures that nobody measured on this hardware.
  public var unmeasured: [Unmeasured]

  /// What a plan loses that does not fit: the iteration is lost and done again by another.
  public static let lostRegret = 1.0

  /// The most that the chosen plan loses.
  public var chosenRegret: Double { candidates.first?.worstRegret ?? 0 }
  /// The most that the most robust plan loses; never more than the chosen one.
  public var worstRegret: Double { candidates.indices.contains(mostRobust) ? candidates[mostRobust].worstRegret : 0 }
}
