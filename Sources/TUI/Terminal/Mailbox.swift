import CTerm
import Synchronization

/// Where other threads leave messages for the run loop; each wakes it.
///
/// Messages are taken in the order in which they were posted. It has no bound: who posts often must post little.
public final class Mailbox<Message: Sendable>: Sendable {
  private let messages = Mutex<[Message]>([])

  /// An empty mailbox.
  public init() {}

  /// Leaves a message and wakes the run loop; any thread.
  public func post(_ message: Message) {
    let wasEmpty = messages.withLock { waiting in
      waiting.append(message)
      return waiting.count == 1
    }
    // One byte wakes for all that wait.
    if wasEmpty { cterm_wake() }
  }

  /// Takes what has been posted; any thread.
  public func takeAll() -> [Message] {
    messages.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }
}
