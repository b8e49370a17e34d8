import Engine

extension ExplorerState {
  /// Says something in the line at the bottom.
  mutating func say(_ text: String, _ role: Role) -> [Effect] {
    message = Message(text: text, role: role)
    return []
  }

  /// Previews the plan `steps` further on the frontier, from the shown plan's place.
  mutating func movePreview(by steps: Int) -> [Effect] {
    if showsSizes {
      moveSize(by: steps)
      return []
    }
    let frontier = search.frontier
    guard !frontier.isEmpty else { return [] }
    let start = frontier.firstIndex { $0 == shown }
    let target: Int
    if let start {
      target = start + steps
    } else {
      // A plan that is not on the frontier: its neighbours are those next to it in memory.
      let memory = shown?.score.peakReservedBytes ?? 0
      let after = frontier.firstIndex { $0.score.peakReservedBytes > memory } ?? frontier.count
      target = steps > 0 ? after + steps - 1 : after + steps
    }
    let plan = frontier[max(0, min(frontier.count - 1, target))]
    if plan != shown { plans.preview = plan == (plans.taken ?? plans.best) ? nil : plan }
    return []
  }

  /// The best plan and the next ones that differ in S, tp, G or ZeRO, as the search ended with them.
  var bestPlans: [ScoredPlan] {
    guard let result = search.result, let best = result.best else { return [] }
    return [best] + result.alternatives
  }

  /// Previews one of the best plans, `steps` further than the shown one.
  mutating func previewBest(by steps: Int) -> [Effect] {
    let plans = bestPlans
    guard !plans.isEmpty else { return [] }
    let place = plans.firstIndex { $0 == shown }.map { $0 + steps } ?? 0
    let plan = plans[max(0, min(plans.count - 1, place))]
    if plan != shown { self.plans.preview = plan == (self.plans.taken ?? self.plans.best) ? nil : plan }
    return []
  }

  /// Previews the frontier's plan of that index, if there is one.
  mutating func preview(_ index: Int) {
    if showsSizes { return goToSize(index) }
    guard search.frontier.indices.contains(index) else { return }
    let plan = search.frontier[index]
    plans.preview = plan == (plans.taken ?? plans.best) ? nil : plan
  }

  /// Starts a search; what the one before has found stays until it is beaten.
  ///
  /// - Parameter anew: the best plan known is forgotten, as one that answers another question.
  mutating func startSearch(anew: Bool = false) -> [Effect] {
    let generation = search.generation + 1
    let asked = asked
    keepSearch()
    if anew { plans.best = nil }
    search = SearchState()
    search.generation = generation
    search.phase = .searching
    search.pins = asked.pins
    search.space = request.space
    solving = nil
    if let best = plans.best, request.pins.broken(by: best.plan).isEmpty { search.add(best) } else { plans.best = nil }
    return dropStaleSizes() + [.search(asked, generation: generation)]
  }

  /// Leaves; only a file that is still being written makes it ask once.
  mutating func quit() -> [Effect] {
    guard let path = pendingPath else { return [.quit] }
    pendingPath = nil
    return say("\(path) is still being written; \(keyText("app.quit")) again leaves at once", .warning)
  }
}
