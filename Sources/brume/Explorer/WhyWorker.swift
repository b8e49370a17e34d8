import Engine
import Foundation
import TUI

/// Answers the Why pane on a thread of its own; of several questions only the last counts, and an earlier one that is
/// being answered is broken off.
///
/// `order` and `settle` are called on the main thread; answers go to the mailbox.
final class WhyWorker: Sendable {
  private let mailbox: Mailbox<Event>
  private let desk = Desk()

  /// A question and where it is answered.
  private struct Order {
    var session: TuningSession
    var question: WhyQuestion
    var ticket: Int
    var cancel: CancelToken
  }

  /// What waits, under a lock: the condition guards all of it.
  private final class Desk: @unchecked Sendable {
    // Proof: every field is read and written only between `condition.lock()` and `unlock()`.
    let condition = NSCondition()
    var waiting: Order?
    var current: CancelToken?
    /// The number and its neighbours of the last question are not known yet.
    var isOwing = false
    var isRunning = false
  }

  /// A worker that has not started yet.
  init(mailbox: Mailbox<Event>) { self.mailbox = mailbox }

  /// Takes a question, or nil to stop; the one before is dropped.
  func order(_ question: WhyQuestion?, session: TuningSession, ticket: Int) {
    desk.condition.lock()
    desk.current?.cancel()
    desk.waiting = question.map { Order(session: session, question: $0, ticket: ticket, cancel: CancelToken()) }
    desk.isOwing = question != nil
    let mustStart = question != nil && !desk.isRunning
    if mustStart { desk.isRunning = true }
    desk.condition.broadcast()
    desk.condition.unlock()
    if mustStart { ExplorerHost.detach { [self] in work() } }
  }

  /// Waits for the number and its neighbours, at most so long: mostly they are there in the frame that shows the cursor.
  func settle(until deadline: Date) {
    desk.condition.lock()
    while desk.isOwing, desk.condition.wait(until: deadline) {}
    desk.condition.unlock()
  }

  private func work() {
    var answerer = WhyAnswerer()
    while true {
      let order = next()
      answerer.answer(order.question, session: order.session, cancel: order.cancel) { message in
        if order.cancel.isCancelled { return }
        mailbox.post(.why(message, ticket: order.ticket))
        if case .neighbours = message { settled(order) }
      }
      settled(order)
    }
  }

  private func next() -> Order {
    desk.condition.lock()
    defer { desk.condition.unlock() }
    while true {
      if let order = desk.waiting {
        (desk.waiting, desk.current) = (nil, order.cancel)
        return order
      }
      desk.condition.wait()
    }
  }

  private func settled(_ order: Order) {
    desk.condition.lock()
    if desk.waiting == nil { desk.isOwing = false }
    desk.condition.broadcast()
    desk.condition.unlock()
  }
}

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
}
