import Foundation
import PTYSupport
import Testing

/// The line drops at any moment: the program is gone soon, with the exit code of SIGHUP, and what was done is kept.
@Suite("Explorer: hangups")
struct ExplorerHangupTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  /// What the person does when the line drops.
  enum Moment: CaseIterable {
    /// Waits for the first frame.
    case starting
    /// Reads the list of samples.
    case choosing
    /// Looks at the panes while the search runs.
    case searching
    /// Reads help.
    case reading
    /// Has just pinned a cell.
    case editing
    /// Saves a plan.
    case saving
    /// Has stopped the program by Ctrl-Z.
    case stopped
    /// The shell, too, sends SIGHUP, twice.
    case twice
  }

  @Test("whatever a person does", arguments: Moment.allCases)
  func moments(moment: Moment) throws { try drop(at: moment, after: .zero) }

  @Test("300 times, at random moments", .enabled(if: isSlow, "BRUME_SLOW=1"))
  func often() throws {
    var random = SystemRandomNumberGenerator()
    var slowest = 0.0
    let count = 300
    for index in 0..<count {
      let moment = Moment.allCases[index % Moment.allCases.count]
      let delay = Duration.milliseconds(Int.random(in: 0..<120, using: &random))
      slowest = max(slowest, try drop(at: moment, after: delay))
    }
    print("reliability: \(count) hangups at random moments, the slowest end after \(slowest) s")
  }

  /// Brings an explorer to a moment, lets the line drop, and expects its end; the seconds that it took.
  @discardableResult
  private func drop(at moment: Moment, after delay: Duration) throws -> Double {
    let session =
      switch moment {
      case .choosing: try PTYSession("brume", width: 120, height: 36)
      case .starting: try Explorer.start()
      case .searching: try Explorer.startSearching()
      default: try Explorer.startAtRest()
      }
    try prepare(session, moment)
    _ = session.bytes(within: delay)
    let start = ContinuousClock.now
    session.hangUp()
    if moment == .twice {
      session.signal(SIGHUP)
      session.signal(SIGHUP)
    }
    let exit = try session.waitForExit(timeout: .seconds(15))
    // Before the explorer has the terminal there is nothing to save: the signal's own end.
    let isEarly = moment == .choosing || moment == .starting
    #expect(exit == .exited(129) || (isEarly && exit == .signalled(SIGHUP)), "\(moment) \(delay): \(exit)")
    #expect(!session.isRunning)
    if moment == .editing {
      let kept = files(in: session.home + "/.local/state/brume/sessions")
      let pins = kept.map { $0.components(separatedBy: "title: \"pin ").count - 1 }
      #expect(pins == [2], "\(delay)")
    }
    if moment == .saving {
      let saved = files(in: session.home + "/plans")
      #expect(saved.allSatisfy { $0.hasPrefix("# A plan for ") && $0.hasSuffix("\n") }, "\(delay)")
    }
    return (ContinuousClock.now - start) / .seconds(1)
  }

  private func prepare(_ session: PTYSession, _ moment: Moment) throws {
    switch moment {
    case .starting, .searching, .twice: break
    case .choosing: try session.wait(for: "[1]:")
    case .reading:
      session.send("?")
      try session.wait(for: "What works here")
    case .editing:
      session.send("2jjjp")
      try session.wait(for: "pinned")
      // The second is written a quarter of a second after the first, or on leaving.
      session.send("j")
      session.settle()
      let before = session.bytesReceived
      session.send("p")
      try session.wait(until: "the second pin") { _ in session.bytesReceived > before }
    case .saving:
      try FileManager.default.createDirectory(atPath: session.home + "/plans", withIntermediateDirectories: true)
      session.send("s")
      session.press(.control("u"))
      session.send(session.home + "/plans/plan.yaml")
      session.settle()
      session.press(.enter)
    case .stopped:
      session.press(.control("z"))
      try session.waitForStop()
    }
  }

  /// The texts of the files in a folder.
  private func files(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap {
      try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
    }
  }
}
