import Foundation
import PTYSupport
import Testing

/// What a line and a terminal can do to the explorer beside being slow: claims of sizes, floods of bytes, answers that
/// nobody asked for, and an end at any moment.
@Suite("Explorer: the line")
struct ExplorerLineTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  @Test("a hundred sizes a second, while a search runs and a dialog is open, end with the right screen")
  func sizes() throws {
    let session = try Explorer.startSearching(Explorer.medium)
    session.send("?")
    try session.wait(for: "What works here")
    let before = try #require(ProcessFigures(process: session.processID))
    let start = ContinuousClock.now
    let seconds = Self.isSlow ? 10.0 : 1.5
    session.dropsOutput = true
    var count = 0
    while count < Int(seconds * 100) {
      // A busy machine may have several come at once.
      while Double(count) < (ContinuousClock.now - start) / .seconds(1) * 100 {
        session.claimSize(width: UInt16(20 + count * 7 % 280), height: UInt16(5 + count * 3 % 90))
        count += 1
      }
      _ = session.bytes(within: .milliseconds(5))
    }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    session.dropsOutput = false
    session.resize(width: 110, height: 32)
    try session.wait(until: "the dialog at its last size") { $0.contains("What works here") && $0.line(31) != "" }
    let after = try #require(ProcessFigures(process: session.processID))
    #expect(after.peakResidentBytes - before.peakResidentBytes < 60 << 20)
    if Self.isSlow {
      print(
        "reliability: \(count) sizes in \(elapsed) s, processor \(after.processorSeconds - before.processorSeconds) s with"
          + " a search, memory +\((after.peakResidentBytes - before.peakResidentBytes) >> 20) MiB")
    }
    session.press(.escape)
    try session.wait(until: "the panes") { $0.line(31).contains("help") && !$0.contains("What works here") }
    session.settle()
    #expect(session.screen.cell(row: 30, column: 0)?.text == "└")
    #expect(session.screen.cell(row: 30, column: 109)?.text == "┘")
    try Explorer.expectCleanQuit(session)
  }

  @Test("at rest a storm of sizes takes a bounded share of a processor: 30 frames a second")
  func sizesAtRest() throws {
    let session = try startProbe()
    session.send("i")
    try session.wait(for: "note frames")
    let before = try frames(session)
    let start = ContinuousClock.now
    session.dropsOutput = true
    while ContinuousClock.now - start < .seconds(1) {
      session.claimSize(width: UInt16(60 + Int.random(in: 0..<100)), height: 24)
      usleep(8_000)
      _ = session.bytes(within: .zero)
    }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    session.dropsOutput = false
    session.resize(width: 90, height: 25)
    try session.wait(for: "probe 90x25")
    session.send("i")
    try session.wait(for: "keys 2 ")
    #expect(Double(try frames(session) - before) <= elapsed * 30 + 4)
  }

  @Test("a window that claims 65,535 columns and rows costs bounded memory, and its screen is drawn where it is sane")
  func hugeWindow() throws {
    let command = "stty cols 65535 rows 65535; exec '\(try BuiltProduct.path("brume"))' explore "
    let session = try PTYSession(
      "/bin/sh", arguments: ["-c", command + Explorer.tiny.joined(separator: " ")], width: 120, height: 36)
    session.dropsOutput = true
    try session.waitForSleep(timeout: Explorer.searchPatience)
    let figures = try #require(ProcessFigures(process: session.processID))
    #expect(figures.peakResidentBytes < 250 << 20, "\(figures.peakResidentBytes >> 20) MiB")
    for (width, height) in [(65_535, 1), (1, 65_535), (65_535, 65_535)] as [(UInt16, UInt16)] {
      session.claimSize(width: width, height: height)
      try session.waitForSleep()
    }
    let later = try #require(ProcessFigures(process: session.processID))
    #expect(later.peakResidentBytes < 250 << 20, "\(later.peakResidentBytes >> 20) MiB")
    if Self.isSlow { print("reliability: at 65535x65535 at most \(later.peakResidentBytes >> 20) MiB") }
    session.dropsOutput = false
    session.resize(width: 100, height: 30)
    try session.wait(until: "the line of keys") { $0.line(29).contains("q quit") }
    try Explorer.expectCleanQuit(session)
  }

  @Test("10 MB that are pasted into a pane and into a field are no commands, and what comes after is heard")
  func hugePaste() throws {
    let session = try Explorer.startAtRest(width: 80, height: 24)
    let before = try #require(ProcessFigures(process: session.processID))
    let text = String(repeating: "q\u{3}\u{1A}s2?\u{1B}[A é\n", count: Self.isSlow ? 700_000 : 70_000)
    let start = ContinuousClock.now
    session.paste(text)
    session.send("2")
    try session.wait(for: "Enter values")
    let inPane = (ContinuousClock.now - start) / .seconds(1)
    session.send("?")
    try session.wait(for: "What works here")
    session.paste(text)
    session.press(.control("u"))
    session.send("theme")
    try session.wait(for: "Change to the next theme")
    let after = try #require(ProcessFigures(process: session.processID))
    #expect(after.peakResidentBytes - before.peakResidentBytes < 60 << 20)
    #expect(inPane < Double(text.utf8.count) / 100_000 + 5)
    if Self.isSlow {
      print(
        "reliability: \(text.utf8.count) bytes pasted in \(inPane) s,"
          + " memory +\((after.peakResidentBytes - before.peakResidentBytes) >> 20) MiB")
    }
    session.press(.escape)
    try session.wait(for: "q quit")
    try Explorer.expectCleanQuit(session)
  }

  @Test("answers that nobody asked for are no commands, whole or cut in two")
  func answers() throws {
    let session = try Explorer.startAtRest()
    let before = session.screen.lines
    let answers = [
      "\u{1B}[?62;22c", "\u{1B}[>0;276;0c", "\u{1B}[24;80R", "\u{1B}[?2026;2$y", "\u{1B}]11;rgb:0000/2b2b/3636\u{7}",
      "\u{1B}]52;c;cXF1aXQxMjM0\u{1B}\\", "\u{1B}P>|xterm(370)\u{1B}\\", "\u{1B}P1+r544e=787465726d\u{1B}\\",
      "\u{1B}_Gi=1;OK\u{1B}\\", "\u{1B}[8;36;120t", "\u{1B}[I\u{1B}[O", "\u{1B}^q1234\u{1B}\\",
    ]
    let count = Self.isSlow ? 5_000 : 200
    session.send(String(repeating: answers.joined(), count: count))
    for answer in answers {
      session.send(String(answer.prefix(answer.count / 2 + 1)))
      try session.wait(until: "the half") { _ in session.waitingInput == 0 }
      // Longer than the 25 ms that curses waits for the rest of a sequence.
      _ = session.bytes(within: .milliseconds(60))
      session.send(String(answer.dropFirst(answer.count / 2 + 1)))
    }
    try session.waitForSleep()
    #expect(session.screen.lines == before)
    session.send("2")
    try session.wait(for: "Enter values")
    try Explorer.expectCleanQuit(session)
  }

  @Test("half an answer takes no key that is typed a second later, and Ctrl-C at once")
  func halfAnswers() throws {
    let texts = ["\u{1B}]11;rgb:00", "\u{1B}[?62;2", "\u{1B}[<0;1", "\u{1B}P1+r54", "\u{1B}[M "]
    for half in texts.map({ Array($0.utf8) }) + [[0xE6]] {
      let session = try startProbe()
      session.send(half)
      _ = session.bytes(within: .milliseconds(1_150))
      session.send("j")
      try session.wait(for: "selected 1 keys 1 ")
      session.send(half)
      try session.wait(until: "the half") { _ in session.waitingInput == 0 }
      session.press(.control("c"))
      session.press(.control("c"))
      // The second one may find the terminal given back, where it is a signal.
      let exit = try session.waitForExit()
      #expect(exit == .exited(0) || exit == .signalled(SIGINT), "\(half)")
    }
  }

  @Test("seconds of random bytes do no harm: whatever they were, Ctrl-C leaves with the terminal as it was")
  func noise() throws {
    var state: UInt64 = 42
    func byte() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
    for _ in 0..<(Self.isSlow ? 20 : 1) {
      let session = try Explorer.startAtRest(width: 80, height: 24)
      let before = try #require(ProcessFigures(process: session.processID))
      // Not the keys that leave, stop, or write a file where the tests run.
      let forbidden = Set([3, 26] + Array("qQsSeE:wW".utf8))
      // A debug build takes milliseconds for a key.
      #if DEBUG
        let count = 2_000
      #else
        let count = Self.isSlow ? 200_000 : 20_000
      #endif
      session.send((0..<count).map { _ in byte() }.filter { !forbidden.contains($0) })
      try session.wait(until: "the noise is read", timeout: Explorer.searchPatience) { _ in session.waitingInput == 0 }
      let after = try #require(ProcessFigures(process: session.processID))
      #expect(after.peakResidentBytes - before.peakResidentBytes < 100 << 20)
      _ = session.bytes(within: .milliseconds(1_100))
      // One may belong to a report that is half there, or close what is open; the next leaves.
      for _ in 0..<3 where session.isRunning {
        session.press(.control("c"))
        _ = session.bytes(within: .milliseconds(600))
      }
      #expect(try session.waitForExit(timeout: Explorer.searchPatience) == .exited(0))
      #expect(session.isAsBefore)
    }
  }

  private func frames(_ session: PTYSession) throws -> Int {
    let note = try #require(session.screen.lines.first { $0.hasPrefix("note frames") })
    return try #require(note.split(separator: " ").compactMap { Int($0) }.first)
  }
}
