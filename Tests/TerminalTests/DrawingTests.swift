import Glibc
import PTYSupport
import Testing

/// What is sent, and what it looks like, on the terminals that people have.
@Suite("Drawing")
struct DrawingTests {
  @Test(
    "each terminal shows the same text, with the colours that it has",
    arguments: [
      ("xterm-256color", "full", 208), ("screen-256color", "full", 208), ("tmux-256color", "full", 208),
      ("xterm", "sixteen", nil), ("linux", "sixteen", nil), ("vt100", "none", nil),
    ] as [(String, String, Int?)])
  func terminals(name: String, depth: String, palette: Int?) throws {
    let session = try startProbe(terminal: name)
    #expect(session.screen.line(0) == "probe 80x24 \(depth) utf8")
    session.send("p")
    try session.wait(for: "control ??!")
    session.settle()
    #expect(
      session.screen.lines[5...13] == [
        "red", "bright", "palette", "bold", "underline", "box ─│⠿█", "combined e\u{301}!", "wide 漢字!", "control ??!",
      ])
    #expect(session.screen.cell(row: 5, column: 0)?.look.foreground == (depth == "none" ? nil : 1))
    #expect(session.screen.cell(row: 7, column: 0)?.look.foreground == palette)
    let bright = session.screen.cell(row: 6, column: 0)?.look
    #expect(bright?.foreground == (depth == "full" ? 9 : depth == "none" ? nil : 1))
    #expect(bright?.bold == (depth == "sixteen"))
    #expect(session.screen.misunderstood == [])
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
    #expect(session.screen.contains("left: asked"))
  }

  @Test("NO_COLOR leaves the terminal's own colours, unless it is empty")
  func noColour() throws {
    let session = try startProbe(environment: ["NO_COLOR": "1"])
    #expect(session.screen.line(0) == "probe 80x24 none utf8")
    session.send("p")
    try session.wait(for: "control ??!")
    #expect(session.screen.cell(row: 5, column: 0)?.look.foreground == nil)
    #expect(session.screen.cell(row: 8, column: 0)?.look.bold == true)
    #expect(try startProbe(environment: ["NO_COLOR": ""]).screen.line(0) == "probe 80x24 full utf8")
  }

  @Test(
    "without a UTF-8 locale the program is told, and other characters become question marks",
    arguments: [
      ("C", "ascii"), ("POSIX", "ascii"), ("xx_YY.UTF-8", "utf8"),
    ])
  func characterSets(locale: String, expected: String) throws {
    let session = try startProbe(environment: ["LANG": locale])
    #expect(session.screen.line(0) == "probe 80x24 full \(expected)")
    session.send("p")
    try session.wait(for: "control ??!")
    #expect(session.screen.line(12) == (expected == "utf8" ? "wide 漢字!" : "wide ? ? !"))
  }

  @Test(
    "terminals that cannot show the screen are refused politely, before a byte is sent to them",
    arguments: [
      ("dumb", "cannot move its cursor"), ("no-such-terminal", "no description of the terminal TERM=no-such-terminal"),
      (nil, "TERM is not set"), ("", "TERM is not set"),
    ] as [(String?, String)])
  func refused(name: String?, text: String) throws {
    let session = try PTYSession("term-probe", width: 200, terminal: name)
    #expect(try session.waitForExit() == .exited(70))
    #expect(session.screen.text.contains(text))
    #expect(session.screen.contains("brume render"))
    #expect(session.isAsBefore)
    #expect(!session.output.contains(0x1B))
  }

  @Test("a pipe is refused with the commands that write text")
  func refusesPipe() throws {
    let probe = try BuiltProduct.path("term-probe")
    let session = try PTYSession("/bin/sh", arguments: ["-c", "'\(probe)' | cat"], width: 200)
    _ = try session.waitForExit()
    #expect(session.screen.contains("must be a terminal; use `brume render`"))
    #expect(session.isAsBefore)
  }

  @Test("where nothing changed, nothing is sent")
  func nothingChanged() throws {
    let session = try startProbe()
    session.settle()
    let before = session.bytesReceived
    session.send("nnnnnnnnnn")
    try session.wait(until: "the keys are read") { _ in session.waitingInput == 0 }
    session.settle()
    #expect(session.bytesReceived == before)
    // The keys did cause frames.
    session.send("i")
    try session.wait(for: "note frames")
    #expect(!session.screen.contains("note frames 1 "))
  }

  @Test("moving the cursor costs under 200 bytes, at 200x60 as well", arguments: [(80, 24), (200, 60)])
  func cursorBytes(width: Int, height: Int) throws {
    let session = try startProbe(width: width, height: height)
    let bytes = try session.bytes(until: "selected 1") { session.send("j") }
    #expect((1...200).contains(bytes))
  }

  @Test("Ctrl-L clears and sends everything again; nothing else clears")
  func redraws() throws {
    let session = try startProbe()
    let before = session.screen.clears
    session.send("jjkpip")
    try session.wait(for: "selected 1 keys 6")
    session.settle()
    #expect(session.screen.clears == before)
    session.press(.control("l"))
    try session.wait(until: "a cleared screen") { $0.clears == before + 1 && $0.contains("end") }
  }

  @Test("a storm of sizes, 1x1 and 300x100 among them, ends with the right screen")
  func resizeStorm() throws {
    let session = try startProbe()
    let sizes = [
      (1, 1), (300, 100), (2, 50), (200, 1), (13, 7), (1, 30), (120, 36), (3, 3), (80, 24), (1, 1), (97, 31),
    ]
    for (width, height) in sizes {
      session.resize(width: width, height: height)
      session.send("jk")
    }
    try session.wait(for: "probe 97x31")
    session.send("j")
    try session.wait(for: "selected 1 ")
    session.settle()
    #expect(session.screen.line(30) == "end")
    #expect(session.screen.line(29) == "item 24")
    #expect(session.screen.misunderstood == [])
  }

  @Test(
    "any size can be started in and left",
    arguments: [(1, 1), (2, 1), (1, 5), (40, 12), (80, 24), (120, 36), (200, 60), (300, 100)])
  func sizes(width: Int, height: Int) throws {
    let session = try PTYSession("term-probe", width: width, height: height)
    try session.wait(until: "the last row") { $0.line(height - 1).hasPrefix(String("end".prefix(width))) }
    if width >= 20 { #expect(session.screen.line(0).hasPrefix(String("probe \(width)x\(height)".prefix(width)))) }
    session.send("jq")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
    #expect(session.screen.misunderstood == [])
  }

  @Test("each size that is shown in turn is shown whole", arguments: ["xterm-256color", "linux", "vt100"])
  func resizeSteps(terminal: String) throws {
    let session = try startProbe(terminal: terminal)
    for (width, height) in [(120, 36), (40, 12), (1, 1), (300, 100), (80, 24)] {
      session.resize(width: width, height: height)
      let last = String("end".prefix(width))
      let first = String("probe \(width)x\(height)".prefix(width))
      try session.wait(until: "\(width)x\(height)") {
        $0.line(height - 1) == (height == 1 ? last : last) && (height == 1 || $0.line(0).hasPrefix(first))
      }
    }
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
  }
}
