import Engine
import Foundation
import TUI

/// Does what the explorer asks for: searches, simulates and writes files on threads of their own.
///
/// `perform` is called on the main thread only; answers come back through the mailbox, marked with the generation of
/// the search that they belong to.
final class ExplorerHost {
  private(set) var session: TuningSession
  let mailbox: Mailbox<Event>
  /// Stops the list of values that is answered.
  var listing: CancelToken?
  /// Stops the search for what more of a resource buys.
  var valuing: CancelToken?
  /// Stops the sweep over the sizes of the cluster.
  var sizing: CancelToken?
  let settingsWriter = SettingsWriter()
  /// Keeps the session; nil where it is not kept.
  let sessionWriter: SessionWriter?
  private let worker: PlanWorker
  private let whyWorker: WhyWorker
  private let compareWorker: CompareWorker
  private var running: CancelToken?
  private var space: String?

  /// A host for one workload; answers go to `mailbox`.
  init(session: TuningSession, mailbox: Mailbox<Event>, sessionWriter: SessionWriter? = nil) {
    self.session = session
    self.sessionWriter = sessionWriter
    self.mailbox = mailbox
    worker = PlanWorker(mailbox: mailbox)
    whyWorker = WhyWorker(mailbox: mailbox)
    compareWorker = CompareWorker(mailbox: mailbox)
  }

  /// Does one effect, or starts it.
  func perform(_ effect: Effect) -> LoopAction {
    switch effect {
    case .search(let request, let generation): search(request, generation: generation)
    case .cancelSearch: running?.cancel()
    case .sweepSizes(let request, let ticket): sweepSizes(request, ticket: ticket)
    case .cancelSizes: sizing?.cancel()
    case .open(let workload): session = session.edited(workload)
    case .score(let plan, let generation): order(plan, generation: generation, isScore: true)
    case .timeline(let plan, let generation): order(plan, generation: generation, isScore: false)
    case .list(let question, let ticket): answer(question, ticket: ticket)
    case .why(let question, let ticket): whyWorker.order(question, session: session, ticket: ticket)
    case .marginal(let question, let ticket): value(question, ticket: ticket)
    case .compare(let order, let ticket): compareWorker.perform(order, ticket: ticket, session: session)
    case .save(let scored, let pins, let path, let overwrite):
      save(scored, pins: pins, path: path, overwrite: overwrite)
    case .export(let order): export(order)
    case .importPlan(let order, let ticket): importPlan(order, ticket: ticket)
    case .saveSettings(let settings): saveSettings(settings)
    case .keepSession(let snapshot): sessionWriter?.keep(snapshot)
    case .copyToFile(let text): copyToFile(text)
    case .copy(let text): return .copy(text)
    case .mouse(let isOn): return .mouse(isOn)
    case .redraw: return .redraw
    case .suspend: return .suspend
    case .quit: return .leave
    }
    return .proceed
  }

  /// Stops what runs, and waits for what is still being written; the process may end before a search has
  /// stopped.
  func stop() {
    running?.cancel()
    listing?.cancel()
    valuing?.cancel()
    compareWorker.stop()
    sizing?.cancel()
    settingsWriter.finish()
    sessionWriter?.finish()
  }

  /// Waits a moment for the plans that are being scored and the number that is taken apart, before a frame is drawn.
  func settle() {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    worker.settle(until: deadline)
    whyWorker.settle(until: deadline)
  }

  private func order(_ plan: Plan, generation: Int, isScore: Bool) {
    worker.order(PlanWorker.Order(session: session, plan: plan, generation: generation, isScore: isScore))
  }

  private func search(_ request: TuneRequest, generation: Int) {
    running?.cancel()
    let token = CancelToken()
    running = token
    space = request.space.name
    let (session, mailbox) = (session, mailbox)
    let post: @Sendable (EngineMessage) -> Void = { mailbox.post(.engine($0, generation: generation)) }
    Self.detach {
      post(.tuned(session.tune(request, cancel: token) { post(.tune($0)) }))
      if !token.isCancelled { _ = session.frontier(request, cancel: token) { post(.tune($0)) } }
      post(.frontierDone)
    }
  }

  private func save(_ scored: ScoredPlan, pins: PlanPins, path: String, overwrite: Bool) {
    let (session, mailbox, space) = (session, mailbox, space)
    Self.detach {
      let file = PlanFile(workload: session.workload, scored: scored, pins: pins, space: space)
      do {
        try file.write(to: HomePath.expanded(path), overwrite: overwrite)
        mailbox.post(.saved(path: path, error: nil))
      } catch OutputError.exists {
        mailbox.post(.exists(path: path))
      } catch {
        mailbox.post(.saved(path: path, error: "\(error)"))
      }
    }
  }

  /// How long a frame may wait for a score, seconds: half of what a key may take to the last byte.
  private static let patience = 0.008

  /// Runs work on a thread with the stack of the main one.
  static func detach(_ work: @escaping @Sendable () -> Void) {
    let thread = Thread { work() }
    thread.stackSize = 8 << 20
    thread.start()
  }
}
