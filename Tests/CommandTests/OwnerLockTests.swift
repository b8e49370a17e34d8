import Engine
import Foundation
import Synchronization
import Testing

@testable import brume

@Suite struct OwnerLockTests {
  private func inFolder(_ body: (OwnerLock) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "brume-lock-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(OwnerLock(path: folder + "/a.lock"))
  }

  private func write(_ identity: ProcessIdentity, _ lock: OwnerLock) throws {
    try AtomicFile.write(identity.text, to: lock.path, overwrite: true)
  }

  @Test("a lock says host and process, is had once, and can be had again after it was given back")
  func once() throws {
    try inFolder { lock in
      #expect(lock.holder(patience: 60) == .nobody)
      #expect(try lock.take(patience: 60))
      let text = try String(contentsOfFile: lock.path, encoding: .utf8)
      #expect(text.contains("host: \"\(HostName.current)\"") && text.contains("process: \(getpid())"))
      #expect(lock.holder(patience: 60) == .somebody(.own))
      #expect(try !lock.take(patience: 60))
      lock.release()
      #expect(try lock.take(patience: 60))
    }
  }

  @Test("the lock of a process that has ended, or whose number is another's now, is nobody's")
  func ended() throws {
    try inFolder { lock in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/true")
      try process.run()
      process.waitUntilExit()
      var ended = ProcessIdentity.own
      ended.process = process.processIdentifier
      try write(ended, lock)
      #expect(lock.holder(patience: 60) == .nobody)
      var former = ProcessIdentity.own
      former.start += "1"
      try write(former, lock)
      #expect(lock.holder(patience: 60) == .nobody)
      #expect(try lock.take(patience: 60))
      #expect(lock.holder(patience: 60) == .somebody(.own))
      var beforeBoot = ProcessIdentity.own
      beforeBoot.boot = "0"
      try write(beforeBoot, lock)
      #expect(lock.holder(patience: 60) == .nobody)
    }
  }

  @Test("a lock of another machine, of another container, or that cannot be read holds until it is too old")
  func elsewhere() throws {
    try inFolder { lock in
      var other = ProcessIdentity.own
      other.host = "login2"
      var container = ProcessIdentity.own
      container.namespace = "pid:[1]"
      for identity in [other, container] {
        try write(identity, lock)
        #expect(lock.holder(patience: 60) == .somebody(identity))
        #expect(try !lock.take(patience: 60))
      }
      try "half".write(toFile: lock.path, atomically: false, encoding: .utf8)
      #expect(lock.holder(patience: 60) == .somebody(nil))
      try write(other, lock)
      try age(lock, seconds: 61)
      #expect(lock.holder(patience: 60) == .nobody)
      lock.release()
      #expect(access(lock.path, F_OK) == 0, "another's lock is not given back")
      try age(lock, seconds: 61)
      lock.touch()
      #expect(lock.holder(patience: 60) == .somebody(other))
      try age(lock, seconds: 61)
      #expect(try lock.take(patience: 60))
      #expect(lock.holder(patience: 60) == .somebody(.own))
    }
  }

  @Test("of many who try at once, with a lock of one who has ended in the way, never two have it")
  func race() throws {
    try inFolder { lock in
      var former = ProcessIdentity.own
      former.start += "1"
      for _ in 0..<20 {
        try write(former, lock)
        let taken = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
          if (try? lock.take(patience: 60)) == true { taken.withLock { $0 += 1 } }
        }
        let count = taken.withLock { $0 }
        #expect(count == 1)
        lock.release()
        #expect(access(lock.path, F_OK) != 0)
      }
    }
  }

  @Test("what a table does is done one after the other")
  func table() throws {
    try inFolder { lock in
      let path = lock.path + ".table"
      let inside = Mutex((now: 0, most: 0))
      DispatchQueue.concurrentPerform(iterations: 6) { _ in
        try? TableLock.holding(path) {
          inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
          usleep(2_000)
          inside.withLock { $0.now -= 1 }
        }
      }
      let counts = inside.withLock { $0 }
      #expect(counts == (0, 1))
    }
  }

  private func age(_ lock: OwnerLock, seconds: Int) throws {
    let date = Date(timeIntervalSinceNow: -Double(seconds))
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: lock.path)
  }
}
