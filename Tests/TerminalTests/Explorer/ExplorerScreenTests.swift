import PTYSupport
import Testing

/// The explorer on the terminals and at the sizes that people have.
@Suite("Explorer: screens")
struct ExplorerScreenTests {
  @Test(
    "at each size the optimum comes to the screen, the panes reach its edges, and q leaves it as it was",
    arguments: [(80, 24), (120, 36), (200, 60)])
  func sizes(width: Int, height: Int) throws {
    let session = try Explorer.startAtRest(Explorer.small, width: width, height: height)
    #expect(session.screen.line(0).contains("gpt-1.3b"))
    #expect(session.screen.line(1).contains("s/iter"))
    #expect(session.screen.line(1).contains("fits"))
    expectFrame(session.screen, corners: ["┌", "┐", "└", "┘"])
    #expect(session.screen.clears <= 1)
    try Explorer.expectCleanQuit(session)
    #expect(session.screen.contains("s per iteration"))
  }

  @Test(
    "each terminal shows the same, in the colours and characters that it has",
    arguments: [
      ("xterm-256color", "C.UTF-8", true, true), ("screen-256color", "C.UTF-8", true, true),
      ("linux", "C.UTF-8", true, false), ("vt100", "C.UTF-8", false, true), ("xterm-256color", "C", true, false),
    ])
  func terminals(name: String, locale: String, hasColours: Bool, hasBraille: Bool) throws {
    let session = try Explorer.startAtRest(terminal: name, environment: ["LANG": locale])
    let screen = session.screen
    expectFrame(screen, corners: locale == "C" ? ["+", "+", "+", "+"] : ["┌", "┐", "└", "┘"])
    #expect(screen.text.unicodeScalars.allSatisfy(\.isASCII) == (locale == "C"))
    #expect(screen.text.unicodeScalars.contains { (0x2800..<0x2900).contains($0.value) } == hasBraille)
    #expect(looks(screen).contains { $0.foreground != nil || $0.background != nil } == hasColours)
    session.send("2")
    try session.wait(for: "Enter values")
    try Explorer.expectCleanQuit(session)
  }

  @Test("NO_COLOR leaves the terminal's own colours, and what is selected can still be told")
  func noColour() throws {
    let session = try Explorer.startAtRest(environment: ["NO_COLOR": "1"])
    #expect(!looks(session.screen).contains { $0.foreground != nil || $0.background != nil })
    #expect(looks(session.screen).contains { $0.reverse || $0.bold })
    try Explorer.expectCleanQuit(session)
  }

  @Test("a question that takes long has its first plan while it is searched")
  func firstPlan() throws {
    let session = try Explorer.startSearching()
    try session.wait(until: "a plan", timeout: Explorer.searchPatience) { $0.line(1).contains("s/iter") }
    #expect(session.screen.line(0).contains("searching"))
    #expect(session.screen.line(0).contains("gpt-22b"))
    try Explorer.expectCleanQuit(session)
  }

  @Test("where no plan fits, the screen says what lacks how much and what would fit")
  func infeasible() throws {
    let question = Explorer.small + ["--set", "run.batch=4", "--memory-limit", "0.1"]
    let session = try Explorer.start(question, width: 80, height: 24)
    try session.wait(for: "No plan of this space fits", timeout: Explorer.searchPatience)
    session.settle()
    #expect(session.screen.line(1).contains("no plan fits"))
    #expect(session.screen.contains("lacks"))
    #expect(session.screen.contains("What would fit"))
    // Nothing here can be saved or moved along; the keys for it must do nothing.
    session.send("shlG4jjz+3\t2\r")
    try session.wait(until: "the keys are read") { _ in session.waitingInput == 0 }
    try Explorer.expectCleanQuit(session)
  }

  /// Expects the panes' frame to reach from below the two header lines to above the line of keys.
  private func expectFrame(_ screen: VirtualScreen, corners: [String]) {
    let (top, bottom, right) = (2, screen.height - 2, screen.width - 1)
    let found = [(top, 0), (top, right), (bottom, 0), (bottom, right)].map { screen.cell(row: $0, column: $1)?.text }
    #expect(found == corners)
  }

  private func looks(_ screen: VirtualScreen) -> Set<VirtualScreen.Look> {
    var looks: Set<VirtualScreen.Look> = []
    for row in 0..<screen.height {
      for column in 0..<screen.width {
        if let look = screen.cell(row: row, column: column)?.look { looks.insert(look) }
      }
    }
    return looks
  }
}
