import PTYSupport
import Testing

/// What lines and people do to the explorer: sizes, slowness, pastes.
@Suite("Explorer: hardship")
struct ExplorerHardshipTests {
  @Test("a storm of sizes while the search runs ends with the right screen")
  func resizeStorm() throws {
    let session = try Explorer.startSearching()
    let sizes = [
      (1, 1), (300, 100), (2, 50), (200, 1), (39, 12), (40, 11), (40, 12), (109, 30), (110, 30), (1, 30), (3, 3),
      (180, 50), (179, 49), (80, 24), (1, 100), (300, 1), (13, 7), (60, 20), (250, 12), (120, 36),
    ]
    for (index, (width, height)) in sizes.enumerated() {
      session.resize(width: width, height: height)
      session.send(["2j", "4l", "?", "\u{1B}", "3k", "1h"][index % 6])
      _ = session.bytes(within: .milliseconds(15))
    }
    session.press(.escape)
    try session.wait(until: "the line of keys at 120x36") { $0.line(35).contains("q quit") }
    session.settle()
    #expect(session.screen.cell(row: 34, column: 0)?.text == "└")
    #expect(session.screen.cell(row: 34, column: 119)?.text == "┘")
    try Explorer.expectCleanQuit(session)
  }

  @Test("every size is drawn and can be left, the smallest with a word about it")
  func sizesInTurn() throws {
    let session = try Explorer.startAtRest()
    for (width, height) in [(40, 12), (39, 12), (1, 1), (300, 100), (12, 3), (80, 24)] {
      session.resize(width: width, height: height)
      let isTooSmall = width < 40 || height < 12
      try session.wait(until: "\(width)x\(height)") {
        width < 12 ? $0.line(0) != "" : isTooSmall ? $0.contains("too small") : $0.line(height - 1).contains("? help")
      }
    }
    session.resize(width: 1, height: 1)
    try Explorer.expectCleanQuit(session)
  }

  @Test("over a line of 64 kbit/s no key is lost")
  func slowLine() throws {
    let session = try Explorer.start()
    session.bytesPerSecond = 8_000
    try Explorer.waitForRest(session)
    session.send("s")
    session.press(.control("u"))
    let name = String((0..<200).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
    // Each key is a frame of its own where the program keeps up, and the line is slower than the typing.
    for character in session.home + "/" + name { session.send(String(character)) }
    session.press(.enter)
    try session.wait(for: "saved ")
    let saved = try Explorer.run(["score", session.home + "/" + name])
    #expect(saved.exit == .exited(0))
    try Explorer.expectCleanQuit(session)
  }

  @Test("a pasted megabyte is no command, sends nothing, and leaves the program alive")
  func largePaste() throws {
    let session = try Explorer.startAtRest(width: 80, height: 24)
    let before = (session.bytesReceived, session.screen.lines)
    session.paste(String(repeating: "q\u{3}\u{1A}s2?\n", count: 1_000_000 / 7))
    try session.wait(until: "the paste is read") { _ in session.waitingInput == 0 }
    session.settle()
    #expect(session.bytesReceived == before.0)
    #expect(session.screen.lines == before.1)
    session.send("2")
    try session.wait(for: "Enter values")
    try Explorer.expectCleanQuit(session)
  }

  @Test("text pasted into a field is cut to one line of a sane length")
  func pasteIntoField() throws {
    let session = try Explorer.startAtRest()
    session.send("?")
    try session.wait(for: "What works here")
    session.paste(String(repeating: "x\n漢", count: 50_000))
    try session.wait(for: "nothing here is called so")
    session.press(.control("u"))
    session.paste("theme\n")
    try session.wait(for: "Change to the next theme")
    session.press(.escape)
    try session.wait(for: "q quit")
    try Explorer.expectCleanQuit(session)
  }

  @Test("thousands of random keys, clicks and broken sequences during a search do no harm", arguments: [1, 2])
  func randomInput(seed: UInt64) throws {
    let session = try Explorer.startSearching(Explorer.medium, width: 110, height: 30)
    // Whatever moves, opens and closes; not what leaves, stops, or writes a file where the tests run.
    let pieces =
      ["h", "j", "k", "l", "g", "G", "x", "z", "+", "-", "<", ">", "1", "2", "3", "4", "\t", "i", "?", "b", "t", "r"]
      + ["T", "C", "M", "\u{C}", "\u{1B}", "\u{1B}[A", "\u{1B}[B", "\u{1B}OC", "\u{1B}[Z", "\u{1B}[", "\u{1B}[<0;"]
      + ["\u{1B}[<0;30;9M", "\u{1B}[<64;3;3M", "\u{1B}[200~q\u{3}\u{1B}[201~", "é", "漢", "\u{7F}", "\u{15}"]
    var state = seed
    for _ in 0..<3_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      session.send(pieces[Int(state >> 33) % pieces.count])
    }
    // Out of whatever is open, and of a sequence that is not complete.
    session.send(" ")
    _ = session.bytes(within: .milliseconds(50))
    session.press(.escape)
    _ = session.bytes(within: .milliseconds(50))
    session.press(.control("c"))
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
    #expect(session.screen.misunderstood == [])
  }

  @Test("keys that are typed before the first frame are not lost")
  func typeAhead() throws {
    let session = try Explorer.start()
    session.send("4")
    try session.wait(for: "+ - zoom")
    try Explorer.expectCleanQuit(session)
  }
}
