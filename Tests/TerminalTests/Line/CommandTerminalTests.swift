import Foundation
import PTYSupport
import Testing

/// Plain commands on a terminal: Ctrl-C, Ctrl-Z, `bg`, Ctrl-S and a dropped line in the middle of a search.
@Suite("The line: commands on a terminal")
struct CommandTerminalTests {
  /// Starts a search that saves into the session's home, and waits until its progress is shown.
  private func startSearching() throws -> PTYSession {
    let script =
      "cd; exec '\(try BuiltProduct.path("brume"))' tune \(Explorer.long.joined(separator: " ")) --out p"
    let session = try PTYSession("/bin/sh", arguments: ["-c", script], width: 120)
    try session.wait(until: "a plan in the progress", timeout: Explorer.searchPatience) { $0.contains(" best ") }
    return session
  }

  private func plan(_ session: PTYSession) -> String {
    (try? String(contentsOfFile: session.home + "/p", encoding: .utf8)) ?? ""
  }

  @Test("Ctrl-C prints the best plan so far, saves it, and leaves the line as it was")
  func interrupts() throws {
    let session = try startSearching()
    session.press(.control("c"))
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
    #expect(!session.screen.contains(" configurations  "), "the progress line is taken away")
    #expect(session.screen.contains("saved p"))
    #expect(plan(session).hasPrefix("# A plan for "))
  }

  @Test("a dropped line ends the search, and the best plan so far is saved")
  func hangsUp() throws {
    let session = try startSearching()
    session.hangUp()
    #expect(try session.waitForExit() == .exited(129))
    #expect(plan(session).hasPrefix("# A plan for "))
  }

  @Test("Ctrl-Z stops the search; in the background it writes nothing over what is typed; fg goes on")
  func stops() throws {
    let session = try startSearching()
    session.press(.control("z"))
    try session.waitForStop()
    #expect(session.isAsBefore)
    let before = try #require(ProcessFigures(process: session.processID))
    #expect(session.bytes(within: .milliseconds(200)) == 0)
    #expect(try #require(ProcessFigures(process: session.processID)).processorSeconds == before.processorSeconds)
    session.resume(inForeground: false)
    #expect(session.bytes(within: .milliseconds(500)) == 0)
    #expect(try #require(ProcessFigures(process: session.processID)).processorSeconds > before.processorSeconds + 0.1)
    session.press(.control("z"))
    session.resume()
    #expect(session.bytes(within: .milliseconds(500)) > 0)
    session.press(.control("c"))
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
  }

  @Test("a terminal that is stopped by Ctrl-S does not stop the search, nor keep it from ending on SIGTERM")
  func stalls() throws {
    let session = try startSearching()
    session.press(.control("s"))
    _ = session.bytes(within: .milliseconds(200))
    let before = try #require(ProcessFigures(process: session.processID))
    #expect(session.bytes(within: .milliseconds(500)) == 0)
    let after = try #require(ProcessFigures(process: session.processID))
    #expect(after.processorSeconds > before.processorSeconds + 0.1)
    session.signal(SIGTERM)
    let deadline = ContinuousClock.now + PTYSession.patience
    while session.isRunning, ContinuousClock.now < deadline { usleep(20_000) }
    #expect(!session.isRunning)
    // The shell, too, waits to write.
    session.press(.control("q"))
    #expect(try session.waitForExit() == .exited(128 + SIGTERM))
    #expect(plan(session).hasPrefix("# A plan for "))
  }
}
