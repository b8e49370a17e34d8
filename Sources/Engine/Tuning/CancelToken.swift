import Synchronization

/// A flag that one thread sets and long loops look at every 10 ms or less.
public final class CancelToken: Sendable {
  private let flag = Atomic<Bool>(false)
  private let parent: CancelToken?

  /// Not cancelled.
  public convenience init() { self.init(parent: nil) }

  /// Not cancelled for itself; cancelled with `parent`.
  init(parent: CancelToken?) { self.parent = parent }

  /// Asks the work that holds this token to stop; from any thread.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// True once `cancel` was called.
  public var isCancelled: Bool { flag.load(ordering: .relaxed) || (parent?.isCancelled ?? false) }
}
