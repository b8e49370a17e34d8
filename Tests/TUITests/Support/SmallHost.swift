import Engine

@testable import TUI

/// Does what the explorer asks for at once, with the real engine on a workload so small that it answers in a moment.
struct SmallHost {
  /// Eight layers on four GPUs of one node.
  static let workload: Workload = {
    var workload = Samples.workload(nodes: 1, name: "small")
    workload.model = ModelShape(
      name: "small", hidden: 1024, feedForward: 4096, layers: 8, heads: 16, vocabulary: 50304, source: "test")
    workload.cluster.gpusPerNode = 4
    workload.run = TrainingRun(sequenceLength: 1024, globalBatch: 16)
    return workload
  }()

  /// Two stages of two GPUs.
  static let plan: Plan = {
    let stage = StageChoice(
      layers: 4, nodes: 1, gpusPerNode: 2, microBatch: 1, dataParallel: 2, tensorParallel: 1, zero: 1,
      checkpointedLayers: 1)
    return Plan(gradientAccumulation: 8, stages: [stage, stage])
  }()

  private var session: TuningSession
  /// Scores are left unanswered: as between a key and the engine's answer.
  var isSlow = false
  /// Lists have their values solved again, not only scored alone.
  var solvesLists = true

  /// A host of the small workload.
  init() { session = TuningSession(workload: Self.workload) { 0 } }

  /// The explorer with the plan opened, before any search.
  static func opened(size: Size = Size(width: 120, height: 36), pins: [String] = []) throws -> ExplorerState {
    let session = TuningSession(workload: workload) { 0 }
    var request = TuneRequest(threads: 1)
    request.pins = try PlanPins(texts: pins)
    return ExplorerState(
      workload: workload, request: request, look: try Scenes.look(), themes: try Theme.shipped(), size: size,
      plan: ScoredPlan(plan: plan, score: try session.score(plan)), records: Samples.records)
  }

  /// Takes an event and does all that follows from it.
  mutating func send(_ event: Event, _ state: inout ExplorerState) {
    var events = [event][...]
    while let next = events.popFirst() {
      for effect in update(&state, next) { events += answers(effect) }
    }
  }

  /// Presses keys, one after the other.
  mutating func press(_ keys: [Key], _ state: inout ExplorerState) {
    for key in keys { send(.key(key), &state) }
  }

  /// Types characters.
  mutating func type(_ text: String, _ state: inout ExplorerState) { press(text.map { .character($0) }, &state) }

  /// The first answer to an effect; nil where it has none.
  mutating func answer(to effect: Effect) -> Event? { answers(effect).first }

  /// What a search finds.
  func result(_ request: TuneRequest) -> TuneResult { session.tune(request) }

  /// All answers to an effect, in order.
  mutating func answers(_ effect: Effect) -> [Event] {
    switch effect {
    case .open(let workload):
      session = session.edited(workload)
      return []
    case .search(let request, let generation):
      return [
        .engine(.tuned(session.tune(request)), generation: generation), .engine(.frontierDone, generation: generation),
      ]
    case .score(let plan, let generation) where !isSlow:
      guard let found = try? session.evaluate(plan, withLayers: true) else {
        return [.engine(.unscored(plan, "refused"), generation: generation)]
      }
      let scored = ScoredPlan(plan: plan, score: found.score)
      return [.engine(.scored(scored, found.timeline), generation: generation)]
    case .timeline(let plan, let generation):
      return (try? session.timeline(plan)).map { [.engine(.timeline(plan, $0), generation: generation)] } ?? []
    case .list(let question?, let ticket):
      return list(question, ticket: ticket)
    default: return []
    }
  }

  private func list(_ question: CellQuestion, ticket: Int) -> [Event] {
    let pins = question.request.pins
    switch question.cell {
    case .plan(let cell):
      let found = session.choices(of: cell, in: question.plan, space: question.request.space, pins: pins)
      let values = (found?.choices ?? []).map { ListedValue($0, current: found?.current ?? 0) }
      return [.list(.values(values), ticket: ticket)]
        + (solvesLists ? values : []).map { value in
          let plan = session.solved(cell, at: value.id, near: question.plan, request: question.request)
          return .list(.solved(value.id, plan), ticket: ticket)
        }
    case .run(let knob):
      let values = session.choices(of: knob, for: question.plan, pins: pins).enumerated().map {
        ListedValue($0.element, at: $0.offset)
      }
      return [.list(.values(values), ticket: ticket)]
    }
  }
}
