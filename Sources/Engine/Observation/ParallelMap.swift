import Dispatch
import Synchronization

/// Independent pieces of work on as many threads as there are processors.
enum ParallelMap {
  /// The results in the order of the pieces, which does not depend on the threads.
  static func map<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: max(0, count)))
    DispatchQueue.concurrentPerform(iterations: max(0, count)) { index in
      let result = work(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0 }.compactMap { $0 }
  }
}
