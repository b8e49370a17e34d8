import Engine
import TUI

extension ExplorerHost {
  /// Answers a list of values on a thread of its own: all of them alone, then one after the other with the rest solved,
  /// those next to the present value first. Answers go to the mailbox.
  static func listWorker(_ mailbox: Mailbox<Event>) -> LatestOrderWorker<Asked<CellQuestion>, CellListMessage> {
    LatestOrderWorker { asked, message in
      mailbox.post(.list(message, ticket: asked.ticket))
    } work: { job in
      for message in answers(job.order.question, session: job.order.session, cancel: job.cancel) {
        if job.cancel.isCancelled { return }
        job.post(message)
      }
    }
  }

  /// The answers in their order, each found when it is asked for.
  static func answers(
    _ question: CellQuestion, session: TuningSession, cancel: CancelToken
  ) -> some Sequence<CellListMessage> {
    let values = values(question, session: session, cancel: cancel)
    let current = values.firstIndex(where: \.isCurrent) ?? 0
    let order = values.indices.sorted { (abs($0 - current), $0) < (abs($1 - current), $1) }
    let solved = order.lazy.map { index in
      CellListMessage.solved(values[index].id, best(values[index], question, session: session, cancel: cancel))
    }
    return ListAnswers(first: .values(values), rest: AnyIterator(solved.makeIterator()))
  }

  private static func values(
    _ question: CellQuestion, session: TuningSession, cancel: CancelToken
  ) -> [ListedValue] {
    let pins = question.request.pins
    switch question.cell {
    case .plan(let cell):
      let found = session.choices(
        of: cell, in: question.plan, space: question.request.space, pins: pins, cancel: cancel)
      return (found?.choices ?? []).map { ListedValue($0, current: found?.current ?? 0) }
    case .run(let knob):
      return session.choices(of: knob, for: question.plan, pins: pins, cancel: cancel).enumerated().map {
        ListedValue($0.element, at: $0.offset)
      }
    }
  }

  private static func best(
    _ value: ListedValue, _ question: CellQuestion, session: TuningSession, cancel: CancelToken
  ) -> ScoredPlan? {
    switch question.cell {
    case .plan(let cell):
      return session.solved(cell, at: value.id, near: question.plan, request: question.request, cancel: cancel)
    case .run:
      guard let workload = value.workload else { return nil }
      let request = question.request.edited(from: session.workload, to: workload)
      return session.edited(workload).best(request, cancel: cancel)
    }
  }
}

/// One answer, then the others as they are found.
struct ListAnswers: Sequence, IteratorProtocol {
  /// The answer that comes first, until it was given.
  var first: CellListMessage?
  /// The others.
  let rest: AnyIterator<CellListMessage>

  mutating func next() -> CellListMessage? {
    defer { first = nil }
    return first ?? rest.next()
  }
}
