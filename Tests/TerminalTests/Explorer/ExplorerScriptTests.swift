import Foundation
import PTYSupport
import Testing

/// Key scripts on a real terminal.
@Suite("Explorer: key scripts")
struct ExplorerScriptTests {
  /// With one thread, also the plans tried on the way to the optimum are the same each time.
  private static let question = Explorer.small + ["--threads", "1"]

  /// Walks about, and leaves by `q`; the rows of the screen before that, and the script.
  private func record(to path: String) throws -> (rows: [String], script: String) {
    let session = try Explorer.start(Self.question + ["--record", path])
    try Explorer.waitForRest(session)
    session.send("2jjl")
    session.press(.tab)
    session.send("j4+++ll")
    session.press(.right)
    session.send("1")
    session.press(.home)
    try session.wait(for: "Enter take")
    session.press(.enter)
    session.send(":zzz")
    try session.wait(for: "zzz")
    session.press(.escape)
    try session.wait(until: "the dialog to close") { !$0.contains("zzz") }
    session.send("v3")
    try session.wait(for: "▸3 Memory")
    session.settle()
    let rows = Self.rows(session)
    try Explorer.expectCleanQuit(session)
    return (rows, try String(contentsOfFile: path, encoding: .utf8))
  }

  /// The screen without what the clock writes on it.
  private static func rows(_ session: PTYSession) -> [String] {
    session.screen.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line).replacing(#/(optimal ·|optimal as pinned ·|optimum in) [0-9.]+ m?s */#, with: "optimal ")
    }
  }

  @Test("what a person did is recorded, and plays to the same screen; the program stays open there")
  func replays() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "brume-keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + "/walk.keys"
    let (rows, script) = try record(to: path)
    #expect(script.contains("wait rest\npress 2 j j l Tab j 4 + + + l l Right 1 Home"))
    #expect(script.contains("type zzz\n"))
    #expect(script.hasSuffix("q\n"))

    // Without its last key it stays at the last screen.
    let open = folder.path + "/open.keys"
    try (String(script.dropLast(" q\n".count)) + "\n").write(toFile: open, atomically: true, encoding: .utf8)
    let session = try Explorer.start(Self.question + ["--play", open])
    try? session.wait(until: "the screen of the recording", timeout: Explorer.searchPatience) { _ in
      Self.rows(session) == rows
    }
    try session.waitForSleep(timeout: Explorer.searchPatience)
    session.settle()
    #expect(Self.rows(session).difference(from: rows).isEmpty)
    try Explorer.expectCleanQuit(session)

    // As it is, it leaves by itself.
    let leaving = try Explorer.start(Self.question + ["--play", path])
    #expect(try leaving.waitForExit(timeout: Explorer.searchPatience) == .exited(0))
    #expect(leaving.isAsBefore)
  }

  @Test("a recording is not written over a file, and a script with a fault is told before the terminal is taken")
  func refuses() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "brume-keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + "/walk.keys"
    try "press j\nperss k\n".write(toFile: path, atomically: true, encoding: .utf8)
    let over = try Explorer.run(["explore"] + Explorer.tiny + ["--record", path])
    #expect(over.exit == .exited(65) && over.text.contains("this file exists"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "press j\nperss k\n")
    let faulty = try Explorer.run(["explore"] + Explorer.tiny + ["--play", path])
    #expect(faulty.exit == .exited(65) && faulty.text.contains("walk.keys:2: found 'perss', must be one of press"))
  }

  @Test("a script that waits for what never comes says so, stays open, and the exit code tells")
  func stuck() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "brume-keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + "/w.keys"
    try "wait rest\npress 3\nwait nonsense\npress 4\n".write(toFile: path, atomically: true, encoding: .utf8)
    let session = try Explorer.start(Explorer.tiny + ["--play", path], width: 200)
    try session.wait(for: "'nonsense' does not stand on the screen", timeout: Explorer.searchPatience)
    session.send("q")
    #expect(try session.waitForExit() == .exited(65))
    #expect(session.isAsBefore)
  }
}
