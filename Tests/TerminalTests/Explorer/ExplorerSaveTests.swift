import Foundation
import PTYSupport
import Testing

/// Plans go from the explorer into files, and back.
@Suite("Explorer: plan files")
struct ExplorerSaveTests {
  @Test("a saved plan scores to the figures of the screen, and the farewell says where it is")
  func saves() throws {
    let session = try Explorer.startAtRest()
    let path = session.home + "/plan of today.yaml"
    try save(session, to: path)
    try session.wait(for: "saved \(path)")
    try Explorer.expectCleanQuit(session)
    let farewell = String(decoding: session.output, as: UTF8.self)
    #expect(farewell.contains("saved in \(path); `brume explore --resume` goes on"))
    #expect(farewell.contains("brume export '\(path)' --to mist"))
    let scored = try Explorer.run(["score", path])
    #expect(scored.exit == .exited(0))
    #expect(!scored.text.contains("was saved with"))
    let seconds = try #require(firstNumber(in: scored.text, before: " s per iteration"))
    #expect(farewell.contains("\(seconds) s per iteration"))
    #expect(!session.screen.contains("not saved"))
  }

  @Test("a file that exists is replaced only after a yes")
  func overwrites() throws {
    let session = try Explorer.startAtRest()
    let path = session.home + "/plan.yaml"
    try "mine".write(toFile: path, atomically: true, encoding: .utf8)
    try save(session, to: path)
    try session.wait(for: "Overwrite it?")
    session.send("n")
    try session.wait(for: "not written")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    session.press(.enter)
    try session.wait(for: "Overwrite it?")
    session.press(.enter)
    try session.wait(for: "not written")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    session.press(.enter)
    try session.wait(for: "Overwrite it?")
    session.send("y")
    try session.wait(for: "saved \(path)")
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("brume: 1"))
  }

  @Test("a path that cannot be written is told in the dialog, which stays open; ~ is the home directory")
  func refusesPath() throws {
    let session = try Explorer.startAtRest()
    try save(session, to: "/proc/nowhere/plan.yaml")
    try session.wait(for: "cannot be written")
    #expect(session.screen.contains("Save the plan"))
    session.press(.control("u"))
    session.send("~/plan.yaml")
    session.press(.enter)
    try session.wait(for: "saved ")
    #expect(FileManager.default.fileExists(atPath: session.home + "/plan.yaml"))
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.screen.contains("saved in ~/plan.yaml; `brume explore --resume` goes on"))
    #expect(session.screen.contains("brume export ~/plan.yaml --to mist"))
  }

  @Test("Ctrl-C and q while the save dialog is open: one leaves, the other is a letter")
  func leavesDialog() throws {
    let session = try Explorer.startAtRest()
    session.press(.character("s"))
    try session.wait(for: "Save the plan")
    session.press(.control("u"))
    session.send("qqq")
    try session.wait(for: "to qqq")
    session.press(.control("c"))
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
    #expect(session.screen.contains("not saved"))
  }

  @Test("a plan file that is opened is shown first and stays, and a better plan is offered")
  func opens() throws {
    let session = try Explorer.startAtRest(Explorer.small, sweeps: true)
    let best = try #require(Explorer.seconds(session.screen))
    let path = session.home + "/least.yaml"
    session.press(.home)
    try session.wait(for: "Enter take")
    session.settle()
    let least = try #require(Explorer.seconds(session.screen))
    try save(session, to: path)
    try session.wait(for: "saved \(path)")

    let second = try Explorer.start([path, "--space", "mist-paper"])
    try second.wait(for: "q quit")
    #expect(Explorer.seconds(second.screen) == least)
    try second.wait(for: "t take better", timeout: Explorer.searchPatience)
    #expect(Explorer.seconds(second.screen) == least)
    // Plans that improve on each other may be offered before the best one.
    try second.wait(for: "better: \(best) s", timeout: Explorer.searchPatience)
    #expect(Explorer.seconds(second.screen) == least)
    try second.wait(until: "the end of the search", timeout: Explorer.searchPatience) { !$0.contains("Esc stop") }
    #expect(Explorer.seconds(second.screen) == least)
    second.send("t")
    try second.wait(until: "the better plan") { Explorer.seconds($0) == best }
    try Explorer.expectCleanQuit(second)
  }

  /// Opens the dialog, types the path instead of the proposed one, and presses Enter.
  private func save(_ session: PTYSession, to path: String) throws {
    session.send("s")
    try session.wait(for: "Save the plan")
    session.press(.control("u"))
    session.send(path)
    session.press(.enter)
  }

  /// The word in front of a text.
  private func firstNumber(in text: String, before mark: String) -> String? {
    guard let range = text.range(of: mark) else { return nil }
    return text[..<range.lowerBound].split(separator: " ").last.map(String.init)
  }
}
