import Dispatch
import Foundation
import Synchronization

/// Runs GLPK on a thread of its own and waits for it, but not for ever: an answer that comes later is dropped.
///
/// GLPK ends by itself at its time limit and soon after it is cancelled. Should it not, its thread is left to itself, and
/// counted until it ends: while `Stragglers.most` of them are at work, a solve waits for a place within its own time.
enum GLPKThread {
  /// What GLPK finds within a time limit, seconds; nothing where it did not answer half a second after it.
  ///
  /// Throws `CertifierError.invalid` for a model that GLPK cannot take, `.cancelled` within some 10 ms of being cancelled
  /// (0.1 s where GLPK does not end at once).
  static func solve(
    _ programme: MixedProgramme, _ timeLimitSeconds: Double, _ cancel: CancelToken
  ) throws(CertifierError) -> GLPKProgramme.Outcome {
    if cancel.isCancelled { throw .cancelled }
    if let fault = programme.fault { throw .invalid(fault) }
    return try run(timeLimitSeconds, cancel) { limit, stop in
      GLPKProgramme.solve(programme, timeLimitSeconds: limit, cancel: stop)
    }
  }

  /// What `work` finds, on a thread of its own with 16 MiB of stack; nothing where it did not answer in time.
  ///
  /// `work` gets the seconds that it has, and a token that is cancelled when nobody waits for it any more.
  static func run(
    _ timeLimitSeconds: Double, _ cancel: CancelToken, stragglers: Stragglers = .ofProcess,
    work: @escaping @Sendable (Double, CancelToken) -> GLPKProgramme.Outcome
  ) throws(CertifierError) -> GLPKProgramme.Outcome {
    let limit = max(0, min(timeLimitSeconds, 1e6))
    let end = DispatchTime.now() + limit
    while !stragglers.hasRoom {
      if cancel.isCancelled { throw .cancelled }
      if DispatchTime.now() > end { return GLPKProgramme.Outcome() }
      Thread.sleep(forTimeInterval: pause)
    }
    let (answer, stop) = (Answer(), CancelToken())
    let left = Double(end.uptimeNanoseconds) * 1e-9 - Double(DispatchTime.now().uptimeNanoseconds) * 1e-9
    let thread = Thread {
      let outcome = work(max(0, min(left, limit)), stop)
      if answer.finish(outcome) { stragglers.leave() }
    }
    thread.stackSize = 16 << 20
    thread.name = "glpk"
    thread.start()
    while !answer.waits(pause) {
      if cancel.isCancelled {
        abandon(answer, stop, stragglers)
        throw .cancelled
      }
      if DispatchTime.now() > end + grace {
        abandon(answer, stop, stragglers)
        return GLPKProgramme.Outcome()
      }
    }
    return answer.outcome
  }

  /// Asks the thread to stop, waits a moment for it, and counts it where it goes on.
  private static func abandon(_ answer: Answer, _ stop: CancelToken, _ stragglers: Stragglers) {
    stop.cancel()
    guard !answer.waits(patience) else { return }
    stragglers.enter()
    if answer.abandon() { stragglers.leave() }
  }

  /// Between two looks at the cancel flag, seconds.
  private static let pause = 0.01
  /// After the time limit, until nobody waits any more, seconds.
  private static let grace = 0.5
  /// After stopping a thread, until it counts as a straggler, seconds.
  private static let patience = 0.09

  /// Where the thread leaves its outcome.
  private final class Answer: Sendable {
    private struct State {
      var outcome: GLPKProgramme.Outcome?
      var isAbandoned = false
    }

    private let state = Mutex(State())
    private let isReady = DispatchSemaphore(value: 0)

    /// Keeps the outcome; true where nobody waits for it.
    func finish(_ outcome: GLPKProgramme.Outcome) -> Bool {
      let isAbandoned = state.withLock { state in
        state.outcome = outcome
        return state.isAbandoned
      }
      isReady.signal()
      return isAbandoned
    }

    /// Nobody waits any more; true where the outcome is there already.
    func abandon() -> Bool {
      state.withLock { state in
        state.isAbandoned = true
        return state.outcome != nil
      }
    }

    /// Waits so many seconds for the outcome; true once it is there, for the caller that asks no more.
    func waits(_ seconds: Double) -> Bool { isReady.wait(timeout: .now() + seconds) == .success }

    /// The outcome; nothing before it is there.
    var outcome: GLPKProgramme.Outcome { state.withLock { $0.outcome ?? GLPKProgramme.Outcome() } }
  }
}

/// How many threads are at work that nobody waits for.
///
/// A thread cannot be ended from outside, so the number of them is a fact of the process: one count for all of it.
final class Stragglers: Sendable {
  /// Of all solves of the process.
  static let ofProcess = Stragglers()
  /// No solve begins while so many are at work.
  static let most = 2

  private let threads = Atomic<Int>(0)

  /// A count of its own, for tests.
  init() {}

  /// Threads at work that nobody waits for.
  var count: Int { threads.load(ordering: .relaxed) }
  /// A further thread may begin.
  var hasRoom: Bool { count < Self.most }

  /// One more.
  func enter() { threads.add(1, ordering: .relaxed) }
  /// One has ended.
  func leave() { threads.subtract(1, ordering: .relaxed) }
}
