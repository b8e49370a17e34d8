import Engine
import Foundation
import PTYSupport
import Testing

/// Sessions outlive the explorer, however it ends.
@Suite("Explorer: sessions")
struct ExplorerSessionTests {
  @Test("edit, hang up, resume: the plan, the pin and the edits are as before, and undo works")
  func hangsUp() throws {
    let state = StateFolder()
    let seconds = try edit(state) { session in
      session.hangUp()
      let exit = try session.waitForExit()
      #expect(exit == .exited(129))
    }
    try resume(state, seconds: seconds)
  }

  @Test("SIGTERM and a crash lose nothing that is on the disk", arguments: [SIGTERM, SIGSEGV])
  func signals(number: Int32) throws {
    let state = StateFolder()
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
    let state = StateFolder()
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
    let state = StateFolder()
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

  @Test("two explorers on one session: the second gets a copy, and neither destroys what the other does")
  func two() throws {
    let state = StateFolder()
    let first = try Explorer.startAtRest(width: 160, environment: state.environment)
    try pin(first, state)
    let second = try Explorer.start(["--resume"], width: 160, environment: state.environment)
    try second.wait(for: "a copy of a session that is still open (")
    try second.wait(for: "process \(first.processID)): 1 edit")
    for session in [first, second] {
      session.send("u")
      try session.wait(for: "undone: pin ")
    }
    second.signal(SIGKILL)
    _ = try second.waitForExit()
    try Explorer.expectCleanQuit(first)
    #expect(state.files.count == 2)
    for file in state.files {
      let kept = try SessionFile.read(file)
      #expect(kept.edits.count == 1 && kept.position == 0)
    }
  }

  @Test("a session of an explorer on another login node, which cannot be asked, is copied and stays")
  func otherNode() throws {
    let state = StateFolder()
    _ = try edit(state) { session in
      session.send("q")
      _ = try session.waitForExit()
    }
    let file = try #require(state.files.first)
    try "host: login2\nboot: b\nprocess: 4711\n".write(toFile: file + ".lock", atomically: true, encoding: .utf8)
    let session = try Explorer.start(["--resume"], width: 160, environment: state.environment)
    try session.wait(for: "a copy of a session that is still open (login2, process 4711): 1 edit")
    try Explorer.expectCleanQuit(session)
    #expect(state.files.count == 2 && state.files.contains(file))
  }

  @Test("a session that was killed is gone on with, and what its explorer left is taken away")
  func killed() throws {
    let state = StateFolder()
    let seconds = try edit(state) { session in
      #expect(state.names.contains { $0.hasSuffix(".yaml.lock") })
      session.signal(SIGKILL)
      _ = try session.waitForExit()
    }
    #expect(state.names.contains { $0.hasSuffix(".yaml.lock") })
    try resume(state, seconds: seconds)
    #expect(state.names.count == 1, "\(state.names)")
  }

  @Test("a broken session and one of a newer Brume are told, passed over, and stop nothing")
  func broken() throws {
    let state = StateFolder()
    try FileManager.default.createDirectory(atPath: state.sessions, withIntermediateDirectories: true)
    try "brume: 1\nkind: session\nposition: x".write(
      toFile: state.sessions + "/20990101-0000-1.yaml", atomically: true, encoding: .utf8)
    try "brume: 7\nkind: session\n".write(
      toFile: state.sessions + "/20990101-0001-1.yaml", atomically: true, encoding: .utf8)
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
    #expect(session.screen.contains("not saved, and the session is not kept: its folder cannot be made;"))
    #expect(session.screen.contains("(/proc/nowhere/"))
  }

  @Test("--resume takes no flags that change the question")
  func refusesFlags() throws {
    let result = try Explorer.run(["explore", "--resume", "--pin", "zero=1"])
    #expect(result.exit == .exited(64))
    #expect(result.text.contains("--resume goes on with the workload, space and pins as they were"))
  }

  /// Opens a small plan, pins a cell, waits until that is kept, and ends the explorer; returns the time of the plan.
  private func edit(_ state: StateFolder, end: (PTYSession) throws -> Void) throws -> String {
    let session = try Explorer.startAtRest(environment: state.environment)
    try pin(session, state)
    let seconds = try #require(Explorer.seconds(session.screen))
    try end(session)
    return seconds
  }

  /// Pins a cell, and waits until that is on the disk.
  private func pin(_ session: PTYSession, _ state: StateFolder) throws {
    session.send("2jjj")
    session.settle()
    session.send("p")
    try session.wait(for: "pinned")
    state.wait { $0.text.contains("title: \"pin ") }
  }

  private func resume(_ state: StateFolder, seconds: String) throws {
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
