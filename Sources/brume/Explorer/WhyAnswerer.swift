import Engine
import Synchronization
import TUI

/// Answers questions of the Why pane one after the other, and keeps what the next one about the same plan needs.
struct WhyAnswerer {
  private var explained: (key: WhyQuestion, explanation: PlanExplanation)?
  private var bound: (key: WhyQuestion, binding: PlanBinding?)?

  /// Answers in the order of `WhyMessage`; cancelled, it leaves out the rest.
  mutating func answer(
    _ question: WhyQuestion, session: TuningSession, cancel: CancelToken, post: (WhyMessage) -> Void
  ) {
    post(.tree(explanation(question, session)?.tree(question.figure)))
    if cancel.isCancelled { return }
    let neighbours = session.neighbours(
      of: question.cell, in: question.plan, space: question.space, pins: question.pins, cancel: cancel)
    if cancel.isCancelled { return }
    post(.neighbours(neighbours))
    if let bound, bound.key.isOfSamePlan(as: question) { return post(.binding(bound.binding)) }
    let binding = session.binding(of: question.plan, space: question.space, pins: question.pins, cancel: cancel)
    if cancel.isCancelled { return }
    bound = (question, binding)
    post(.binding(binding))
  }

  private mutating func explanation(_ question: WhyQuestion, _ session: TuningSession) -> PlanExplanation? {
    if let explained, explained.key.opened == question.opened, explained.key.plan == question.plan {
      return explained.explanation
    }
    guard let explanation = try? PlanExplanation(workload: session.workload, plan: question.plan) else { return nil }
    explained = (question, explanation)
    return explanation
  }

  /// A worker for such questions, which settles with the number and its neighbours: mostly they are there in the frame that
  /// shows the cursor. Answers go to the mailbox.
  static func worker(_ mailbox: Mailbox<Event>) -> LatestOrderWorker<ExplorerHost.Asked<WhyQuestion>, WhyMessage> {
    // Only the worker's thread takes it; the lock says so to the compiler.
    let answerer = Mutex(WhyAnswerer())
    return LatestOrderWorker { asked, message in
      mailbox.post(.why(message, ticket: asked.ticket))
    } work: { job in
      answerer.withLock { answerer in
        answerer.answer(job.order.question, session: job.order.session, cancel: job.cancel) { message in
          job.post(message)
          if case .neighbours = message { job.settle() }
        }
      }
    }
  }
}
