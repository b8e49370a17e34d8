import Engine
import Foundation
import Synchronization

/// Turns Ctrl-C (SIGINT), SIGTERM and a dropped line (SIGHUP) into a cancelled token while a command searches.
///
/// The signals are blocked in all threads and taken by a thread that waits for them, so nothing runs in a signal
/// handler. A second signal ends the program at once, as the first one asked; a second SIGHUP does not, since a dropped
/// line sends several. After SIGTERM and SIGHUP, for which nobody waits at the keyboard, the program ends within five
/// seconds even where nobody takes what it prints. Signals that the caller has ignored (nohup, a job in the background of
/// a script) stay ignored.
final class Interrupt: Sendable {
  /// Cancelled by the first signal.
  let token = CancelToken()
  private let seen = Atomic<Int32>(0)

  /// Seconds from SIGTERM or SIGHUP to the end, as in the explorer.
  private static let patience = 5

  /// True once a signal came.
  var wasInterrupted: Bool { seen.load(ordering: .acquiring) != 0 }

  /// Starts to watch; call it on the main thread before other threads start, once in a program.
  init() {
    var set = sigset_t()
    sigemptyset(&set)
    let numbers = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }
    for number in numbers { sigaddset(&set, number) }
    guard !numbers.isEmpty else { return }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let waited = set
    Thread.detachNewThread { [self] in watch(waited) }
  }

  /// Waits for the first signal, and then for what ends the program.
  private func watch(_ signals: sigset_t) -> Never {
    var waited = signals
    var first: Int32 = 0
    while first <= 0 { first = sigwaitinfo(&waited, nil) }
    seen.store(first, ordering: .releasing)
    token.cancel()
    let clock = MonotonicClock()
    while true {
      let left = first == SIGINT ? 3_600 : max(0, Double(Self.patience) - clock.seconds)
      var time = timespec(tv_sec: Int(left), tv_nsec: Int((left - left.rounded(.down)) * 1e9))
      let next = sigtimedwait(&waited, nil, &time)
      let isOver = first != SIGINT && clock.seconds >= Double(Self.patience)
      if isOver || (next > 0 && next != SIGHUP) { _exit(128 + first) }
    }
  }

  /// Whether the process was started with the signal ignored.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    // SIG_IGN is the address 1.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
