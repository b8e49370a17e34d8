import Dispatch
import Engine
import Synchronization

/// Does one order after the other on a thread of its own, of which only the latest one counts.
///
/// A new order takes the place of one that waits, and cancels the one that is being done: its answers are dropped from
/// then on. The thread lives while there is something to do. All members may be called from any thread.
final class LatestOrderWorker<Order: Sendable, Answer: Sendable>: Sendable {
  /// An order that is being done.
  struct Job: Sendable {
    /// What is asked.
    let order: Order
    /// Set once nobody waits for it any more.
    let cancel: CancelToken
    fileprivate let worker: LatestOrderWorker

    /// Hands over an answer, unless another order has come.
    func post(_ answer: Answer) { worker.deliver(answer, of: self) }

    /// Ends the wait of `settle` before the job ends: what follows takes longer than a frame may wait.
    func settle() { worker.settle(self) }
  }

  /// An order with its flag.
  private struct Ticket {
    var order: Order
    var cancel = CancelToken()
  }

  private struct Desk {
    var waiting: Ticket?
    var current: CancelToken?
    /// The latest order has not settled.
    var isOwing = false
    var isRunning = false
  }

  private let desk = Mutex(Desk())
  /// Entered while the desk is owing.
  private let owing = DispatchGroup()
  private let work: @Sendable (Job) -> Void
  private let answer: @Sendable (Order, Answer) -> Void

  /// A worker without orders: `work` does them, `answer` gets their answers, both on its thread.
  ///
  /// - Parameter answer: is called under the worker's lock, and must not give orders.
  init(
    answer: @escaping @Sendable (Order, Answer) -> Void, work: @escaping @Sendable (Job) -> Void
  ) {
    (self.answer, self.work) = (answer, work)
  }

  /// Takes an order, in place of all before it.
  func order(_ order: Order) {
    let mustStart = desk.withLock { desk in
      desk.current?.cancel()
      desk.current = nil
      desk.waiting = Ticket(order: order)
      owe(true, &desk)
      defer { desk.isRunning = true }
      return !desk.isRunning
    }
    if mustStart { ExplorerHost.detach { [self] in run() } }
  }

  /// Cancels what is done and forgets what waits; nothing more is answered.
  func drop() {
    desk.withLock { desk in
      desk.current?.cancel()
      (desk.current, desk.waiting) = (nil, nil)
      owe(false, &desk)
    }
  }

  /// Asks the latest order to end with what it has: its answers still count.
  func cancel() {
    desk.withLock { desk in
      desk.current?.cancel()
      desk.waiting?.cancel.cancel()
    }
  }

  /// Waits until the latest order has settled or is done, at most so long.
  func settle(until deadline: DispatchTime) { _ = owing.wait(timeout: deadline) }

  // MARK: the worker's thread

  private func run() {
    while let ticket = next() {
      let job = Job(order: ticket.order, cancel: ticket.cancel, worker: self)
      work(job)
      desk.withLock { desk in
        guard desk.current === ticket.cancel else { return }
        desk.current = nil
        owe(false, &desk)
      }
    }
  }

  private func next() -> Ticket? {
    desk.withLock { desk in
      guard let ticket = desk.waiting else {
        desk.isRunning = false
        return nil
      }
      (desk.waiting, desk.current) = (nil, ticket.cancel)
      return ticket
    }
  }

  private func deliver(_ found: Answer, of job: Job) {
    desk.withLock { desk in
      if desk.current === job.cancel { answer(job.order, found) }
    }
  }

  private func settle(_ job: Job) {
    desk.withLock { desk in
      if desk.current === job.cancel { owe(false, &desk) }
    }
  }

  /// Only under the lock: the group is entered once while something is owed.
  private func owe(_ isOwing: Bool, _ desk: inout Desk) {
    guard isOwing != desk.isOwing else { return }
    desk.isOwing = isOwing
    if isOwing { owing.enter() } else { owing.leave() }
  }
}
