import Engine
import Foundation
import Synchronization
import TUI

/// Does the explorer's effects one after the other on this thread, until nothing is left to do.
///
/// Files are not written, and a search and its sweep end after five minutes with what they have.
struct RenderStage {
  private var session: TuningSession

  /// A stage for one workload.
  init(session: TuningSession) {
    self.session = session
  }

  /// Performs the effects, and those that follow from them.
  mutating func perform(_ effects: [Effect], on state: inout ExplorerState) {
    var waiting = effects[...]
    while let effect = waiting.popFirst() {
      for event in events(of: effect) { waiting += update(&state, event) }
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
    case .importPlan(let order, let ticket):
      [.imported(ExplorerHost.answer(order, session), ticket: ticket)]
    case .open(let workload): open(workload)
    case .list(nil, _), .cancelSearch, .save, .export, .saveSettings, .keepSession, .copy, .copyToFile, .mouse, .redraw,
      .suspend,
      .quit:
      []
    }
  }

  private func answer(_ plan: Plan, _ generation: Int, isScore: Bool) -> EngineMessage {
    PlanWorker.answer(
      PlanWorker.Order(session: session, plan: plan, generation: generation, isScore: isScore))
  }

  private mutating func open(_ workload: Workload) -> [Event] {
    session = session.edited(workload)
    return []
  }

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
