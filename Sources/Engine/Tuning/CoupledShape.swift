/// One shape whose stages hang together by a limit: on the kinds of stages, on the host memory of a node, or both.
///
/// No plan is faster than the optimum without the limit. Above it every way to run a stage is listed that a plan up to
/// some time can have, and the time raised until one is found: so what is found is the best, unless too many ways were
/// listed or the time was over, and then the bound says so (docs/pipeline.md, "Stages that hang together").
struct CoupledShape {
  /// The shape.
  let solver: ShapeSolver
  /// Its strategies.
  let grid: StrategyGrid
  /// The traced model.
  let model: StageModel
  /// The most kinds of stages; nil for any number.
  let maximumKinds: Int?
  /// Looked at between steps.
  let stop: SearchStop

  /// What was found.
  struct Answer {
    /// The best plan that was found; nil where none was.
    var plan: Plan?
    /// No plan of the shape that keeps the limits is faster, seconds.
    var bound: Double
  }

  /// Ways beyond this are not listed.
  private static let mostWays = 200_000
  /// Kinds beyond this are not compared with each other.
  private static let mostCompared = 4_000
  /// By how much the time is raised, again and again.
  private static let steps = [1.003, 1.01, 1.03, 1.1, 1.3, 2, 8]

  /// The best plan between `lowerBound`, which no plan of the shape beats, and `upperBound`; `known` is one that keeps
  /// the limits, with its time.
  func best(lowerBound: Double, upperBound: Double, known: (plan: Plan, seconds: Double)?) -> Answer {
    var proved = lowerBound
    let most = min(upperBound, known?.seconds ?? .infinity)
    // With weight gradients apart the slowest stage counts by more than its t: only the bound is told.
    guard solver.shape.schedule != .zeroBubble else {
      return Answer(plan: known?.plan, bound: min(proved, known?.seconds ?? .infinity))
    }
    for step in Self.steps.map({ lowerBound * $0 }) + [.infinity] {
      if stop.isStopped() { break }
      let limit = min(step, most)
      let (plan, seconds, bound) = attempt(limit)
      proved = max(proved, min(bound, limit))
      if let plan { return Answer(plan: plan, bound: min(proved, seconds)) }
      // The next step lists more: where not all could be looked at now, it cannot help.
      guard bound >= limit, limit < most else { break }
    }
    return Answer(plan: known?.plan, bound: min(proved, known?.seconds ?? .infinity))
  }

  /// Stages of one kind all have their equal part of the layers.
  private func isWanted(_ layers: Int) -> Bool {
    maximumKinds != 1 || layers * solver.shape.stages == solver.workload.model.layers
  }

  private func attempt(_ limit: Double) -> (plan: Plan?, seconds: Double, bound: Double) {
    var ways: [StageWay] = []
    let isComplete = solver.eachWay(
      model: model, grid: grid, upperBound: limit, isWanted: isWanted, isStopped: stop.isStopped
    ) { way in
      ways.append(way)
      return ways.count < Self.mostWays
    }
    let nodes = ways.contains { $0.hostBytes > 0 } ? solver.sharedNodes : []
    let found = maximumKinds.map { byKinds(ways, nodes, most: $0, limit) } ?? byMemory(ways, nodes, limit)
    return (found.plan, found.seconds, isComplete ? found.bound : 0)
  }

  private typealias Found = (plan: Plan?, seconds: Double, bound: Double)

  // MARK: Host memory

  private func byMemory(_ ways: [StageWay], _ nodes: [[Int]], _ limit: Double) -> Found {
    var kept: [[Int]: [StageWay]] = [:]
    for way in ways {
      var others = kept[[way.stage, way.layers]] ?? []
      func isNoBetter(_ a: StageWay, than b: StageWay) -> Bool {
        a.stable >= b.stable && a.firstLast >= b.firstLast && a.hostBytes >= b.hostBytes
      }
      if others.contains(where: { isNoBetter(way, than: $0) }) { continue }
      others.removeAll { isNoBetter($0, than: way) }
      others.append(way)
      kept[[way.stage, way.layers]] = others
    }
    let left = kept.values.joined().sorted { a, b in
      (a.stage, a.layers, a.stable, a.tag.packed) < (b.stage, b.layers, b.stable, b.tag.packed)
    }
    return ask(left.map { ($0, 0) }, nodes, kinds: nil, incumbent: nil, limit)
  }

  /// Asks GLPK.
  private func ask(
    _ ways: [(way: StageWay, kind: Int)], _ nodes: [[Int]], kinds: Int?, incumbent: [Int]?, _ limit: Double
  ) -> Found {
    var problem = CoupledProblem(
      microBatches: solver.shape.microBatches * solver.shape.interleave, layers: solver.workload.model.layers,
      stages: solver.shape.stages,
      options: ways.map { way, kind in
        CoupledProblem.Option(
          stage: way.stage, layers: way.layers, stable: way.stable, firstLast: way.firstLast, kind: kind,
          hostBytes: way.hostBytes, tag: way.tag.packed)
      }, maximumKinds: kinds)
    problem.nodes = nodes
    problem.hostBytes = solver.workload.cluster.nodeType.hostMemoryBytes.value
    let answer = CoupledSolver.solve(
      problem, incumbent: incumbent, upperBound: limit, timeLimitSeconds: stop.secondsForGLPK(), cancel: stop.cancel)
    let plan = answer.chosen.map { chosen in
      solver.plan(
        chosen.map { (problem.options[$0].layers, StageTag(packed: problem.options[$0].tag)) }, grid: grid)
    }
    // What is above the limit was listed only in part.
    guard answer.objective <= limit * (1 + 1e-12) else { return (nil, .infinity, answer.bound) }
    return (plan, answer.objective, answer.bound)
  }

