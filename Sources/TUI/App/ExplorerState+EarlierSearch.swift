import Engine

/// What a search of this workload has found, with its best plan.
struct EarlierSearch: Sendable {
  /// What it knows.
  var search: SearchState
  /// The best plan when it ended.
  var best: ScoredPlan
}

/// Going back to what an earlier search has found: a plan that follows the best follows that of its own question.
extension ExplorerState {
  /// More are not kept: the oldest goes.
  private static let mostEarlier = 8

  /// Keeps what the search has found, before another one takes its place.
  mutating func keepSearch() {
    guard let best = plans.best, let result = search.result, result.best != nil, result.status != .cancelled else {
      return
    }
    earlier.removeAll { $0.search.isOfSameQuestion(as: search) }
    var kept = search
    (kept.phase, kept.isStopping) = (.done, false)
    earlier.append(EarlierSearch(search: kept, best: best))
    if earlier.count > Self.mostEarlier { earlier.removeFirst() }
  }

  /// Shows what was found for the pins and the space of now, where they are not those of the last search: pins were
  /// undone or released. Where nothing was found for them, and the last search kept pins that no longer hold, it is
  /// searched again: its best plan is not the best of now.
  mutating func followQuestion() -> [Effect] {
    let asked = asked
    guard search.pins != asked.pins || search.space != request.space else { return [] }
    if let index = earlier.firstIndex(where: { $0.search.pins == asked.pins && $0.search.space == request.space }) {
      let effects: [Effect] = search.isRunning ? [.cancelSearch] : []
      let generation = search.generation + 1
      let found = earlier[index]
      keepSearch()
      search = found.search
      search.generation = generation
      plans.best = found.best
      if search.pins.isEmpty { plans.optimum = found.best }
      solving = nil
      return effects + dropStaleSizes()
    }
    return search.pins.pins.contains { !asked.pins.pins.contains($0) } ? startSearch() : []
  }
}

extension SearchState {
  /// Whether it keeps the same pins in the same space.
  fileprivate func isOfSameQuestion(as other: SearchState) -> Bool { pins == other.pins && space == other.space }
}
