import PTYSupport
import Testing

/// What the explorer sends over a slow line.
///
/// An edit and a step along the frontier show another plan in every pane, the schedule among them, so much of the screen is
/// new by nature; they have bounds of their own.
@Suite("Explorer: bytes")
struct ExplorerByteTests {
  @Test("at rest nothing is sent, nor for a key that means nothing")
  func nothingChanged() throws {
    let session = try Explorer.startAtRest()
    #expect(session.bytes(within: .milliseconds(300)) == 0)
    session.send("YYY")
    try session.wait(until: "the keys are read") { _ in session.waitingInput == 0 }
    session.settle()
    #expect(session.bytes(within: .milliseconds(100)) == 0)
  }

  @Test("the first frame at 200x60 is at most 8 KB, and a full redraw at most 20 KB")
  func wholeFrames() throws {
    let session = try Explorer.startSearching(width: 200, height: 60)
    #expect(session.bytesReceived <= 8_000)
    let atRest = try Explorer.startAtRest(Explorer.small, width: 200, height: 60)
    let before = atRest.screen.clears
    let sent = atRest.bytesReceived
    atRest.press(.control("l"))
    try atRest.wait(until: "a whole screen") { $0.clears > before && $0.contains("q quit") }
    atRest.settle()
    #expect((4_000...20_000).contains(atRest.bytesReceived - sent))
  }

  @Test(
    "another pane costs at most 800 bytes, a move of the cursor at most 200 bytes", arguments: [(80, 24), (120, 36)])
  func actions(width: Int, height: Int) throws {
    let session = try Explorer.startAtRest(Explorer.small, width: width, height: height)
    for (key, mark) in [("2", "Enter values"), ("3", "j k stage"), ("4", "+ - zoom"), ("1", "x v axes")] {
      let bytes = try session.bytes(until: mark) { session.send(key) }
      // With one pane on the screen it is another screen.
      #expect((1...(width < 110 ? 3_000 : 800)).contains(bytes), "pane \(key): \(bytes) bytes")
    }
    _ = try session.bytes(until: "Enter values") { session.send("2") }
    // As far as the rows in sight go: one that the table had no room for is drawn whole.
    for key in width < 110 ? "lllllllllhhhhhhhh" : "llllllhhhhh" {
      session.send("\(key)")
      let bytes = bytesOfFrame(session)
      #expect((1...200).contains(bytes), "\(key) in the stage table: \(bytes) bytes")
    }
  }

  @Test("a step of the timeline's cursor costs at most 200 bytes", arguments: [(80, 24), (120, 36)])
  func timelineCursor(width: Int, height: Int) throws {
    let question = ["gpt-1.3b-2xl4", "--set", "model.layers=4", "--set", "run.batch=128", "--space", "3d"]
    let session = try Explorer.startAtRest(question, width: width, height: height)
    _ = try session.bytes(until: "+ - zoom") { session.send("4") }
    for key in "llllhhhh" {
      session.send("\(key)")
      let bytes = bytesOfFrame(session)
      #expect((1...200).contains(bytes), "\(key) on the timeline: \(bytes) bytes")
    }
  }

  @Test("an edit with its score and schedule costs at most 1.75 KB at 120x36, 0.8 KB at 80x24, and so does its undo")
  func edits() throws {
    for (width, height, most) in [(80, 24, 800), (120, 36, 1_750)] {
      let question = ["gpt-1.3b-2xl4", "--set", "model.layers=4", "--set", "run.batch=128", "--space", "3d"]
      let session = try Explorer.startAtRest(question, width: width, height: height)
      _ = try session.bytes(until: "Enter values") { session.send("2") }
      for key in "gjj" {
        session.send("\(key)")
        _ = bytesOfFrame(session)
      }
      for (key, mark) in [("-", "OVER"), ("u", "fits:")] {
        let bytes = try session.bytes(until: mark) { session.send(key) } + session.bytes(within: .milliseconds(300))
        #expect((1...most).contains(bytes), "\(key) at \(width)x\(height): \(bytes) bytes")
      }
    }
  }

  @Test("a step along the frontier at 120x36 is at most 2.5 KB")
  func preview() throws {
    let session = try Explorer.startAtRest(Explorer.small, sweeps: true)
    let bytes = try session.bytes(until: "Enter take") { session.send("h") }
    #expect((1...2_500).contains(bytes))
  }

  /// Reads until something came and nothing more comes.
  private func bytesOfFrame(_ session: PTYSession) -> Int {
    let before = session.bytesReceived
    for _ in 0..<400 where session.bytesReceived == before { _ = session.bytes(within: .milliseconds(5)) }
    session.settle()
    return session.bytesReceived - before
  }
}
