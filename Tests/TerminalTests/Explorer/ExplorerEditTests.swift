import Foundation
import PTYSupport
import Testing

/// Editing, pinning and solving, as a person does it at the keyboard.
@Suite("Explorer: edits")
struct ExplorerEditTests {
  /// Two stages of three layers and one, at rest, with the stage table in front and the cursor on the first stage's layers.
  private func atTable(width: Int = 120, height: Int = 36) throws -> PTYSession {
    let question = ["gpt-1.3b-2xl4", "--set", "model.layers=4", "--set", "run.batch=8", "--pin", "stages=2"]
    let session = try Explorer.startAtRest(question, width: width, height: height)
    session.send("2gjj")
    try session.wait(until: "the first stage's layers") { $0.contains("▸1") && $0.contains("transformer layers") }
    return session
  }

  @Test("] moves a layer to the next stage, u brings it back, and the time follows", arguments: [(80, 24), (120, 36)])
  func layers(width: Int, height: Int) throws {
    let session = try atTable(width: width, height: height)
    let best = try #require(Explorer.seconds(session.screen))
    session.send("]")
    try session.wait(until: "another time") { Explorer.seconds($0) != best }
    #expect(session.screen.contains("to optimum") || session.screen.contains("+"))
    session.send("u")
    try session.wait(for: "undone: a layer from stage 1 to 2")
    #expect(Explorer.seconds(session.screen) == best)
    session.send("U")
    try session.wait(for: "done again")
    #expect(Explorer.seconds(session.screen) != best)
    try Explorer.expectCleanQuit(session)
  }

  @Test("Enter lists the values of a cell, typing goes to one, Enter takes it, and the history knows")
  func values() throws {
    let session = try atTable()
    session.press(.enter)
    try session.wait(for: "layers of stage 1, now 3")
    try session.wait(for: "the rest solved")
    session.send("2")
    try session.wait(for: "layers of stage 1, now 3: 2_")
    session.press(.enter)
    try session.wait(until: "the list is closed") { !$0.contains("the rest solved") }
    session.send("H")
    try session.wait(for: "1.layers=2")
    session.press(.home, .enter)
    try session.wait(until: "as it was") { !$0.contains("as it was opened") && $0.contains("the optimum") }
    try Explorer.expectCleanQuit(session)
  }

  @Test("a pinned cell is marked, is kept by t, and stands in the saved file")
  func pins() throws {
    let session = try atTable()
    session.send("]p")
    try session.wait(for: "*2")
    session.send("t")
    try session.wait(until: "solved", timeout: Explorer.searchPatience) {
      !$0.contains("searching") && $0.contains("*2")
    }
    try Explorer.waitForRest(session)
    let path = session.home + "/pinned.yaml"
    session.send("s")
    try session.wait(for: "Save the plan")
    session.press(.control("u"))
    session.send(path)
    session.press(.enter)
    try session.wait(for: "saved \(path)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("1.layers=2") && text.contains("stages=2"))
    try Explorer.expectCleanQuit(session)
    let again = try Explorer.start([path])
    try again.wait(for: "2 pinned")
    again.send("q")
    #expect(try again.waitForExit() == .exited(0))
  }

  @Test("pins that cannot all hold are named, and the plan stays")
  func conflict() throws {
    let session = try atTable()
    let best = try #require(Explorer.seconds(session.screen))
    session.send("p")
    try session.wait(for: "pinned; t solves the rest")
    session.send("jp")
    try session.wait(for: "2.layers=1: pinned")
    session.send("k")
    session.press(.enter)
    try session.wait(for: "pinned: 2.layers=1")
    session.press(.escape)
    try session.wait(until: "the list is closed") { !$0.contains("the rest solved") }
    #expect(Explorer.seconds(session.screen) == best)
    try Explorer.expectCleanQuit(session)
  }

  @Test("the batch is edited in the row of the run, the optimum is searched again, and undo gives all back")
  func batch() throws {
    let session = try atTable()
    let best = try #require(Explorer.seconds(session.screen))
    session.send("g+")
    try session.wait(for: "batch 10")
    try session.wait(until: "the optimum of that", timeout: Explorer.searchPatience) {
      $0.contains("optimal") && Explorer.seconds($0) != best
    }
    session.send("u")
    try session.wait(for: "undone: batch=10")
    try session.wait(until: "the first plan", timeout: Explorer.searchPatience) { Explorer.seconds($0) == best }
    try Explorer.expectCleanQuit(session)
  }
}
