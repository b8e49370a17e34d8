import Engine
import TUI

extension ExplorerHost {
  /// Answers a list of values on a thread of its own: all of them alone, then one after the other with the rest solved,
  /// those next to the present value first.
  func answer(_ question: CellQuestion?, ticket: Int) {
    listing?.cancel()
    listing = nil
    guard let question else { return }
    let token = CancelToken()
    listing = token
    let (session, mailbox) = (session, mailbox)
    Self.detach {
      for message in Self.answers(question, session: session, cancel: token) {
        if token.isCancelled { return }
        mailbox.post(.list(message, ticket: ticket))
      }
    }
  }

  /// The answers in their order, each found when it is asked for.
  static func answers(
    _ question: CellQuestion, session: TuningSession, cancel: CancelToken
  ) -> some Sequence<CellListMessage> {
    let choices = session.choices(
      of: question.cell, in: question.plan, space: question.request.space, pins: question.request.pins, cancel: cancel)
    let values = (choices?.choices ?? []).map(\.value)
    let current = choices?.current ?? 0
    let order = values.sorted { (abs($0 - current), $0) < (abs($1 - current), $1) }
    let solved = order.lazy.map { value in
      CellListMessage.solved(
        value,
        session.solved(question.cell, at: value, near: question.plan, request: question.request, cancel: cancel))
    }
    return ListAnswers(first: .choices(choices), rest: AnyIterator(solved.makeIterator()))
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
