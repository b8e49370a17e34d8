import Engine
import Synchronization
import TUI

/// Searches, differences and judgements for Compare and Runs: of each kind one at a time, on threads of their own.
final class CompareWorker: Sendable {
  private struct Task: Sendable {
    var order: CompareOrder
    var ticket: Int
    var session: TuningSession
  }

  private typealias Worker = LatestOrderWorker<Task, CompareMessage>
  private let solving: Worker
  /// Only the last difference that was asked for is worth a processor.
  private let explaining: Worker
  private let judging: Worker

  /// A worker that does nothing yet; answers go to the mailbox.
  init(mailbox: Mailbox<Event>) {
    func worker() -> Worker {
      Worker { task, message in
        mailbox.post(.compare(message, ticket: task.ticket))
      } work: { job in
        Self.answer(job.order.order, session: job.order.session, cancel: job.cancel) { job.post($0) }
      }
    }
    (solving, explaining, judging) = (worker(), worker(), worker())
  }

  /// Starts an order; of its kind it is the only one that counts.
  func perform(_ order: CompareOrder, ticket: Int, session: TuningSession) {
    let task = Task(order: order, ticket: ticket, session: session)
    switch order {
    case .stop: solving.cancel()
    case .stopJudging: judging.cancel()
    case .solve: solving.order(task)
    case .judge: judging.order(task)
    case .explain: explaining.order(task)
    }
  }

  /// Stops everything.
  func stop() {
    for worker in [solving, explaining, judging] { worker.drop() }
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
        let percent = Int(bounded: share * 100)
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
      post(.judged(session.robust(result, request: request, cancel: cancel, records: OwnRuns.current.records)))
    case .stop, .stopJudging: break
    }
  }
}
