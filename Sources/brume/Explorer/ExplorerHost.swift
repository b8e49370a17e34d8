import CStart
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
  let settingsWriter = SettingsWriter()
  /// Keeps the session; nil where it is not kept.
  let sessionWriter: SessionWriter?
  private let scoring: LatestOrderWorker<PlanAnswerer.Order, EngineMessage>
  private let simulating: LatestOrderWorker<PlanAnswerer.Order, EngineMessage>
  private let explaining: LatestOrderWorker<Asked<WhyQuestion>, WhyMessage>
  private let listing: LatestOrderWorker<Asked<CellQuestion>, CellListMessage>
  private let valuing: LatestOrderWorker<Asked<MarginalQuestion>, MarginalMessage>
  private let sizing: LatestOrderWorker<Asked<TuneRequest>, SizesMessage>
  private let comparing: CompareWorker
  private var running: CancelToken?
  private var space: String?

  /// A question, where it is answered, and what its answers are marked with.
  struct Asked<Question: Sendable>: Sendable {
    /// What is asked.
    var question: Question
    /// What the answers are marked with.
    var ticket: Int
    /// Where it is answered.
    var session: TuningSession
  }

  /// A host for one workload; answers go to `mailbox`.
  init(session: TuningSession, mailbox: Mailbox<Event>, sessionWriter: SessionWriter? = nil) {
    self.session = session
    self.sessionWriter = sessionWriter
    self.mailbox = mailbox
    scoring = PlanAnswerer.worker(mailbox)
    simulating = PlanAnswerer.worker(mailbox)
    explaining = WhyAnswerer.worker(mailbox)
    listing = Self.listWorker(mailbox)
    valuing = Self.valueWorker(mailbox)
    sizing = Self.sizesWorker(mailbox)
    comparing = CompareWorker(mailbox: mailbox)
  }

  /// Does one effect, or starts it.
  func perform(_ effect: Effect) -> LoopAction {
    switch effect {
    case .search(let request, let generation): search(request, generation: generation)
    case .cancelSearch: running?.cancel()
    case .sweepSizes(let request, let ticket): ask(sizing, request, ticket)
    case .cancelSizes: sizing.cancel()
    case .open(let workload): session = session.edited(workload)
    case .score(let plan, let generation): order(plan, generation: generation, isScore: true)
    case .timeline(let plan, let generation): order(plan, generation: generation, isScore: false)
    case .list(let question, let ticket): ask(listing, question, ticket)
    case .why(let question, let ticket): ask(explaining, question, ticket)
    case .marginal(let question, let ticket): ask(valuing, question, ticket)
    case .compare(let order, let ticket): comparing.perform(order, ticket: ticket, session: session)
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
    listing.drop()
    valuing.drop()
    sizing.drop()
    explaining.drop()
    comparing.stop()
    sessionWriter?.finish()
    settingsWriter.finish()
  }

  /// Waits a moment for the plans that are being scored and the number that is taken apart, before a frame is drawn.
  func settle() {
    let deadline = DispatchTime.now() + Self.patience
    scoring.settle(until: deadline)
    simulating.settle(until: deadline)
    explaining.settle(until: deadline)
  }

  /// Gives a worker a question; nil drops the one before.
  private func ask<Question, Answer>(
    _ worker: LatestOrderWorker<Asked<Question>, Answer>, _ question: Question?, _ ticket: Int
  ) {
    guard let question else { return worker.drop() }
    worker.order(Asked(question: question, ticket: ticket, session: session))
  }

  private func order(_ plan: Plan, generation: Int, isScore: Bool) {
    (isScore ? scoring : simulating).order(
      PlanAnswerer.Order(session: session, plan: plan, generation: generation, isScore: isScore))
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
      cstart_give_memory_back()
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
