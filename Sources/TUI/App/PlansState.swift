import Engine

/// Which plan is shown, and what it is compared with.
struct PlansState: Sendable {
  /// The best plan that the search has found.
  var best: ScoredPlan?
  /// The plan that the person has chosen; nil follows the best.
  var taken: ScoredPlan?
  /// The best plan at the moment of choosing, which undo gives back too: only later ones are news.
  var bestWhenTaken: ScoredPlan?
  /// The plan on the frontier that the person looks at without having taken it.
  var preview: ScoredPlan?
  /// The choices that the person has just made, until they are scored.
  var edited: Plan?
  /// The plan that the person set as the reference; nil follows the optimum.
  var chosenReference: ScoredPlan?
  /// The question that it answers; nil for the present one.
  var referenceWorkload: Workload?
  /// The best plan of the last search without pins.
  var optimum: ScoredPlan?

  /// The plan on the screen.
  var shown: ScoredPlan? { preview ?? taken ?? best }
  /// The plan that differences are against.
  var reference: ScoredPlan? { chosenReference ?? optimum ?? best }

  /// Makes a plan the person's own; answers no longer replace it.
  mutating func take(_ plan: ScoredPlan) {
    taken = plan
    preview = nil
  }

  /// Drops what was found for another workload.
  mutating func forget() {
    (best, taken, bestWhenTaken, preview, edited, optimum) = (nil, nil, nil, nil, nil, nil)
  }
}

extension ExplorerState {
  /// A plan that was found after the person took theirs, keeps the pins, and is faster.
  var better: ScoredPlan? {
    guard let taken = plans.taken, let best = plans.best, best != plans.bestWhenTaken, best != taken,
      best.score.iterationSeconds < taken.score.iterationSeconds, request.pins.broken(by: best.plan).isEmpty
    else { return nil }
    return best
  }
}
