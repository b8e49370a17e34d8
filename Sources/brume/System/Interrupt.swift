import Engine
import Foundation
import Synchronization

/// Turns Ctrl-C (SIGINT) and SIGTERM into a cancelled token while a command searches.
///
/// The signals are blocked in all threads and taken by a thread that waits for them, so nothing runs in a signal
/// handler. The second signal ends the program at once with 130.
final class Interrupt: Sendable {
  /// Cancelled by the first signal.
  let token = CancelToken()
  private let seen = Atomic<Bool>(false)

  /// True once a signal came.
  var wasInterrupted: Bool { seen.load(ordering: .acquiring) }

  /// Starts to watch; call it on the main thread before other threads start, once in a program.
  init() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let waited = set
    Thread.detachNewThread { [weak self] in
      var waited = waited
      var signal: Int32 = 0
      while true {
        guard sigwait(&waited, &signal) == 0 else { continue }
        guard let self, !self.seen.exchange(true, ordering: .acquiringAndReleasing) else {
          _exit(ExitStatus.cancelled.rawValue)
        }
        self.token.cancel()
      }
    }
  }
}
