import Foundation
import PTYSupport
import Testing

/// What the explorer does while nobody does anything: nothing.
@Suite("Explorer: at rest")
struct ExplorerRestTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  /// A minute with BRUME_SLOW=1, else five seconds.
  private static let seconds = isSlow ? 60.0 : 5.0
  /// Ten milliseconds a minute.
  private static let mostShare = 0.010 / 60

  @Test("after a search has ended it sends nothing, and takes less than 10 ms of the processor in a minute")
  func afterSearch() throws {
    let session = try Explorer.startAtRest(Explorer.small, sweeps: true)
    try expectRest(session)
    try Explorer.expectCleanQuit(session)
  }

  @Test("after a search was stopped and the plan was edited, pinned and undone, it is at rest again")
  func afterEdits() throws {
    let session = try Explorer.startAtRest(Explorer.small)
    session.send("2gjjllllll")
    for (keys, mark) in [("p", "pinned"), ("p", "free again"), ("]", ""), ("+", ""), ("u", "undone")] {
      session.send(keys)
      if !mark.isEmpty { try session.wait(for: mark) }
      try session.waitForSleep()
    }
    try expectRest(session)
    try Explorer.expectCleanQuit(session)
  }

  /// Expects no byte, and next to no time of the processor.
  private func expectRest(_ session: PTYSession, location: SourceLocation = #_sourceLocation) throws {
    try session.waitForSleep()
    // Rest begins when the threads behind the last answers have ended, which a debug build takes a while for.
    var before = try #require(ProcessFigures(process: session.processID))
    for _ in 0..<20 {
      _ = session.bytes(within: .milliseconds(100))
      let now = try #require(ProcessFigures(process: session.processID))
      let isQuiet = now.threadSeconds(since: before) < 20e-6
      before = now
      if isQuiet { break }
    }
    #expect(session.bytes(within: .seconds(Self.seconds)) == 0, "bytes at rest", sourceLocation: location)
    let after = try #require(ProcessFigures(process: session.processID))
    let taken = after.threadSeconds(since: before)
    let most = Self.seconds * Self.mostShare
    #expect((0..<most).contains(taken), "\(taken * 1e3) ms in \(Self.seconds) s", sourceLocation: location)
    // Threads that have ended count here, by ticks of 10 ms: one may fall on a boundary.
    let ticks = after.processorSeconds - before.processorSeconds
    #expect(ticks < 0.011, "\(ticks) s in \(Self.seconds) s", sourceLocation: location)
  }
}
