import Engine
import TUI

extension ExplorerHost {
  /// Finds what more of each resource buys, on a thread of its own; answers go to the mailbox.
  static func valueWorker(_ mailbox: Mailbox<Event>) -> LatestOrderWorker<Asked<MarginalQuestion>, MarginalMessage> {
    LatestOrderWorker { asked, message in
      mailbox.post(.marginal(message, ticket: asked.ticket))
    } work: { job in
      value(job.order.question, session: job.order.session, cancel: job.cancel) { job.post($0) }
    }
  }

  /// The worth of each step as it is found; one processor is left to the person's next key.
  static func value(
    _ question: MarginalQuestion, session: TuningSession, cancel: CancelToken, post: (MarginalMessage) -> Void
  ) {
    var request = question.request
    request.threads = max(1, request.threads - 1)
    _ = session.marginalValues(request, steps: question.steps, cancel: cancel) { post(.value($0)) }
    if !cancel.isCancelled { post(.done) }
  }
}
