import PTYSupport
import Testing

/// Keys and mouse in the explorer, as a person uses them.
@Suite("Explorer: keys")
struct ExplorerKeyTests {
  @Test("moving on the frontier previews, Esc returns, Enter takes")
  func frontier() throws {
    let session = try Explorer.startAtRest(Explorer.small, sweeps: true)
    let best = session.screen.line(1)
    session.send("h")
    try session.wait(for: "Enter take")
    session.settle()
    let preview = session.screen.line(1)
    #expect(preview != best)
    #expect(session.screen.contains("preview") || session.screen.contains("PREVIEW"))
    session.press(.escape)
    try session.wait(until: "the plan before") { $0.line(1) == best && !$0.contains("Enter take") }
    session.press(.left, .left, .enter)
    try session.wait(until: "another plan, taken") {
      !$0.line(1).hasPrefix(best.prefix(16)) && !$0.line(1).hasPrefix(preview.prefix(16)) && !$0.contains("Enter take")
    }
    // Back at the best one it is no preview of another plan until taken, and can be taken again.
    session.press(.end, .enter)
    try session.wait(until: "the best plan, taken") {
      $0.line(1).hasPrefix(best.prefix(16)) && !$0.contains("Enter take")
    }
    try Explorer.expectCleanQuit(session)
  }

  @Test("1 to 4, Tab and Shift-Tab go to the panes", arguments: [(80, 24), (120, 36)])
  func panes(width: Int, height: Int) throws {
    let session = try Explorer.startAtRest(Explorer.small, width: width, height: height)
    let marks = ["x v axes", "Enter values", "j k stage", "+ - zoom"]
    for (key, mark) in zip(["2", "4", "3", "1"], [marks[1], marks[3], marks[2], marks[0]]) {
      session.send(key)
      try session.wait(for: mark)
    }
    // Where one pane fills the screen, Why, Compare and Runs are tabs too.
    let others = width < 110 ? ["▸5 Why", "▸6 Compare", "▸7 Runs"] : []
    for mark in [marks[1], marks[2], marks[3]] + others + [marks[0]] {
      session.press(.tab)
      try session.wait(for: mark)
    }
    for mark in others.reversed() + [marks[3], marks[2], marks[1], marks[0]] {
      session.press(.backTab)
      try session.wait(for: mark)
    }
  }

  @Test("help opens, searches, does what is chosen, and closes")
  func help() throws {
    let session = try Explorer.startAtRest()
    session.send("?")
    try session.wait(for: "What works here")
    try session.wait(for: "Save the plan that is shown")
    session.send("theme")
    try session.wait(until: "one match") {
      $0.contains("Change to the next theme") && !$0.contains("Save the plan that is shown")
    }
    session.press(.enter)
    try session.wait(until: "another theme, and the help closed") {
      $0.contains("theme: ") && !$0.contains("What works here")
    }
    session.press(.function(1))
    try session.wait(for: "What works here")
    session.send("no such thing")
    try session.wait(for: "nothing here is called so")
    session.press(.escape)
    try session.wait(until: "the closed help") { !$0.contains("What works here") }
    session.send("i")
    try session.wait(for: "In full")
    session.press(.escape)
    try session.wait(until: "the closed details") { !$0.contains("In full") }
  }

  @Test("T changes the colours and nothing else, C the characters")
  func looks() throws {
    let session = try Explorer.startAtRest()
    let before = session.screen
    session.send("T")
    try session.wait(for: "theme: ")
    session.settle()
    #expect(session.screen.lines.dropLast() == before.lines.dropLast())
    #expect(session.screen.cell(row: 0, column: 1)?.look != before.cell(row: 0, column: 1)?.look)
    session.send("C")
    try session.wait(until: "ASCII") { $0.text.unicodeScalars.allSatisfy(\.isASCII) }
    session.send("CC")
    try session.wait(for: "characters: braille")
    session.press(.escape)
    try session.wait(for: "q quit")
    #expect(session.screen.lines == before.lines)
  }

  @Test("a click selects a pane, and M leaves the mouse to the terminal")
  func mouse() throws {
    let session = try Explorer.startAtRest()
    let memory = try #require(session.screen.find("Memory"))
    session.click(row: memory.row + 3, column: memory.column)
    try session.wait(for: "j k stage")
    session.send("M")
    try session.wait(until: "the mouse off") { !$0.modes.contains(1000) && !$0.modes.contains(1006) }
    session.send("M")
    try session.wait(until: "the mouse on") { $0.modes.isSuperset(of: [1000, 1002, 1006]) }
    try Explorer.expectCleanQuit(session)
  }

  @Test("Ctrl-L draws the same screen anew")
  func redraw() throws {
    let session = try Explorer.startAtRest()
    let (before, clears) = (session.screen.lines, session.screen.clears)
    session.press(.control("l"))
    try session.wait(until: "a cleared screen") { $0.clears == clears + 1 && $0.contains("q quit") }
    session.settle()
    #expect(session.screen.lines == before)
  }
}
