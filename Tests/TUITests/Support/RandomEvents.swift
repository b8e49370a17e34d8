import Engine

@testable import TUI

/// Events from a seed, as a person, a terminal and an engine would send them, and as none would: keys that mean nothing,
/// places off the screen, answers to what nobody asked any more.
struct RandomEvents {
  /// What is drawn from.
  var random: SeededRandom
  /// Who answers.
  let desk: AnswerDesk
  /// What was asked for and not yet answered, oldest first.
  private var open: [Effect] = []

  /// Events from a seed; `desk` answers what is asked for.
  init(seed: UInt64, desk: AnswerDesk) {
    random = SeededRandom(seed: seed)
    self.desk = desk
  }

  /// Remembers what was asked for; of more than a few the oldest is forgotten, as a slow engine would.
  mutating func ask(_ effects: [Effect], in state: ExplorerState) {
    for effect in effects {
      // What is asked from now on is asked of another workload, whatever is answered when.
      if case .open = effect { _ = desk.answer(effect, in: state) } else { open.append(effect) }
    }
    if open.count > 8 { open.removeFirst(open.count - 8) }
  }

  /// The next event.
  mutating func next(_ state: ExplorerState) -> Event {
    var left = Int.random(in: 0..<Self.weights, using: &random)
    for kind in EventKind.allCases {
      left -= kind.weight
      if left < 0 { return event(kind, state) }
    }
    return .key(.escape)
  }

  private static let weights = EventKind.allCases.map(\.weight).reduce(0, +)

  private mutating func event(_ kind: EventKind, _ state: ExplorerState) -> Event {
    let isGood = random.unit() < 0.5
    switch kind {
    case .key: return .key(pick(Self.keys))
    case .mouse: return mouse(state.size)
    case .paste: return .paste(pick(["a\u{1B}b漢\n", "", "4x8xh100", String(repeating: "é", count: 400), "-1", "9e99"]))
    case .resize: return .resize(size())
    case .engine: return engine(state)
    case .list: return list(state)
    case .why: return why(state)
    case .marginal: return marginal(state)
    case .compare: return compared(state)
    case .sizes: return sized(state)
    case .saved: return .saved(path: "x.yaml", error: isGood ? nil : "disk full")
    case .exists: return .exists(path: "x.yaml")
    case .exported: return .exported(pick(Self.exports))
    case .imported: return imported(state)
    case .settingsSaved: return .settingsSaved(error: isGood ? nil : "read-only")
    case .session: return .session(pick([.saving, .kept, .lost("disk full")]))
    case .copied: return .copied(path: "/home/a/copy", error: isGood ? nil : "no space")
    }
  }

  /// One of some values.
  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  // MARK: person and terminal

  private static let keys: [Key] =
    ("hjklzxbtrsiqTCMgG+-<>?1234567yn~ é漢,:eupPUXH*[]wcvNbhjkl+-[]p2222222"
    + "5555666677dfvomSNaADIW").map { .character($0) } + [
      .enter, .enter, .escape, .escape, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left,
      .right,
      .home, .end, .pageUp, .pageDown, .function(1), .function(12), .control("l"), .control("u"), .control("z"),
      .control("r"), .alt("x"),
    ]

  private mutating func mouse(_ size: Size) -> Event {
    let action = pick([MouseEvent.Action.press, .wheelUp, .wheelDown, .release, .drag])
    return .mouse(
      MouseEvent(
        action: action, x: Int.random(in: -2...(size.width + 2), using: &random),
        y: Int.random(in: -2...(size.height + 2), using: &random)))
  }

  /// Mostly as terminals are, sometimes as none is: 0x0 ... 300x100.
  private mutating func size() -> Size {
    let isOdd = random.unit() < 0.2
    return Size(
      width: Int.random(in: isOdd ? 0...300 : 38...130, using: &random),
      height: Int.random(in: isOdd ? 0...100 : 11...40, using: &random))
  }

  // MARK: answers

  private mutating func list(_ state: ExplorerState) -> Event {
    let isStale = random.unit() < 0.2
    if !isStale, let place = open.lastIndex(where: { if case .list = $0 { true } else { false } }) {
      if let answer = desk.answer(open.remove(at: place), in: state) { return answer }
    }
    guard case .cell(let list) = state.dialog, let value = list.values.first else {
      return .list(.values([]), ticket: state.listTicket - (isStale ? 1 : 0))
    }
    return .list(.solved(value.id, isStale ? nil : value.alone), ticket: list.ticket)
  }

  private mutating func engine(_ state: ExplorerState) -> Event {
    if random.unit() < 0.6, let place = open.firstIndex(where: { desk.isEngines($0) }),
      let answer = desk.answer(open.remove(at: place), in: state)
    {
      return answer
    }
    let plan = pick(desk.plans)
    // No engine finds plans of one workload for another.
    let isStale = random.unit() < 0.1 || state.workload != desk.workload
    let generation = isStale ? state.openedGeneration - 1 : state.search.generation
    return .engine(message(pick(EngineMessageKind.allCases), plan, state), generation: generation)
  }

  private mutating func message(_ kind: EngineMessageKind, _ plan: ScoredPlan, _ state: ExplorerState) -> EngineMessage
  {
    let isGood = random.unit() < 0.8
    switch kind {
    case .improved: return .tune(.improved(plan))
    case .considered: return .tune(.considered(Samples.considered(20, around: plan)))
    case .progress:
      var progress = SearchProgress()
      (progress.done, progress.total) = (isGood ? 3 : 0, isGood ? 7 : 0)
      return .tune(.progress(progress))
    case .frontierPoint: return .tune(.frontierPoint(FrontierPoint(memoryShare: 1, best: plan)))
    case .tuned:
      var result = TuneResult(status: isGood ? .optimal : .infeasible)
      result.best = isGood ? plan : nil
      return .tuned(result)
    case .frontierDone: return .frontierDone
    case .timeline: return .timeline(plan.plan, isGood ? desk.timeline(of: plan) : Self.emptyTimeline)
    case .scored: return .scored(plan, desk.timeline(of: plan))
    case .unscored: return .unscored(state.plans.edited ?? plan.plan, "refused")
    }
  }

  /// A schedule of nothing.
  static let emptyTimeline = Timeline(passes: [], transfers: [], makespan: 0, criticalPath: [])

  private static let exports: [ExportAnswer] = [
    .written(folder: "run", files: ["train.sh"]), .offer(reasons: ["no"], nearest: ["zero 1 -> 2"]),
    .offer(reasons: [], nearest: []), .over("1 GiB over"), .exists(path: "run/train.sh"), .failed("disk full"),
  ]
}
