import Engine
import Synchronization

/// The engine's answers to what several tests ask: sessions go on with what they have found, and no search is run twice.
///
/// What a session was asked before changes no answer of it, which is tested with the engine.
enum SharedEngine {
  /// What is searched.
  private struct Question: Equatable {
    var space: SearchSpace
    var pins: PlanPins
    var constraints: PlanConstraints
    var alternatives: Int

    init(_ request: TuneRequest) {
      (space, pins) = (request.space, request.pins)
      (constraints, alternatives) = (request.constraints, request.alternatives)
    }
  }

  /// What was found.
  private struct Answer<Found: Sendable>: Sendable {
    var question: Question
    var found: Found
  }

  /// Where one step is looked for; spaces of one name are the same here.
  private struct Place: Hashable {
    var plan: Plan
    var space: String
    var pins: PlanPins
    var cell: PlanCell?
  }

  /// What is known of a workload.
  private final class Known: Sendable {
    let session: TuningSession
    let results = Mutex<[Answer<TuneResult>]>([])
    let sizes = Mutex<[Answer<[SweepPoint]>]>([])
    let explanations = Mutex<[Plan: PlanExplanation?]>([:])
    let neighbours = Mutex<[Place: Neighbours?]>([:])
    let bindings = Mutex<[Place: PlanBinding?]>([:])

    init(_ session: TuningSession) { self.session = session }
  }

  private static let known = Mutex<[Known]>([])
  /// Workloads that are remembered: walks of random edits come to many.
  private static let most = 48

  private static func known(_ workload: Workload) -> Known {
    known.withLock { known in
      if let place = known.lastIndex(where: { $0.session.workload == workload }) { return known[place] }
      let like = known.last { $0.session.workload.model == workload.model }?.session
      let new = Known(like?.edited(workload) ?? TuningSession(workload: workload) { 0 })
      if known.count == most { known.removeFirst() }
      known.append(new)
      return new
    }
  }

  /// The session of a workload.
  static func session(_ workload: Workload) -> TuningSession { known(workload).session }

  /// What a search finds; who asks for the same meanwhile waits.
  static func tuned(_ workload: Workload, _ request: TuneRequest) -> TuneResult {
    let known = known(workload)
    return answer(request, known.results) { known.session.tune(request) }
  }

  /// The best plans of all sizes of the cluster.
  static func sizes(_ workload: Workload, _ request: TuneRequest) -> [SweepPoint] {
    answer(request, known(workload).sizes) {
      FrontierSweep(workload: workload, request: request, now: { 0 }).points(.gpus)
    }
  }

  // MARK: why a plan is as it is

  /// A plan taken apart; nil where it breaks a rule.
  static func explanation(_ workload: Workload, _ plan: Plan) -> PlanExplanation? {
    answer(plan, known(workload).explanations) { try? PlanExplanation(workload: workload, plan: plan) }
  }

  /// The plans one step away.
  static func neighbours(
    _ workload: Workload, of cell: PlanCell, in plan: Plan, space: SearchSpace, pins: PlanPins
  ) -> Neighbours? {
    let known = known(workload)
    return answer(Place(plan: plan, space: space.name, pins: pins, cell: cell), known.neighbours) {
      known.session.neighbours(of: cell, in: plan, space: space, pins: pins)
    }
  }

  /// What binds a plan.
  static func binding(_ workload: Workload, of plan: Plan, space: SearchSpace, pins: PlanPins) -> PlanBinding? {
    let known = known(workload)
    return answer(Place(plan: plan, space: space.name, pins: pins), known.bindings) {
      known.session.binding(of: plan, space: space, pins: pins)
    }
  }

  /// Answers of each kind that are remembered for a workload.
  private static let mostAnswers = 256

  private static func answer<Key: Hashable & Sendable, Found: Sendable>(
    _ key: Key, _ answers: borrowing Mutex<[Key: Found]>, _ find: () -> Found
  ) -> Found {
    answers.withLock { answers in
      if let known = answers[key] { return known }
      let found = find()
      if answers.count >= mostAnswers { answers.removeAll() }
      answers[key] = found
      return found
    }
  }

  private static func answer<Found: Sendable>(
    _ request: TuneRequest, _ answers: borrowing Mutex<[Answer<Found>]>, _ find: () -> Found
  ) -> Found {
    let question = Question(request)
    return answers.withLock { answers in
      if let known = answers.first(where: { $0.question == question }) { return known.found }
      let found = find()
      answers.append(Answer(question: question, found: found))
      return found
    }
  }
}
