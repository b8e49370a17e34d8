/// Which pins and constraints make a question unanswerable: the smallest set of them that no plan keeps.
struct PinConflict {
  /// The workload.
  let workload: Workload
  /// What was asked, with the pins that nothing fits under.
  let request: TuneRequest
  /// What earlier searches of the workload found.
  let memory: SessionMemory
  /// The flag of the search.
  let cancel: CancelToken
  /// Seconds from any fixed moment.
  let now: @Sendable () -> Double
  /// When to stop asking, in the same seconds.
  let deadline: Double

  /// Something that a person demands of a plan.
  enum Demand: Hashable {
    case held(Pin)
    case constraint(String)

    /// As a person writes it.
    var text: String {
      switch self {
      case .held(let pin): pin.text
      case .constraint(let text): text
      }
    }

    /// The pin, where it is one.
    var pin: Pin? {
      if case .held(let pin) = self { return pin }
      return nil
    }
  }

  /// What was found.
  struct Answer {
    /// Demands that cannot all hold; empty where nothing fits even without them.
    var demands: [Demand] = []
    /// No smaller set of them was left untried.
    var isSmallest = true
  }

  private var all: [Demand] {
    request.pins.pins.map(Demand.held) + request.constraints.texts.map(Demand.constraint)
  }

  /// Up to this many demands all sets are tried, from the smallest on; more are taken away one by one.
  private static let mostForSets = 6

  /// The smallest conflict, or one from which no pin can be taken away where there are many.
  func answer() -> Answer {
    guard let isBlameless = fits([]) else { return Answer(demands: all, isSmallest: false) }
    guard isBlameless else { return Answer() }
    let demands = all
    guard demands.count <= Self.mostForSets else { return byTakingAway(demands) }
    for size in 1..<max(1, demands.count) {
      for subset in Self.subsets(demands, size) {
        guard let fits = fits(subset) else { return Answer(demands: demands, isSmallest: false) }
        if !fits { return Answer(demands: subset) }
      }
    }
    return Answer(demands: demands)
  }

  private func byTakingAway(_ demands: [Demand]) -> Answer {
    var left = demands
    for demand in demands {
      let fewer = left.filter { $0 != demand }
      guard let fits = fits(fewer) else { return Answer(demands: left, isSmallest: false) }
      if !fits { left = fewer }
    }
    return Answer(demands: left)
  }

  /// All sets of `size` demands, in order.
  private static func subsets(_ demands: [Demand], _ size: Int) -> [[Demand]] {
    guard size > 0 else { return [[]] }
    guard demands.count >= size, let first = demands.first else { return [] }
    let rest = Array(demands.dropFirst())
    return subsets(rest, size - 1).map { [first] + $0 } + subsets(rest, size)
  }

  /// Whether some plan keeps these demands; nil where the time was over before it was known.
  private func fits(_ demands: [Demand]) -> Bool? {
    let left = deadline - now()
    guard left > 0, !cancel.isCancelled else { return nil }
    if demands.isEmpty, memory.known(request.space).values.contains(where: { $0.optimum != nil }) { return true }
    var asked = request
    asked.pins = PlanPins(demands.compactMap(\.pin))
    asked.constraints = (try? PlanConstraints(texts: demands.filter { $0.pin == nil }.map(\.text))) ?? PlanConstraints()
    asked.alternatives = 0
    asked.certify = false
    asked.timeLimitSeconds = left
    let stop = CancelToken(parent: cancel)
    // The first plan is enough.
    let search = ShapeSearch(workload: workload, request: asked, cancel: stop, memory: memory, now: now) { event in
      if case .improved = event { stop.cancel() }
    }
    search.run()
    if search.outcome.best != nil { return true }
    return stop.isCancelled || search.outcome.timedOut ? nil : false
  }
}
