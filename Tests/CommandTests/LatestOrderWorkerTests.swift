import Dispatch
import Engine
import Foundation
import Synchronization
import Testing

@testable import brume

/// One order at a time, of which only the latest counts.
@Suite struct LatestOrderWorkerTests {
  /// What was answered, in order, by the order that it answers.
  private final class Log: Sendable {
    private let lines = Mutex<[String]>([])
    private let more = DispatchSemaphore(value: 0)

    func add(_ line: String) {
      lines.withLock { $0.append(line) }
      more.signal()
    }

    /// All lines, once there are so many; fewer after ten seconds.
    func lines(_ count: Int) -> [String] {
      for _ in 0..<count where more.wait(timeout: .now() + 10) == .timedOut { break }
      return lines.withLock { $0 }
    }
  }

  /// A door that stays shut until it is opened.
  private struct Door: Sendable {
    private let group = DispatchGroup()
    init() { group.enter() }
    func open() { group.leave() }
    @discardableResult func pass() -> Bool { group.wait(timeout: .now() + 10) == .success }
  }

  private typealias Worker = LatestOrderWorker<Int, String>

  private func worker(_ log: Log, _ work: @escaping @Sendable (Worker.Job) -> Void) -> Worker {
    Worker(answer: { order, answer in log.add("\(order): \(answer)") }, work: work)
  }

  @Test("of the orders that wait only the latest is done, after the one before has ended")
  func latest() {
    let (log, begun, door) = (Log(), Door(), Door())
    let worker = worker(log) { job in
      log.add("begin \(job.order)")
      if job.order == 1 {
        begun.open()
        door.pass()
        log.add("end 1")
      }
      job.post("done")
    }
    worker.order(1)
    #expect(begun.pass())
    for order in 2...9 { worker.order(order) }
    door.open()
    #expect(log.lines(4) == ["begin 1", "end 1", "begin 9", "9: done"])
  }

  @Test("an order that another one replaces is told so, and what it still answers is dropped")
  func dropped() {
    let (log, begun, seen) = (Log(), Door(), Door())
    let worker = worker(log) { job in
      job.post("first")
      if job.order == 1 {
        begun.open()
        while !job.cancel.isCancelled { usleep(100) }
        seen.open()
      }
      job.post("last")
    }
    worker.order(1)
    #expect(begun.pass())
    worker.order(2)
    #expect(seen.pass())
    #expect(log.lines(3) == ["1: first", "2: first", "2: last"])
  }

  @Test("cancelled, the latest order ends with what it has, which counts; dropped, it answers nothing more")
  func cancelled() {
    for isDropped in [false, true] {
      let (log, begun, ended) = (Log(), Door(), Door())
      let worker = worker(log) { job in
        begun.open()
        while !job.cancel.isCancelled { usleep(100) }
        job.post("the rest")
        ended.open()
      }
      worker.order(1)
      #expect(begun.pass())
      if isDropped { worker.drop() } else { worker.cancel() }
      #expect(ended.pass())
      #expect(log.lines(isDropped ? 0 : 1) == (isDropped ? [] : ["1: the rest"]))
    }
  }

  @Test("an order that is cancelled before its turn is done with its flag set; one that is dropped is not done")
  func waiting() {
    for isDropped in [false, true] {
      let (log, begun, door) = (Log(), Door(), Door())
      let worker = worker(log) { job in
        if job.order == 1 {
          begun.open()
          door.pass()
        }
        log.add("\(job.order) \(job.cancel.isCancelled)")
      }
      worker.order(1)
      #expect(begun.pass())
      worker.order(2)
      if isDropped { worker.drop() } else { worker.cancel() }
      door.open()
      if isDropped { worker.order(3) }
      #expect(log.lines(2) == ["1 true", isDropped ? "3 false" : "2 true"])
    }
  }

  @Test("a frame waits until the latest order settles or ends, no longer than it may, and not where nothing is asked")
  func settle() {
    let (log, door) = (Log(), Door())
    let worker = worker(log) { job in
      if job.order == 1 { job.settle() }
      door.pass()
      job.post("done")
    }
    /// Whether it came back before its deadline.
    func settles(within seconds: Double) -> Bool {
      let begin = DispatchTime.now()
      worker.settle(until: begin + seconds)
      return DispatchTime.now() < begin + seconds
    }
    #expect(settles(within: 30))
    worker.order(1)
    #expect(settles(within: 30))
    worker.order(2)
    #expect(!settles(within: 0.05))
    door.open()
    #expect(settles(within: 30))
    #expect(log.lines(1) == ["2: done"])
  }

  @Test("orders from many threads: the last one given is always answered, and nothing after it")
  func many() {
    let log = Log()
    let worker = worker(log) { $0.post("done") }
    DispatchQueue.concurrentPerform(iterations: 200) { worker.order($0 + 1) }
    worker.settle(until: .now() + 10)
    worker.order(1000)
    worker.settle(until: .now() + 10)
    let answered = log.lines(0)
    #expect(answered.last == "1000: done")
    #expect(answered.count <= 201 && Set(answered).count == answered.count)
  }
}
