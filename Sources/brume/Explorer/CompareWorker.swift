import Engine
import Synchronization
import TUI

/// Searches, differences and judgements for Compare and Runs: each kind one at a time, on threads of their own.
///
/// `perform` is called on the main thread only.
final class CompareWorker {
  private let mailbox: Mailbox<Event>
  private var solving: CancelToken?
  private var explaining: CancelToken?
  private var judging: CancelToken?
  /// Differences are told one after the other: only the last one asked for is worth a processor.
  private let turn = Turn()

  /// Lets one thread work at a time.
  private final class Turn: Sendable {
    let mutex = Mutex(())
  }

  /// A worker that does nothing yet.
  init(mailbox: Mailbox<Event>) { self.mailbox = mailbox }

  /// Does an order, or starts it.
  func perform(_ order: CompareOrder, ticket: Int, session: TuningSession) {
    let mailbox = mailbox
    let token = CancelToken()
    switch order {
    case .stop: solving?.cancel()
    case .stopJudging: judging?.cancel()
    case .solve:
      solving?.cancel()
      solving = token
    case .judge:
      judging?.cancel()
      judging = token
    case .explain:
      explaining?.cancel()
      explaining = token
      let turn = turn
      return ExplorerHost.detach {
        turn.mutex.withLock { _ in
          guard !token.isCancelled else { return }
          Self.answer(order, session: session, cancel: token) { mailbox.post(.compare($0, ticket: ticket)) }
        }
      }
    }
    ExplorerHost.detach {
      Self.answer(order, session: session, cancel: token) { mailbox.post(.compare($0, ticket: ticket)) }
    }
  }

  /// Stops everything.
  func stop() {
    for token in [solving, explaining, judging] { token?.cancel() }
  }

  /// Answers an order on this thread.
  static func answer(
    _ order: CompareOrder, session: TuningSession, cancel: CancelToken,
    post: @escaping @Sendable (CompareMessage) -> Void
  ) {
    switch order {
    case .solve(let id, let workload, let request):
      let told = Mutex(0)
      let result = session.edited(workload).tune(request, cancel: cancel) { event in
        guard case .progress(let progress) = event, progress.total > 0 else { return }
        let share = Double(progress.done) / Double(progress.total)
        let percent = Int(share * 100)
        let isNews = told.withLock { last in
          defer { last = max(last, percent) }
          return percent > last
        }
        if isNews { post(.progress(id, share)) }
      }
      post(.solved(id, result.status, result.best))
    case .explain(let id, let plan, let other, let workload):
      post(.explained(id, session.comparison(from: plan, to: other, of: workload)))
    case .judge(let result, let request):
      post(.judged(session.robust(result, request: request, cancel: cancel)))
    case .stop, .stopJudging: break
    }
  }
}
