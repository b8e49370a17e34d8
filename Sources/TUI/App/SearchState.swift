import Engine

/// What is known of the running or last search.
struct SearchState: Sendable {
  /// Where a search stands.
  enum Phase: Sendable, Equatable {
    /// None was started.
    case idle
    /// The optimum is searched.
    case searching
    /// The optimum is known; the frontier is filled in.
    case sweeping
    /// It has ended.
    case done
  }

  /// Messages of other searches are dropped.
  var generation = 0
  /// What it must keep.
  var pins = PlanPins()
  /// Where it searches.
  var space: SearchSpace?
  /// Where it stands.
  var phase = Phase.idle
  /// The person has asked it to stop.
  var isStopping = false
  /// How far it is.
  var progress = SearchProgress()
  /// Its answer.
  var result: TuneResult?
  /// Plans that it looked at, thinned out when there are many.
  private(set) var considered: [ConsideredPlan] = []
  /// How many it looked at.
  private(set) var consideredCount = 0
  private var stride = 1
  /// Points of the memory-time frontier that the sweep has sent.
  var sweptPoints = 0
  /// Plans that can be taken and that no other known one beats in both time and memory, rising in memory.
  ///
  /// Time is the simulated one, which every screen shows; the search proves its optimum by the closed form.
  private(set) var frontier: [ScoredPlan] = []

  /// More dots than this cannot be told apart on the largest screen.
  private static let mostDots = 16_384

  /// True while there is something to cancel.
  var isRunning: Bool { phase == .searching || phase == .sweeping }

  /// True while the optimum is not known and may still come.
  var isLooking: Bool { phase == .searching }

  /// Adds dots; when there are too many, every second one goes, always the same ones.
  mutating func add(_ plans: [ConsideredPlan]) {
    for plan in plans {
      if consideredCount % stride == 0 { considered.append(plan) }
      consideredCount += 1
      guard considered.count > SearchState.mostDots else { continue }
      considered = considered.enumerated().compactMap { $0.offset % 2 == 0 ? $0.element : nil }
      stride *= 2
    }
  }

  /// Adds a plan to the frontier, and removes those that it beats.
  mutating func add(_ plan: ScoredPlan) {
    let memory = plan.score.peakReservedBytes
    let seconds = plan.score.iterationSeconds
    guard plan.score.fits, memory.isFinite, seconds.isFinite else { return }
    let isBeaten = frontier.contains {
      $0.score.peakReservedBytes <= memory && $0.score.iterationSeconds <= seconds
    }
    guard !isBeaten else { return }
    frontier.removeAll { $0.score.peakReservedBytes >= memory && $0.score.iterationSeconds >= seconds }
    let place = frontier.firstIndex { $0.score.peakReservedBytes > memory } ?? frontier.endIndex
    frontier.insert(plan, at: place)
  }
}
