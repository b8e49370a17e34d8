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
  /// When the search began, in the same seconds: the request's time limit counts from there.
  let start: Double
  /// When to stop looking for a smaller conflict, in the same seconds.
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
    /// Without any one of them the others can hold.
    var isMinimal = true
    /// No smaller set of them was left untried.
    var isSmallest = true
  }

  /// Sets of demands of which it is known whether some plan keeps them.
  private struct Known {
    /// Kept by some plan, and so is each part of them.
    var fitting: [Set<Demand>] = []
    /// Kept by none, and so is no set that has them all.
    var impossible: [Set<Demand>] = []

    func fits(_ demands: Set<Demand>) -> Bool? {
      if fitting.contains(where: demands.isSubset) { return true }
      return impossible.contains(where: demands.isSuperset) ? false : nil
    }
  }

  private var all: [Demand] {
    request.pins.pins.map(Demand.held) + request.constraints.texts.map(Demand.constraint)
  }

  /// A smaller conflict is looked for among up to this many demands.
  private static let mostForSets = 12

  /// The smallest conflict; where that would take too long, one from which no demand can be taken away.
  ///
  /// Demands are taken away one by one, as far as the time limit of the request goes; then all sets that are smaller
  /// than what is left are tried, from the smallest on, until the deadline.
  func answer() -> Answer {
    var known = Known()
    let limit = request.timeLimitSeconds.map { start + $0 } ?? .infinity
    guard let isBlameless = fits([], &known, until: limit) else {
      return Answer(demands: all, isMinimal: false, isSmallest: false)
    }
    guard isBlameless else { return Answer() }
    known.impossible.append(Set(all))
    var left = all
    for demand in all where left.count > 1 {
      let fewer = left.filter { $0 != demand }
      guard let fits = fits(fewer, &known, until: limit) else {
        return Answer(demands: left, isMinimal: false, isSmallest: false)
      }
      if !fits { left = fewer }
    }
    return smaller(than: left, &known)
  }

  private func smaller(than left: [Demand], _ known: inout Known) -> Answer {
    // Without any demand a plan fits, so that one alone is the smallest conflict.
    guard left.count > 1 else { return Answer(demands: left) }
    let demands = all
    guard demands.count <= Self.mostForSets else { return Answer(demands: left, isSmallest: false) }
    for size in 1..<left.count {
      for subset in Self.subsets(demands, size) {
        guard let fits = fits(subset, &known, until: deadline) else { return Answer(demands: left, isSmallest: false) }
        if !fits { return Answer(demands: subset) }
      }
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
  private func fits(_ demands: [Demand], _ known: inout Known, until end: Double) -> Bool? {
    if let fits = known.fits(Set(demands)) { return fits }
    let fits = search(demands, until: end)
    switch fits {
    case true: known.fitting.append(Set(demands))
    case false: known.impossible.append(Set(demands))
    default: break
    }
    return fits
  }

  private func search(_ demands: [Demand], until end: Double) -> Bool? {
    let left = end - now()
    guard left > 0, !cancel.isCancelled else { return nil }
    if demands.isEmpty, memory.known(request.space).values.contains(where: { $0.optimum != nil }) { return true }
    var asked = request
    asked.pins = PlanPins(demands.compactMap(\.pin))
    asked.constraints = (try? PlanConstraints(texts: demands.filter { $0.pin == nil }.map(\.text))) ?? PlanConstraints()
    asked.alternatives = 0
    asked.certify = false
    asked.timeLimitSeconds = left.isFinite ? left : nil
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
