import Engine
import Foundation
import TUI

/// Does what the explorer asks for: searches, simulates and writes files on threads of their own.
///
/// `perform` is called on the main thread only; answers come back through the mailbox, marked with the generation of
/// the search that they belong to.
final class ExplorerHost {
  let session: TuningSession
  let mailbox: Mailbox<Event>
  private var running: CancelToken?
  private var space: String?

  /// A host for one workload; answers go to `mailbox`.
  init(session: TuningSession, mailbox: Mailbox<Event>) {
    self.session = session
    self.mailbox = mailbox
  }

  /// Does one effect, or starts it.
  func perform(_ effect: Effect) -> LoopAction {
    switch effect {
    case .search(let request, let generation): search(request, generation: generation)
    case .cancelSearch: running?.cancel()
    case .timeline(let plan, let generation): simulate(plan, generation: generation)
    case .save(let scored, let path, let overwrite): save(scored, path: path, overwrite: overwrite)
    case .export(let order): export(order)
    case .mouse(let isOn): return .mouse(isOn)
    case .redraw: return .redraw
    case .suspend: return .suspend
    case .quit: return .leave
    }
    return .proceed
  }

  /// Stops what runs; the process may end before it has stopped.
  func stop() { running?.cancel() }

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

  /// Simulates, and waits a moment for it: mostly it takes less than that, and then one frame shows the plan with its
  /// schedule, where else the timeline would be empty for a frame and every step would send it twice.
  private func simulate(_ plan: Plan, generation: Int) {
    let (session, mailbox) = (session, mailbox)
    let finished = DispatchSemaphore(value: 0)
    Self.detach {
      // A plan that cannot be simulated has told so when it was scored; the pane says so of an empty timeline.
      let empty = Timeline(passes: [], transfers: [], makespan: 0, criticalPath: [])
      let timeline = (try? session.timeline(plan)) ?? empty
      mailbox.post(.engine(.timeline(plan, timeline), generation: generation))
      finished.signal()
    }
    _ = finished.wait(timeout: .now() + Self.patience)
  }

  private func save(_ scored: ScoredPlan, path: String, overwrite: Bool) {
    let (session, mailbox, space) = (session, mailbox, space)
    Self.detach {
      let file = PlanFile(workload: session.workload, scored: scored, space: space)
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

  /// How long a frame may wait for a schedule: half of what a key may take to the last byte.
  private static let patience = DispatchTimeInterval.milliseconds(8)

  /// Runs work on a thread with the stack of the main one.
  static func detach(_ work: @escaping @Sendable () -> Void) {
    let thread = Thread { work() }
    thread.stackSize = 8 << 20
    thread.start()
  }
}
