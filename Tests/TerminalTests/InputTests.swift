import PTYSupport
import Testing

/// Keys, mouse, paste and size, through a real terminal.
@Suite("Input")
struct InputTests {
  @Test(
    "every key arrives as itself, in each terminal", arguments: ["xterm-256color", "screen-256color", "linux", "vt100"])
  func keys(terminal: String) throws {
    let session = try startProbe(terminal: terminal)
    let keys: [(PTYKey, String)] = [
      (.down, "down"), (.up, "up"), (.left, "left"), (.right, "right"), (.home, "home"), (.end, "end"),
      (.pageUp, "pageUp"), (.pageDown, "pageDown"), (.delete, "delete"), (.insert, "insert"), (.enter, "enter"),
      (.tab, "tab"), (.backTab, "backTab"), (.backspace, "backspace"), (.escape, "escape"),
      (.alt("x"), "alt(\"x\")"), (.control("a"), "control(\"a\")"), (.character("é"), "character(\"é\")"),
      (.character("漢"), "character(\"漢\")"),
    ]
    for (key, name) in keys {
      session.press(key)
      try session.wait(for: "last key \(name)")
    }
    // Both forms of the cursor keys are understood, whatever mode the terminal is in.
    session.send("\u{1B}[B\u{1B}OB")
    try session.wait(for: "selected 2")
  }

  @Test("a sequence that means nothing is swallowed whole: its letters are no commands")
  func unknownSequences() throws {
    let session = try startProbe()
    session.send("\u{1B}[1;6q\u{1B}[99;99~\u{1B}[?7;1qj")
    try session.wait(for: "selected 1 keys 1 ")
  }

  @Test("200 queued keys are one frame")
  func queuedKeys() throws {
    let session = try startProbe()
    session.send("i")
    try session.wait(for: "note frames")
    let before = try frames(session)
    session.send("b")
    session.send(String(repeating: "j", count: 100) + String(repeating: "k", count: 90) + "jjjjjjjjjj")
    try session.wait(for: "keys 202")
    session.send("i")
    try session.wait(for: "keys 203")
    // The frame of "b", and one or two for what came while it waited; without draining there would be 200.
    #expect(try frames(session) - before <= 4)
    #expect(session.screen.contains("selected 10 "))
  }

  @Test("mouse reports are decoded, also beyond column 223; other buttons are left to the terminal")
  func mouse() throws {
    let session = try startProbe(width: 300, height: 40)
    session.click(row: 4, column: 250)
    try session.wait(for: "last mouse release 250 4")
    session.send("\u{1B}[<65;3;9M")
    try session.wait(for: "last mouse wheelDown 2 8")
    session.send("\u{1B}[<32;7;8M")
    try session.wait(for: "last mouse drag 6 7")
    session.send("\u{1B}[<2;1;1Mj")
    try session.wait(for: "selected 1 keys 1 ")
    session.send("\u{1B}[M !!")
    try session.wait(for: "last mouse press 0 0")
  }

  @Test("mouse reports can be switched off, to select text, and on again")
  func mouseOff() throws {
    let session = try startProbe()
    session.send("u")
    try session.wait(until: "mouse off") { !$0.modes.contains(1000) && !$0.modes.contains(1006) }
    session.press(.control("z"))
    try session.waitForStop()
    session.resume()
    try session.wait(until: "the screen") { $0.modes.contains(1049) && $0.contains("end") }
    #expect(!session.screen.modes.contains(1000))
    session.send("U")
    try session.wait(until: "mouse on") { $0.modes.isSuperset(of: [1000, 1002, 1006]) }
  }

  @Test("100 KB of pasted text are text, not commands")
  func longPaste() throws {
    let session = try startProbe()
    let text = String(repeating: "q\u{3}jS\n\u{1B}[A é", count: 10_000)
    session.paste(text)
    // The cursor key within is text as well.
    try session.wait(for: "selected 0 keys 0 pasted \(10_000 * "q\u{3}jS\n\u{1B}[A é".count)")
    session.send("j")
    try session.wait(for: "selected 1 keys 1 ")
  }

  @Test("a paste whose end got lost does not lock the keyboard: Ctrl-C gets out")
  func endlessPaste() throws {
    let session = try startProbe()
    session.send("\u{1B}[200~qqq")
    try session.wait(until: "the paste is read") { _ in session.waitingInput == 0 }
    // A ^C right behind is text as well; after half a second a person typed it.
    session.press(.control("c"))
    #expect(session.bytes(within: .milliseconds(700)) == 0)
    session.press(.control("c"))
    #expect(try session.waitForExit() == .exited(0))
  }

  @Test("messages of another thread cause at most 15 frames a second, and the last one is shown")
  func messageFrames() throws {
    let session = try startProbe()
    session.send("m")
    try session.wait(for: "messages 1000")
    try session.wait(for: "note burst")
    let note = try #require(session.screen.lines.first { $0.hasPrefix("note burst") })
    let numbers = note.split(separator: " ").compactMap { Int($0) }
    #expect(numbers[0] <= numbers[1] * 15 / 1_000 + 2)
    #expect(numbers[0] >= 2)
  }

  @Test("an idle program sleeps: nothing is sent, and it is not woken")
  func idle() throws {
    let session = try startProbe()
    session.send("i")
    try session.wait(for: "wakeups 1")
    session.settle()
    #expect(session.bytes(within: .milliseconds(300)) == 0)
    session.send("i")
    try session.wait(for: "wakeups 2")
  }

  /// The frames that the probe says to have drawn.
  private func frames(_ session: PTYSession) throws -> Int {
    let note = try #require(session.screen.lines.first { $0.hasPrefix("note frames") })
    return try #require(note.split(separator: " ").compactMap { Int($0) }.first)
  }
}
