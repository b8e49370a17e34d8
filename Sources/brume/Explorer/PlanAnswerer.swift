import Engine
import TUI

/// Scores and simulates single plans.
enum PlanAnswerer {
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

  /// A worker for such orders; answers go to the mailbox.
  static func worker(_ mailbox: Mailbox<Event>) -> LatestOrderWorker<Order, EngineMessage> {
    LatestOrderWorker { order, message in
      mailbox.post(.engine(message, generation: order.generation))
    } work: { job in
      job.post(answer(job.order))
    }
  }
}
