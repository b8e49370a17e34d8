import Foundation
import PTYSupport
import Testing

/// Sessions outlive the explorer, however it ends.
@Suite("Explorer: sessions")
struct ExplorerSessionTests {
  /// A folder for the state of several explorers, one after the other.
  private final class State {
    let path = NSTemporaryDirectory() + "brume-sessions-\(UUID().uuidString)"
    var environment: [String: String] { ["XDG_STATE_HOME": path] }
    var folder: String { path + "/brume/sessions" }

    /// The session files, oldest first by name.
    var files: [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { folder + "/" + $0 }
    }

    /// What all session files hold.
    var text: String { files.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }.joined() }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  @Test("edit, hang up, resume: the plan, the pin and the edits are as before, and undo works")
  func hangsUp() throws {
    let state = State()
    let seconds = try edit(state) { session in
      session.hangUp()
      let exit = try session.waitForExit()
      #expect(exit == .exited(129))
    }
    try resume(state, seconds: seconds)
  }

  @Test("SIGTERM and a crash lose nothing that is on the disk", arguments: [SIGTERM, SIGSEGV])
  func signals(number: Int32) throws {
    let state = State()
    let seconds = try edit(state) { session in
      session.signal(number)
      let exit = try session.waitForExit()
      #expect(exit == (number == SIGTERM ? .exited(128 + SIGTERM) : .signalled(number)))
      #expect(session.isAsBefore)
      #expect(session.screen.contains("brings it back") == (number == SIGTERM))
    }
    try resume(state, seconds: seconds)
  }

  @Test("after q three lines stay: the figures, where the plan is, and a command that exports it")
  func threeLines() throws {
    let state = State()
    let session = try Explorer.startAtRest(width: 200, environment: state.environment)
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    let lines = session.screen.text.split(separator: "\n").map(String.init)
    #expect(lines.count == 3, "\(lines)")
    #expect(lines.first?.hasPrefix("gpt-1.3b-2xl4: ") == true && lines.first?.contains(" s per iteration, ") == true)
    #expect(lines.dropFirst().first == "not saved; `brume explore --resume` brings it back")
    let words = try #require(lines.last).split(separator: " ").map(String.init)
    #expect(words.prefix(2) == ["brume", "export"] && words.suffix(2) == ["--to", "mist"])
    #expect(state.files == [words[2]])
    let exported = try Explorer.run(Array(words.dropFirst()) + ["--nearest"])
    #expect(exported.exit == .exited(0), "\(exported.text)")
  }

  @Test("without a file the explorer offers the last sessions, and goes on with the one that is chosen")
  func chooses() throws {
    let state = State()
    _ = try edit(state) { session in
      session.send("q")
      let exit = try session.waitForExit()
      #expect(exit == .exited(0))
    }
    let session = try PTYSession(
      "brume", arguments: [], width: 120, height: 50, environment: state.environment)
    try session.wait(for: "or go on with a session")
    try session.wait(for: "q to leave [1]")
    let row = try #require(session.screen.text.split(separator: "\n").last { $0.contains("just now") })
    #expect(row.contains("gpt-1.3b-2xl4"))
    session.send(row.split(separator: " ")[0] + "\r")
    try session.wait(for: "the session goes on: 1 edit")
    try Explorer.expectCleanQuit(session)
    #expect(state.files.count == 1, "the new file takes the place of the old one")
  }

  @Test("a broken session and one of a newer Brume are told, passed over, and stop nothing")
  func broken() throws {
    let state = State()
    try FileManager.default.createDirectory(atPath: state.folder, withIntermediateDirectories: true)
    try "brume: 1\nkind: session\nposition: x".write(
      toFile: state.folder + "/20990101-0000-1.yaml", atomically: true, encoding: .utf8)
    try "brume: 7\nkind: session\n".write(
      toFile: state.folder + "/20990101-0001-1.yaml", atomically: true, encoding: .utf8)
    let session = try Explorer.start(["--resume", "gpt-1.3b-2xl4"], width: 200, environment: state.environment)
    try session.wait(for: "q quit")
    let text = String(decoding: session.output, as: UTF8.self)
    #expect(text.contains("20990101-0001-1.yaml:1: brume: this file has format 7"))
    #expect(text.contains("20990101-0000-1.yaml"))
    #expect(text.contains("there is no session of gpt-1.3b-2xl4 to go on with"))
    try Explorer.expectCleanQuit(session)
  }

  @Test("a folder that cannot be written is told on the screen and on leaving, and stops nothing")
  func unwritable() throws {
    let session = try Explorer.startAtRest(width: 200, environment: ["XDG_STATE_HOME": "/proc/nowhere"])
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.screen.contains("not saved, and the session is not kept: /proc/nowhere"))
  }

  @Test("--resume takes no flags that change the question")
  func refusesFlags() throws {
    let result = try Explorer.run(["explore", "--resume", "--pin", "zero=1"])
    #expect(result.exit == .exited(64))
    #expect(result.text.contains("--resume goes on with the workload, space and pins as they were"))
  }

  /// Opens a small plan, pins a cell, waits until that is kept, and ends the explorer; returns the time of the plan.
  private func edit(_ state: State, end: (PTYSession) throws -> Void) throws -> String {
    let session = try Explorer.startAtRest(environment: state.environment)
    session.send("2jjj")
    session.settle()
    session.send("p")
    try session.wait(for: "pinned")
    let deadline = ContinuousClock.now + PTYSession.patience
    while !state.text.contains("title: \"pin "), ContinuousClock.now < deadline { usleep(10_000) }
    #expect(state.text.contains("title: \"pin "))
    let seconds = try #require(Explorer.seconds(session.screen))
    try end(session)
    return seconds
  }

  private func resume(_ state: State, seconds: String) throws {
    let session = try Explorer.start(["--resume"], environment: state.environment)
    try session.wait(for: "the session goes on: 1 edit; u undoes the last")
    #expect(Explorer.seconds(session.screen) == seconds)
    session.send("H")
    try session.wait(until: "the edit in the history") { $0.contains("Edits") && $0.contains("▸ pin ") }
    session.settle()
    session.press(.escape)
    // Escape and u in one piece would be Alt-u.
    try session.wait(until: "the list closed") { !$0.contains("Edits") }
    session.send("u")
    try session.wait(for: "undone: pin ")
    try Explorer.expectCleanQuit(session)
  }
}
