import Foundation
import PTYSupport
import Testing

/// The explorer ends as it should, also in the middle of a search.
@Suite("Explorer: leaving")
struct ExplorerLeavingTests {
  @Test("q and Ctrl-C leave in the middle of a search", arguments: ["q", "\u{3}"])
  func quits(key: String) throws {
    let session = try Explorer.startSearching()
    session.send(key)
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
    #expect(session.screen.contains("gpt-22b"))
  }

  @Test("a signal leaves in the middle of a search, with its exit code", arguments: [SIGTERM, SIGHUP, SIGINT])
  func signals(number: Int32) throws {
    let session = try Explorer.startSearching()
    session.signal(number)
    #expect(try session.waitForExit() == .exited(128 + number))
    #expect(session.isAsBefore)
  }

  @Test("a closed terminal ends the search and the program")
  func hangsUp() throws {
    let session = try Explorer.startSearching()
    session.hangUp()
    #expect(try session.waitForExit() == .exited(129))
  }

  @Test("SIGTERM ends the program also where the terminal takes no more bytes")
  func signalWhileStalled() throws {
    let session = try Explorer.start(width: 200, height: 60)
    try session.wait(for: "q quit")
    // Nobody reads until the line is full and the program waits to write; it takes several whole screens. New sizes ask
    // for them: a key would have what waits read first.
    session.bytesPerSecond = 1
    var width = 200
    try session.wait(until: "a full line") { _ in
      width = 399 - width
      session.resize(width: width, height: 60)
      return session.isStalled
    }
    session.signal(SIGTERM)
    let deadline = ContinuousClock.now + PTYSession.patience
    while session.isRunning, ContinuousClock.now < deadline { usleep(20_000) }
    session.bytesPerSecond = nil
    let exit = try session.waitForExit()
    #expect(exit == .exited(128 + SIGTERM) || exit == .signalled(SIGTERM))
    #expect(session.modes == session.modesBefore)
  }

  @Test("at whatever moment of a search q comes, nothing breaks", arguments: 0..<8)
  func quitsAnyTime(step: Int) throws {
    let session = try Explorer.start(step.isMultiple(of: 2) ? Explorer.large : Explorer.small)
    // Not a fixed sleep before a check, but moments spread over the start: before the first frame, and after it.
    _ = session.bytes(within: .milliseconds(40 * step * step))
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
  }

  @Test("Esc stops the search and keeps what it has found; r searches again")
  func stops() throws {
    let session = try Explorer.startSearching(Explorer.large)
    try session.wait(until: "a plan", timeout: Explorer.searchPatience) { $0.line(1).contains("s/iter") }
    session.press(.escape)
    try session.wait(until: "the stop") { !$0.contains("searching") && !$0.contains("stopping") }
    try session.waitForSleep()
    let seconds = try #require(Explorer.seconds(session.screen))
    #expect(!session.screen.contains("optimal"))
    #expect(session.screen.line(1).contains("fits"))
    #expect(session.bytes(within: .milliseconds(200)) == 0)
    session.send("r")
    try session.wait(for: "searching")
    #expect(Explorer.seconds(session.screen) == seconds)
    try Explorer.expectCleanQuit(session)
  }

  @Test("a search that was stopped before its first plan does not say that no plan fits")
  func stopsAtOnce() throws {
    let session = try Explorer.start(Explorer.large)
    session.press(.escape)
    try session.wait(until: "the stop") {
      $0.contains("q quit") && !$0.contains("Esc stop") && !$0.contains("stopping")
    }
    #expect(!session.screen.contains("no plan fits"))
    session.send("r")
    try session.wait(for: "searching")
    try Explorer.expectCleanQuit(session)
  }

  @Test("Ctrl-Z gives the shell its terminal while the search runs, and fg takes it again")
  func suspends() throws {
    let session = try Explorer.startSearching(width: 80, height: 24)
    session.press(.control("z"))
    try session.waitForStop()
    #expect(session.isAsBefore)
    session.resize(width: 120, height: 36)
    session.resume()
    try session.wait(until: "the screen at its new size") {
      $0.modes.contains(1049) && $0.line(35).contains("q quit")
    }
    try session.wait(until: "a plan", timeout: Explorer.searchPatience) { $0.line(1).contains("s/iter") }
    try Explorer.expectCleanQuit(session)
  }

  @Test("in tmux the shell is as before after a search", .enabled(if: TmuxSession.isInstalled, "needs tmux"))
  func inTmux() throws {
    let tmux = try TmuxSession(
      "brume", arguments: ["explore"] + Explorer.small, width: 120, height: 36, terminal: "screen-256color")
    try tmux.wait(for: "optimal", timeout: Explorer.searchPatience)
    #expect(try tmux.value("alternate_on") == "1")
    try tmux.press("2", "Down")
    try tmux.wait(for: "Enter values")
    try tmux.paste("qqq\n\u{3}qq")
    try tmux.resize(width: 80, height: 24)
    try tmux.press("4")
    try tmux.wait(for: "+ - zoom")
    try tmux.press("q")
    try tmux.wait(for: "exit 0")
    #expect(tmux.text.contains("s per iteration"))
    for (name, value) in [("alternate_on", "0"), ("mouse_any_flag", "0"), ("cursor_flag", "1")] {
      #expect(try tmux.value(name) == value)
    }
  }
}
