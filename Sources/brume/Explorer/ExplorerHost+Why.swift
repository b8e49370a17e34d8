import Engine
import TUI

extension ExplorerHost {
  /// Finds what more of each resource buys, on a thread of its own; nil stops it.
  func value(_ question: MarginalQuestion?, ticket: Int) {
    valuing?.cancel()
    valuing = nil
    guard let question else { return }
    let token = CancelToken()
    valuing = token
    let (session, mailbox) = (session, mailbox)
    Self.detach {
      Self.value(question, session: session, cancel: token) { message in
        if !token.isCancelled { mailbox.post(.marginal(message, ticket: ticket)) }
      }
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
