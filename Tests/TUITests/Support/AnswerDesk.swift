import Engine
import Synchronization

@testable import TUI

/// Answers what random events make the explorer ask, with plans that are true to its workload.
final class AnswerDesk: Sendable {
  /// Plans of the workload, to be found and shown.
  let plans: [ScoredPlan]
  /// What `plans` are plans of.
  let workload: Workload
  private let timelines: [Plan: Timeline]
  /// The real engine, where the workload is small enough for it.
  private let host: Mutex<SmallHost?>
  /// The engine answers, not hand-made plans alone.
  let hasHost: Bool

  /// Answers to searches, by what was asked: walks come back to the same questions.
  private let found = Mutex<[String: Event]>([:])

  private init(_ workload: Workload, plans: [ScoredPlan], timelines: [Plan: Timeline], host: SmallHost?) {
    self.workload = workload
    self.plans = plans
    self.timelines = timelines
    hasHost = host != nil
    self.host = Mutex(host)
  }

  /// Hand-made plans of 1 to 16 stages, one of them over its memory; other plans get the figures of one of these.
  static let samples: AnswerDesk = {
    let plans = (0..<12).map { index in
      Samples.plan(stages: [1, 2, 4, 16][index % 4], saving: Double(index / 4) / 2, slack: index == 5 ? -40 : 0)
    }
    let timelines = Dictionary(plans.map { ($0.plan, Samples.timeline($0)) }, uniquingKeysWith: { first, _ in first })
    return AnswerDesk(Samples.workload(), plans: plans, timelines: timelines, host: nil)
  }()

  /// The engine on the small workload: a desk of its own for each walk, which may edit the workload.
  static func small() throws -> AnswerDesk {
    let session = SharedEngine.session(SmallHost.workload)
    var plans = [ScoredPlan(plan: SmallHost.plan, score: try session.score(SmallHost.plan))]
    if let best = SharedEngine.tuned(SmallHost.workload, TuneRequest(threads: 1)).best { plans.append(best) }
    let timelines = try plans.map { ($0.plan, try session.timeline($0.plan)) }
    var host = SmallHost()
    host.solvesLists = false
    return AnswerDesk(
      SmallHost.workload, plans: plans, timelines: Dictionary(uniqueKeysWithValues: timelines), host: host)
  }

  /// The schedule of one of `plans`.
  func timeline(of plan: ScoredPlan) -> Timeline { timelines[plan.plan] ?? RandomEvents.emptyTimeline }

  /// Whether the engine answers to it with a message.
  func isEngines(_ effect: Effect) -> Bool {
    switch effect {
    case .score, .timeline, .search: true
    default: false
    }
  }

  /// The first answer to an effect in a state; nil where it has none.
  func answer(_ effect: Effect, in state: ExplorerState) -> Event? {
    if case .search(let request, let generation) = effect { return answer(request, generation, effect, in: state) }
    if hasHost { return host.withLock { $0?.answer(to: effect) } }
    switch effect {
    case .score(let plan, let generation):
      guard let like = plans.first(where: { $0.plan.stages.count == plan.stages.count }) else {
        return .engine(.unscored(plan, "refused"), generation: generation)
      }
      return .engine(.scored(ScoredPlan(plan: plan, score: like.score), timeline(of: like)), generation: generation)
    case .timeline(let plan, let generation):
      return .engine(.timeline(plan, timelines[plan] ?? RandomEvents.emptyTimeline), generation: generation)
    case .list(.some, let ticket): return .list(.values([]), ticket: ticket)
    default: return nil
    }
  }

  private func answer(_ request: TuneRequest, _ generation: Int, _ effect: Effect, in state: ExplorerState) -> Event? {
    guard hasHost, generation == state.search.generation else { return nil }
    let run = WorkloadKnob.allCases.map { $0.text(of: state.workload) }
    let question = (run + request.pins.texts + [request.space.name]).joined(separator: " ")
    let answer = found.withLock { $0[question] } ?? host.withLock { $0?.answer(to: effect) }
    guard case .engine(let message, _)? = answer else { return nil }
    found.withLock { $0[question] = answer }
    return .engine(message, generation: generation)
  }
}
