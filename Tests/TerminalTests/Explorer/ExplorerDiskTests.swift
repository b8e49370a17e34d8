import Engine
import Foundation
import PTYSupport
import Testing

/// Slow, stuck and full disks: the explorer answers, says so, and loses nothing that the disk can take.
@Suite("Explorer: disks")
struct ExplorerDiskTests {
  @Test(
    "while the disk is stuck every edit is answered, the header says that it saves, and all of it is kept in the end")
  func stuck() throws {
    let disk = try TestDisk()
    defer { disk.remove() }
    let session = try start(disk)
    try disk.stop()
    // 20 edits, each seen on the screen, while one sync waits.
    for count in 1...10 {
      session.send("p")
      try session.wait(until: "pin \(count)") { $0.line(35).contains(" pinned") }
      session.send("p")
      try session.wait(until: "unpinned \(count)") { $0.line(35).contains("free again") }
    }
    try session.wait(for: "saving …")
    #expect(try !disk.state.files.contains { try SessionFile.read($0).edits.count > 0 })
    try disk.goOn()
    try session.wait(until: "the end of the saving") { !$0.contains("saving …") }
    try disk.state.wait { try $0.files.contains { try SessionFile.read($0).edits.count == 20 } }
    try Explorer.expectCleanQuit(session)
  }

  @Test("leaving does not wait for ever for a stuck disk, and says what is not kept")
  func leaves() throws {
    let disk = try TestDisk()
    defer { disk.remove() }
    let session = try start(disk)
    try disk.stop()
    session.send("p")
    try session.wait(for: "pinned")
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.screen.contains("the last changes are not kept: the disk did not take them in time"))
    #expect(session.isAsBefore)
  }

  @Test(
    "a full, read-only or used-up disk is told; the session of before stays; what came since is kept once it can be",
    arguments: [
      (ENOSPC, "No space left on device"), (EDQUOT, "Disk quota exceeded"), (EROFS, "Read-only file system"),
    ])
  func full(error: Int32, reason: String) throws {
    let disk = try TestDisk()
    defer { disk.remove() }
    let session = try start(disk)
    session.send("p")
    try disk.state.wait { try $0.files.contains { try SessionFile.read($0).edits.count == 1 } }
    try disk.fail(error)
    session.send("p")
    try session.wait(for: "this session is not kept: ")
    #expect(session.screen.contains(reason))
    try session.wait(for: " session not kept ")
    let kept = try #require(disk.state.files.first)
    #expect(try SessionFile.read(kept).edits.count == 1)
    #expect(!disk.state.names.contains { $0.hasSuffix(".tmp") }, "no halves are left: \(disk.state.names)")
    try disk.recover()
    try session.wait(for: "this session is kept again")
    #expect(try SessionFile.read(kept).edits.count == 2)
    try Explorer.expectCleanQuit(session)
  }

  @Test("a limit on the size of files (ulimit -f) is told like a full disk, and ends nothing")
  func limit() throws {
    let state = StateFolder()
    let words = [try BuiltProduct.path("brume"), "explore"] + Explorer.tiny
    let session = try PTYSession(
      "/bin/sh", arguments: ["-c", "ulimit -f 1; exec \(words.joined(separator: " "))"], width: 160, height: 36,
      environment: state.environment)
    try session.wait(for: " session not kept ")
    session.send("2")
    try session.wait(for: "Enter values")
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.screen.contains("not saved, and the session is not kept: File too large ("))
    #expect(session.isAsBefore)
  }

  @Test("a file gets its name only when all of it is on the disk, and the name is on the disk before the next one")
  func order() throws {
    let disk = try TestDisk()
    defer { disk.remove() }
    let session = try start(disk)
    for count in 1...6 {
      session.send("p")
      try disk.state.wait { try $0.files.contains { try SessionFile.read($0).edits.count == count } }
    }
    try Explorer.expectCleanQuit(session)
    var unsynced: Set<String> = []
    var unsyncedFolder = false
    var renames = 0
    for step in disk.record {
      switch step[0] {
      case "write":
        unsynced.insert(step[1])
      // The lock may be lost with the power: then its owner has ended.
      case "fsync" where step[1] == disk.state.sessions: unsyncedFolder = false
      case "fsync": unsynced.remove(step[1])
      case "rename" where step[2].hasSuffix(".yaml"):
        #expect(!unsynced.contains(step[1]), "\(step) before its bytes were on the disk")
        #expect(!unsyncedFolder, "\(step) before the last name was")
        unsyncedFolder = true
        renames += 1
      default: break
      }
    }
    #expect(renames >= 6 && !unsyncedFolder)
  }

  /// An explorer at rest on a small plan, with the cursor on a cell that can be pinned.
  private func start(_ disk: TestDisk) throws -> PTYSession {
    let session = try Explorer.startAtRest(width: 160, environment: try disk.environment())
    session.send("2jjj")
    session.settle()
    disk.state.wait { !$0.files.isEmpty }
    return session
  }
}
