import Engine
import Foundation
import TUI

/// Scores and simulates single plans on a thread of its own; of several orders of a kind that wait, only the last counts.
///
/// `order` and `settle` are called on the main thread; answers go to the mailbox.
final class PlanWorker: Sendable {
  /// One plan to be looked at.
  struct Order: Sendable {
    /// Where it is scored.
    var session: TuningSession
    /// The plan.
    var plan: Plan
    /// The generation that the answer is marked with.
    var generation: Int
    /// The score is asked for, not only the schedule.
    var isScore: Bool
  }

  private let mailbox: Mailbox<Event>
  private let desk = Desk()

  /// What waits, under a lock: the condition guards all of it.
  private final class Desk: @unchecked Sendable {
    // Proof: every field is read and written only between `condition.lock()` and `unlock()`.
    let condition = NSCondition()
    var waiting: [Order] = []
    var isBusy = false
    var isRunning = false
  }

  /// A worker that has not started yet.
  init(mailbox: Mailbox<Event>) {
    self.mailbox = mailbox
  }

  /// Takes an order; one of the same kind that waits is dropped.
  func order(_ order: Order) {
    desk.condition.lock()
    desk.waiting.removeAll { $0.isScore == order.isScore }
    desk.waiting.append(order)
    let mustStart = !desk.isRunning
    desk.isRunning = true
    desk.condition.broadcast()
    desk.condition.unlock()
    if mustStart { ExplorerHost.detach { [self] in work() } }
  }

  /// Waits until nothing is under way, at most so long: mostly it takes less, and then one frame shows an edit with its
  /// score and schedule.
  func settle(until deadline: Date) {
    desk.condition.lock()
    while desk.isBusy || !desk.waiting.isEmpty, desk.condition.wait(until: deadline) {}
    desk.condition.unlock()
  }

  private func work() {
    while true {
      desk.condition.lock()
      desk.isBusy = false
      desk.condition.broadcast()
      while desk.waiting.isEmpty { desk.condition.wait() }
      let order = desk.waiting.removeFirst()
      desk.isBusy = true
      desk.condition.unlock()
      mailbox.post(.engine(Self.answer(order), generation: order.generation))
    }
  }

  /// What the engine says to an order.
  static func answer(_ order: Order) -> EngineMessage {
    do {
      let found = try order.session.evaluate(order.plan, withLayers: true)
      guard order.isScore else { return .timeline(order.plan, found.timeline) }
      return .scored(ScoredPlan(plan: order.plan, score: found.score), found.timeline)
    } catch {
      // A plan that cannot be simulated has told so when it was scored; the pane says so of an empty timeline.
      let empty = Timeline(passes: [], transfers: [], makespan: 0, criticalPath: [])
      return order.isScore ? .unscored(order.plan, "\(error)") : .timeline(order.plan, empty)
    }
  }
}
