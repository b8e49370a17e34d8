import Foundation
import PTYSupport
import Testing

/// The terminal is left as it was found, whatever ends the program.
@Suite("Leaving the terminal")
struct LeavingTests {
  @Test("while the program runs the terminal is its own, else the other tests here could not fail")
  func takesTerminal() throws {
    let session = try startProbe()
    #expect(session.modes != session.modesBefore)
    #expect(session.screen.modes.isSuperset(of: [1049, 1000, 1002, 1006, 2004]))
    #expect(!session.screen.modes.contains(25))
  }

  @Test("q and Ctrl-C leave the terminal as it was", arguments: ["q", "\u{3}"])
  func quits(key: String) throws {
    let session = try startProbe()
    session.send(key)
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
    #expect(session.screen.contains("left: asked"))
  }

  @Test(
    "a request to leave by signal ends the loop, and the program can still save",
    arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGALRM])
  func leavesOnSignal(number: Int32) throws {
    let session = try startProbe()
    session.signal(number)
    #expect(try session.waitForExit() == .exited(128 + number))
    #expect(session.isAsBefore)
    #expect(session.screen.contains("left: signal"))
  }

  @Test("a program that hangs is ended by the second signal, and the terminal is as it was")
  func secondSignalForces() throws {
    let session = try startProbe()
    session.send("h")
    try session.wait(until: "the hang") { _ in session.waitingInput == 0 }
    // Unlike ones: two of a kind that wait are one.
    session.signal(SIGTERM)
    session.signal(SIGINT)
    guard case .signalled = try session.waitForExit() else {
      Issue.record("the program was not ended by a signal")
      return
    }
    #expect(session.isAsBefore)
  }

  @Test(
    "a crash leaves the terminal as it was, ends by its signal, and says where its traces are",
    arguments: zip(["S", "T", "A", "O", "X"], [SIGSEGV, SIGILL, SIGABRT, SIGSEGV, SIGSEGV]))
  func crashes(key: String, number: Int32) throws {
    let session = try startProbe()
    session.send(key)
    let exit = try session.waitForExit()
    // A trap is SIGILL or SIGTRAP, by the processor.
    #expect(exit == .signalled(number) || (key == "T" && exit == .signalled(SIGTRAP)))
    #expect(session.isAsBefore)
    #expect(session.screen.contains("term-probe stopped by a fault of its own; details are in"))
    let log = try #require(try logs(session).first)
    #expect(log.contains("signal \(number < 10 ? "0" : "")\(number)") || key == "T")
    if key == "T" { #expect(log.contains("asked to trap")) }
  }

  @Test("exit from anywhere leaves the terminal as it was")
  func exits() throws {
    let session = try startProbe()
    session.send("E")
    #expect(try session.waitForExit() == .exited(3))
    #expect(session.isAsBefore)
  }

  @Test("a signal of a crash that somebody sent ends the program too")
  func sentCrashSignal() throws {
    let session = try startProbe()
    session.signal(SIGSEGV)
    #expect(try session.waitForExit() == .signalled(SIGSEGV))
    #expect(session.isAsBefore)
  }

  @Test("a dropped line sends SIGHUP more than once: the program can save all the same")
  func repeatedHangup() throws {
    let session = try startProbe()
    session.send("h")
    try session.wait(until: "the hang") { _ in session.waitingInput == 0 }
    session.signal(SIGHUP)
    session.signal(SIGHUP)
    session.signal(SIGHUP)
    #expect(session.bytes(within: .milliseconds(100)) == 0)
    session.signal(SIGTERM)
    #expect(try session.waitForExit() == .signalled(SIGTERM))
    #expect(session.isAsBefore)
  }

  @Test("a closed terminal ends the program")
  func hangsUp() throws {
    let session = try startProbe()
    session.hangUp()
    #expect(try session.waitForExit() == .exited(129))
  }

  @Test("a closed terminal ends the program also where SIGHUP is ignored")
  func hangsUpWithoutSignal() throws {
    let probe = try BuiltProduct.path("term-probe")
    let session = try PTYSession("/bin/sh", arguments: ["-c", "trap '' HUP; exec '\(probe)'"])
    try session.wait(for: "end")
    session.hangUp()
    #expect(try session.waitForExit() == .exited(129))
  }

  @Test("Ctrl-Z gives the terminal back, and fg takes and draws it again")
  func suspends() throws {
    let session = try startProbe()
    session.send("jjj")
    try session.wait(for: "selected 3")
    session.press(.control("z"))
    try session.waitForStop()
    #expect(session.isAsBefore)
    session.resume()
    try session.wait(for: "selected 3")
    #expect(session.screen.modes.isSuperset(of: [1049, 1000, 2004]))
    session.send("jq")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
  }

  @Test("a stop from outside, and a window of another size when it goes on")
  func stopsFromOutside() throws {
    let session = try startProbe()
    session.signal(SIGTSTP)
    try session.waitForStop()
    #expect(session.isAsBefore)
    session.resize(width: 100, height: 30)
    session.resume()
    try session.wait(for: "probe 100x30")
    session.signal(SIGSTOP)
    try session.waitForStop()
    session.resume()
    session.send("j")
    try session.wait(for: "selected 1")
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
  }

  @Test("in the background the program waits, and does not touch the terminal")
  func background() throws {
    let session = try startProbe()
    session.press(.control("z"))
    try session.waitForStop()
    session.resume(inForeground: false)
    try session.waitForStop()
    #expect(session.isAsBefore)
    session.resume()
    try session.wait(for: "selected 0")
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
  }

  @Test("what is printed while the screen is up goes to a log that is told at the end")
  func logsPrintedText() throws {
    let session = try startProbe()
    session.send("eq")
    #expect(try session.waitForExit() == .exited(0))
    try session.wait(for: "messages are in")
    let log = try #require(try logs(session).first)
    #expect(log == "to stderr\nto stdout\n" || log == "to stdout\nto stderr\n")
    #expect(!String(decoding: session.output, as: UTF8.self).contains("to std"))
  }

  @Test("no log stays where nothing was printed, and none is needed to run")
  func logIsOptional() throws {
    let session = try startProbe()
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(try logs(session).isEmpty)
    let other = try startProbe(environment: ["XDG_STATE_HOME": "/proc/nowhere"])
    other.send("eq")
    #expect(try other.waitForExit() == .exited(0))
    #expect(!other.screen.contains("messages are in"))
  }

  /// The texts of the log files under the session's home.
  private func logs(_ session: PTYSession) throws -> [String] {
    let directory = session.home + "/.local/state/brume"
    let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".log") }
    return try names.map { try String(contentsOfFile: "\(directory)/\($0)", encoding: .utf8) }
  }
}
