import PTYSupport
import Testing

/// What the explorer sends over a slow line.
///
/// A step along the frontier shows another plan in every pane, so it is a new screen by nature; it has a bound of its
/// own.
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

  @Test("the first frame at 200x60 is at most 40 KB")
  func firstFrame() throws {
    let session = try Explorer.startSearching(width: 200, height: 60)
    #expect(session.bytesReceived <= 40_000)
  }

  @Test("another pane costs at most 1.5 KB, a move of the cursor at most 200 bytes", arguments: [(80, 24), (120, 36)])
  func actions(width: Int, height: Int) throws {
    let session = try Explorer.startAtRest(Explorer.small, width: width, height: height)
    for (key, mark) in [("2", "Enter values"), ("3", "j k stage"), ("4", "+ - zoom"), ("1", "x v axes")] {
      let bytes = try session.bytes(until: mark) { session.send(key) }
      // With one pane on the screen it is another screen.
      #expect((1...(width < 110 ? 9_000 : 1_500)).contains(bytes), "pane \(key): \(bytes) bytes")
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

  @Test("a step along the frontier at 120x36 is at most 8 KB")
  func preview() throws {
    let session = try Explorer.startAtRest(Explorer.small, sweeps: true)
    let bytes = try session.bytes(until: "Enter take") { session.send("h") }
    #expect((1...8_000).contains(bytes))
  }

  /// Reads until something came and nothing more comes.
  private func bytesOfFrame(_ session: PTYSession) -> Int {
    let before = session.bytesReceived
    for _ in 0..<400 where session.bytesReceived == before { _ = session.bytes(within: .milliseconds(5)) }
    session.settle()
    return session.bytesReceived - before
  }
}
