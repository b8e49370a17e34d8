import Synchronization

/// A flag that one thread sets and long loops look at every 10 ms or less.
public final class CancelToken: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Not cancelled.
  public init() {}

  /// Asks the work that holds this token to stop; from any thread.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// True once `cancel` was called.
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