  // MARK: Kinds

  private func byKinds(_ ways: [StageWay], _ nodes: [[Int]], most: Int, _ limit: Double) -> Found {
    let listed = kinds(of: ways)
    let tags = listed.map(\.tag)
    let search = KindSearch(
      microBatches: solver.shape.microBatches * solver.shape.interleave, layers: solver.workload.model.layers,
      stages: solver.shape.stages, kinds: listed.map(\.kind), equal: solver.equalStages,
      areCompatible: compatibility(listed.map { ($0.kind.layers, $0.tag) }))
    let open = limit < .infinity ? limit * (1 + 1e-12) : limit
    let choice =
      most <= 2
      ? search.best(most: most, upperBound: open, isStopped: stop.isStopped)
      : search.good(most: most, upperBound: open, isStopped: stop.isStopped)
    let plan = choice.map { choice in
      solver.plan(choice.kinds.map { (listed[$0].kind.layers, tags[$0]) }, grid: grid)
    }
    let isHeld = choice.map { self.keepsMemory($0, listed, nodes) } ?? true
    if most <= 2, isHeld {
      let bound = stop.isStopped() ? 0 : choice?.objective ?? limit
      return (plan, choice?.objective ?? .infinity, bound)
    }
    // Rules between pairs of kinds are not among GLPK's rows.
    guard !solver.space.couplesStages else {
      return isHeld ? (plan, choice?.objective ?? .infinity, 0) : (nil, .infinity, 0)
    }
    let options = listed.enumerated().flatMap { kind, entry in
      entry.ways.compactMap { way in way.map { (way: $0, kind: kind) } }
    }
    let incumbent: [Int]? =
      isHeld
      ? choice?.kinds.enumerated().compactMap { stage, kind in
        options.firstIndex { $0.kind == kind && $0.way.stage == stage }
      } : nil
    return ask(options, nodes, kinds: most, incumbent: incumbent, limit)
  }

  private struct Listed {
    var kind: KindSearch.Kind
    var ways: [StageWay?]
    var tag: StageTag
  }

  /// The kinds that ways are of, without those that another is at least as good as in every stage.
  private func kinds(of ways: [StageWay]) -> [Listed] {
    let stages = solver.shape.stages
    var all: [[Int]: Listed] = [:]
    for way in ways {
      let key = [way.layers, way.tag.packed]
      var entry =
        all[key]
        ?? Listed(
          kind: KindSearch.Kind(layers: way.layers, points: Array(repeating: nil, count: stages)),
          ways: Array(repeating: nil, count: stages), tag: way.tag)
      entry.kind.points[way.stage] = StagePoint(stable: way.stable, firstLast: way.firstLast, tag: 0)
      entry.ways[way.stage] = way
      all[key] = entry
    }
    let sorted = all.values.sorted { ($0.kind.layers, $0.tag.packed) < ($1.kind.layers, $1.tag.packed) }
    // Where kinds must go together, one that is worse may go with another that the better one does not go with.
    guard !solver.space.statesAlike, solver.space.checkpointing == .any else { return sorted }
    return Dictionary(grouping: sorted, by: { $0.kind.layers }).sorted { $0.key < $1.key }.flatMap {
      Self.best($0.value)
    }
  }

  private static func best(_ kinds: [Listed]) -> [Listed] {
    guard kinds.count <= mostCompared else { return kinds }
    var kept: [Listed] = []
    for kind in kinds {
      if kept.contains(where: { isNoBetter(kind, than: $0) }) { continue }
      kept.removeAll { isNoBetter($0, than: kind) }
      kept.append(kind)
    }
    return kept
  }

  private static func isNoBetter(_ a: Listed, than b: Listed) -> Bool {
    zip(a.ways, b.ways).allSatisfy { a, b in
      guard let a else { return true }
      guard let b else { return false }
      return a.stable >= b.stable && a.firstLast >= b.firstLast && a.hostBytes >= b.hostBytes
    }
  }

  private func keepsMemory(_ choice: KindSearch.Choice, _ listed: [Listed], _ nodes: [[Int]]) -> Bool {
    let capacity = solver.workload.cluster.nodeType.hostMemoryBytes.value
    return nodes.allSatisfy { stages in
      stages.reduce(0) { $0 + (listed[choice.kinds[$1]].ways[$1]?.hostBytes ?? 0) } <= capacity
    }
  }

  /// Whether two kinds may stand in one plan of the space.
  private func compatibility(_ kinds: [(layers: Int, tag: StageTag)]) -> @Sendable (Int, Int) -> Bool {
    let space = solver.space
    return { first, second in
      let (a, b) = (kinds[first], kinds[second])
      if space.statesAlike, a.tag.strategy != b.tag.strategy { return false }
      let (some, other) = (a.tag.checkpointed, b.tag.checkpointed)
      if space.checkpointing != .any, some > 0, other > 0, a.tag.recompute != b.tag.recompute { return false }
      switch space.checkpointing {
      case .any: return true
      case .none: return some + other == 0
      case .allOrNoneAlike: return (some == 0) == (other == 0)
      case .sameCount:
        // Of kinds other than `full` all layers: the same holds for each stage alone.
        guard [a, b].allSatisfy({ $0.tag.checkpointed == 0 || space.recomputeKinds[$0.tag.recompute] == .full }) else {
          return some > 0 && other > 0
        }
        return some == other || some == a.layers && some < other || other == b.layers && other < some
      }
    }
  }
}

/// How a search is told to end, for long work on one shape.
struct SearchStop {
  /// The person's flag.
  let cancel: CancelToken
  /// Cancelled, or out of time.
  let isStopped: () -> Bool
  /// Seconds that GLPK may take for one problem, 0 where there are none left.
  let secondsForGLPK: () -> Double
}
