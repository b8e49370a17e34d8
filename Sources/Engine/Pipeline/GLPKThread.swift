import Dispatch
import Foundation
import Synchronization

/// Runs GLPK on a thread of its own and waits for it, but not for ever: an answer that comes later is dropped.
enum GLPKThread {
  /// What GLPK finds within a time limit, seconds; nothing where it did not answer half a second after it.
  static func solve(
    _ programme: MixedProgramme, _ timeLimitSeconds: Double, _ cancel: CancelToken
  ) throws(CertifierError) -> GLPKProgramme.Outcome {
    if cancel.isCancelled { throw .cancelled }
    let limit = min(timeLimitSeconds, 1e6)
    let (answer, stop) = (Answer(), CancelToken())
    let thread = Thread {
      let outcome = GLPKProgramme.solve(programme, timeLimitSeconds: limit, cancel: stop)
      answer.outcome.withLock { $0 = outcome }
      answer.isReady.signal()
    }
    thread.stackSize = 16 << 20
    thread.name = "glpk"
    thread.start()
    let deadline = DispatchTime.now() + limit + 0.5
    while answer.isReady.wait(timeout: .now() + .milliseconds(10)) == .timedOut {
      if cancel.isCancelled {
        stop.cancel()
        throw .cancelled
      }
      if DispatchTime.now() > deadline {
        stop.cancel()
        return GLPKProgramme.Outcome()
      }
    }
    return answer.outcome.withLock { $0 }
  }

  /// Where the thread leaves its outcome.
  private final class Answer: Sendable {
    let outcome = Mutex(GLPKProgramme.Outcome())
    let isReady = DispatchSemaphore(value: 0)
  }
}
