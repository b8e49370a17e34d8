import Engine

/// What a person has decided: all that undo gives back.
struct Draft: Sendable, Equatable {
  /// The question.
  var workload: Workload
  /// The space that is searched.
  var space: SearchSpace
  /// What must not move.
  var pins: PlanPins
  /// The person's own plan; nil follows the best.
  var plan: Plan?
  /// The plan that differences are against; nil for the optimum.
  var reference: ScoredPlan?
  /// The question that the reference answers; nil for this draft's.
  var referenceWorkload: Workload?
  /// The best plan of this workload that was known when the plan was chosen: only others are offered.
  var bestWhenTaken: ScoredPlan?
}

/// The edits so far, to go back to any of them.
struct EditHistory: Sendable {
  /// One edit.
  struct Entry: Sendable {
    /// What was done, as a command: `2.checkpointedLayers=5`.
    var title: String
    /// What stood before.
    var before: Draft
    /// What stands after it.
    var after: Draft
    /// The predicted seconds of an iteration after it; nil before they are known.
    var seconds: Double?
    /// The plan fits its memory.
    var fits = true
  }

  /// The edits in order; those from `position` on are undone.
  private(set) var entries: [Entry] = []
  /// How many are in effect.
  private(set) var position = 0
  /// Counts the changes.
  private(set) var revision = 0

  /// More are not kept: the oldest goes.
  private static let most = 2000

  /// A history of so many edits, of which the first `position` are in effect; none without edits.
  init(entries: [Entry] = [], position: Int = 0) {
    self.entries = entries
    self.position = max(0, min(entries.count, position))
  }

  /// Adds an edit; what was undone is lost.
  mutating func add(_ title: String, before: Draft, after: Draft) {
    revision += 1
    entries.removeSubrange(position...)
    entries.append(Entry(title: title, before: before, after: after))
    if entries.count > Self.most { entries.removeFirst() }
    position = entries.count
  }

  /// What stands after going to a position; nil where there is none.
  mutating func go(to target: Int) -> Draft? {
    guard (0...entries.count).contains(target), target != position else { return nil }
    position = target
    revision += 1
    return target == 0 ? entries.first?.before : entries[target - 1].after
  }

  /// The last edit in effect got its score.
  mutating func note(seconds: Double, fits: Bool) {
    let last = position - 1
    guard last >= 0, entries[last].seconds != seconds || entries[last].fits != fits else { return }
    revision += 1
    entries[position - 1].seconds = seconds
    entries[position - 1].fits = fits
  }
}
