import Engine
import Foundation
import Synchronization
import TUI

/// Does the explorer's effects one after the other on this thread, until nothing is left to do.
///
/// Files are not written, which a script that saves or exports is told, and a search and its sweep end after five minutes
/// with what they have.
struct RenderStage {
  private var session: TuningSession
  private var answerer = WhyAnswerer()

  /// A stage for one workload.
  init(session: TuningSession) {
    self.session = session
  }

  /// Performs the effects, and those that follow from them.
  mutating func perform(_ effects: [Effect], on state: inout ExplorerState) {
    var waiting = effects[...]
    while let effect = waiting.popFirst() {
      // Of several questions of the Why pane only the last counts.
      if case .why = effect, waiting.contains(where: { if case .why = $0 { true } else { false } }) { continue }
      for event in events(of: effect) { waiting += update(&state, event) }
    }
  }

  /// Plays a script to its end, or to where it leaves or cannot go on.
  mutating func play(_ scripted: inout ScriptedSession, on state: inout ExplorerState) {
    while scripted.isPlaying {
      let effects = scripted.play(&state)
      if effects.isEmpty, scripted.isPlaying { return }
      perform(effects, on: &state)
    }
  }

  /// What the outside answers to an effect.
  private mutating func events(of effect: Effect) -> [Event] {
    switch effect {
    case .search(let request, let generation):
      search(request).map { .engine($0, generation: generation) }
    case .timeline(let plan, let generation):
      [.engine(answer(plan, generation, isScore: false), generation: generation)]
    case .score(let plan, let generation):
      [.engine(answer(plan, generation, isScore: true), generation: generation)]
    case .list(let question?, let ticket):
      Self.limited { token in
        ExplorerHost.answers(question, session: session, cancel: token).map { .list($0, ticket: ticket) }
      }
    case .why(let question?, let ticket): explain(question).map { .why($0, ticket: ticket) }
    case .marginal(let question?, let ticket):
      Self.limited { token in
        var found: [MarginalMessage] = []
        ExplorerHost.value(question, session: session, cancel: token) { found.append($0) }
        return found.map { .marginal($0, ticket: ticket) }
      }
    case .compare(let order, let ticket): answer(order, ticket: ticket)
    case .importPlan(let order, let ticket):
      [.imported(ExplorerHost.answer(order, session), ticket: ticket)]
    case .sweepSizes(let request, let ticket): sizes(request).map { .sizes($0, ticket: ticket) }
    case .open(let workload): open(workload)
    case .save(_, _, let path, _): [.saved(path: path, error: Self.writesNothing)]
    case .export: [.exported(.failed(Self.writesNothing))]
    case .saveSettings: [.settingsSaved(error: Self.writesNothing)]
    case .copyToFile: [.copied(path: "", error: Self.writesNothing)]
    case .list(nil, _), .why(nil, _), .marginal(nil, _), .cancelSearch, .cancelSizes, .keepSession, .copy, .mouse,
      .redraw, .suspend, .quit:
      []
    }
  }

  private func answer(_ plan: Plan, _ generation: Int, isScore: Bool) -> EngineMessage {
    PlanAnswerer.answer(
      PlanAnswerer.Order(session: session, plan: plan, generation: generation, isScore: isScore))
  }

  private mutating func explain(_ question: WhyQuestion) -> [WhyMessage] {
    var found: [WhyMessage] = []
    answerer.answer(question, session: session, cancel: CancelToken()) { found.append($0) }
    return found
  }

  private func answer(_ order: CompareOrder, ticket: Int) -> [Event] {
    Self.limited { token in
      let messages = Mutex<[CompareMessage]>([])
      CompareWorker.answer(order, session: session, cancel: token) { message in
        messages.withLock { $0.append(message) }
      }
      return messages.withLock { $0 }.map { .compare($0, ticket: ticket) }
    }
  }

  private func sizes(_ request: TuneRequest) -> [SizesMessage] {
    Self.limited { token in
      FrontierSweep(workload: session.workload, request: request, cancel: token, now: { 0 }).points(.gpus).map {
        .point($0)
      } + [.done]
    }
  }

  private mutating func open(_ workload: Workload) -> [Event] {
    session = session.edited(workload)
    return []
  }

  private static let writesNothing = "nothing is written while a screen is printed"

  /// Does work with a flag that is cancelled after five minutes.
  static func limited<Answer>(_ work: (CancelToken) -> Answer) -> Answer {
    let token = CancelToken()
    let finished = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      if finished.wait(timeout: .now() + 300) == .timedOut { token.cancel() }
    }
    defer { finished.signal() }
    return work(token)
  }

  private func search(_ request: TuneRequest) -> [EngineMessage] {
    Self.limited { search(request, cancel: $0) }
  }

  private func search(_ request: TuneRequest, cancel token: CancelToken) -> [EngineMessage] {
    let messages = Mutex<[EngineMessage]>([])
    let keep: @Sendable (TuneEvent) -> Void = { event in messages.withLock { $0.append(.tune(event)) } }
    let result = session.tune(request, cancel: token, onEvent: keep)
    messages.withLock { $0.append(.tuned(result)) }
    _ = session.frontier(request, cancel: token, onEvent: keep)
    return messages.withLock { $0 } + [.frontierDone]
  }
}
