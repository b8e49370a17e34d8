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
  /// What more of each resource buys is searched for; else it stays unanswered.
  var searchesResources = true
  /// Questions of the Why pane are answered.
  var explains = true
  /// Searches of the Compare pane's columns are left unanswered.
  var leavesColumns = false
  /// The columns that are really searched; of the others the answer is that nothing fits, at once.
  var searches: @Sendable (CompareID) -> Bool = { _ in true }
  /// Lists have their values solved again, not only scored alone.
  var solvesLists = true

  /// A host of the small workload, or of another one.
  init(workload: Workload = workload) { session = SharedEngine.session(workload) }

  /// Two layers on two GPUs: a search takes a moment also in a debug build.
  static let tinyWorkload: Workload = {
    var tiny = workload
    tiny.model.layers = 2
    tiny.cluster.gpusPerNode = 2
    tiny.run = TrainingRun(sequenceLength: 256, globalBatch: 4)
    return tiny
  }()

  /// A layer on each of them.
  static let tinyPlan: Plan = {
    let stage = StageChoice(
      layers: 1, nodes: 1, gpusPerNode: 1, microBatch: 1, dataParallel: 1, tensorParallel: 1, zero: 0,
      checkpointedLayers: 1)
    return Plan(gradientAccumulation: 4, stages: [stage, stage])
  }()

  /// 32 layers on sixteen GPUs.
  static let deepWorkload: Workload = {
    var deep = workload
    deep.model.layers = 32
    deep.cluster.nodes = 2
    deep.cluster.gpusPerNode = 8
    return deep
  }()

  /// Sixteen stages, of which all but the first are alike.
  static let deepPlan: Plan = {
    let stage = StageChoice(
      layers: 2, nodes: 1, gpusPerNode: 1, microBatch: 1, dataParallel: 1, tensorParallel: 1, zero: 0,
      checkpointedLayers: 1)
    var plan = Plan(gradientAccumulation: 16, stages: Array(repeating: stage, count: 16))
    plan.stages[0].checkpointedLayers = 2
    return plan
  }()

  /// The explorer with the plan opened, before any search.
  static func opened(
    size: Size = Size(width: 120, height: 36), pins: [String] = [], workload: Workload = workload, plan: Plan = plan,
    charset: Charset = .braille
  ) throws -> ExplorerState {
    let session = SharedEngine.session(workload)
    var request = TuneRequest(threads: 1)
    request.pins = try PlanPins(texts: pins)
    return ExplorerState(
      workload: workload, request: request, look: try Scenes.look(charset), themes: try Theme.shipped(), size: size,
      plan: ScoredPlan(plan: plan, score: try session.score(plan)), records: Samples.records)
  }

  /// Does an effect, and all that follows from it.
  mutating func perform(_ effect: Effect, _ state: inout ExplorerState) {
    for event in answers(effect) { send(event, &state) }
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
  func result(_ request: TuneRequest) -> TuneResult { SharedEngine.tuned(session.workload, request) }

  /// All answers to an effect, in order.
  mutating func answers(_ effect: Effect) -> [Event] {
    switch effect {
    case .open(let workload):
      session = SharedEngine.session(workload)
      return []
    case .search(let request, let generation):
      return [
        .engine(.tuned(result(request)), generation: generation), .engine(.frontierDone, generation: generation),
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
    case .why(let question?, let ticket) where explains: return explain(question).map { .why($0, ticket: ticket) }
    case .marginal(let question?, let ticket) where searchesResources:
      let values = session.marginalValues(question.request, steps: question.steps)
      return values.map { .marginal(.value($0), ticket: ticket) } + [.marginal(.done, ticket: ticket)]
    case .compare(let order, let ticket): return answer(order).map { .compare($0, ticket: ticket) }
    case .sweepSizes(let request, let ticket):
      let points = SharedEngine.sizes(session.workload, request)
      return (points.map { .point($0) } + [.done]).map { .sizes($0, ticket: ticket) }
    case .importPlan(let order, let ticket): return [.imported(read(order), ticket: ticket)]
    default: return []
    }
  }

  private func explain(_ question: WhyQuestion) -> [WhyMessage] {
    let (workload, plan, space, pins) = (session.workload, question.plan, question.space, question.pins)
    return [
      .tree(SharedEngine.explanation(workload, plan)?.tree(question.figure)),
      .neighbours(SharedEngine.neighbours(workload, of: question.cell, in: plan, space: space, pins: pins)),
      .binding(SharedEngine.binding(workload, of: plan, space: space, pins: pins)),
    ]
  }

  private func answer(_ order: CompareOrder) -> [CompareMessage] {
    switch order {
    case .solve(let id, let workload, var request):
      guard !leavesColumns else { return [] }
      guard searches(id) else { return [.solved(id, .infeasible, nil)] }
      request.threads = 1
      let result = SharedEngine.tuned(workload, request)
      return [.progress(id, 0.5), .solved(id, result.status, result.best)]
    case .explain(let id, let plan, let other, let workload):
      return [.explained(id, session.comparison(from: plan, to: other, of: workload))]
    case .judge(let result, let request):
      return [.judged(session.robust(result, request: request, records: Samples.records))]
    case .stop, .stopJudging: return []
    }
  }

  private func read(_ order: ImportOrder) -> ImportAnswer {
    var context = LaunchContext(
      file: order.path, sequence: order.workload.run.sequenceLength, batch: order.workload.run.globalBatch)
    context.known = order.workload
    do {
      let (launcher, found) = try Launcher.read(try LaunchText.read(order.path), as: order.launcher, context)
      let score = try SharedEngine.session(found.workload).score(found.plan)
      return .found(launcher, found, ScoredPlan(plan: found.plan, score: score))
    } catch {
      return .failed("\(error)")
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
