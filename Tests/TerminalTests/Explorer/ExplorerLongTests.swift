import Engine
import Foundation
import PTYSupport
import Testing

/// An afternoon with the real program.
@Suite("Explorer: long runs")
struct ExplorerLongTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  private static let keys = isSlow ? 100_000 : 1_000
  private static let keysAtOnce = 20
  /// What the process may take more after the first quarter, bytes: schedules, lists and frontiers that it keeps.
  private static let mostGrowth = 24 << 20

  @Test("after 100,000 keys, edits and searches among them, memory is as after the first 25,000 (BRUME_SLOW=1)")
  func afternoon() throws {
    let session = try Explorer.startAtRest(Explorer.small)
    // Moves, edits, pins, undo and redo, panes, lists, searches; not what leaves, stops, or writes a file.
    let keys =
      ["h", "j", "k", "l", "g", "G", "x", "z", "1", "2", "2", "2", "3", "4", "5", "6", "7", "\t", "i", "b", "r", "u"]
      + ["U", "p", "p", "-", "+", "[", "]", "\r", "\u{1B}", "w", "c", "T", "H", "?", "\u{1B}", "\u{1B}"]
    var random = SyntheticPipelines.Sequence(seed: 5)
    var figures: [Int] = []
    for round in 0..<Self.keys / Self.keysAtOnce {
      for _ in 0..<Self.keysAtOnce {
        session.send(keys.randomElement(using: &random) ?? "j")
        // Escape and a key in one piece would be Alt and the key.
        _ = session.bytes(within: .milliseconds(1))
      }
      if round % 50 == 49 { figures.append(try #require(ProcessFigures(process: session.processID)).residentBytes) }
    }
    session.press(.escape)
    _ = session.bytes(within: .milliseconds(100))
    session.press(.control("c"))
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
    guard Self.isSlow else { return }
    let settled = figures.dropFirst(figures.count / 4)
    let growth = (settled.max() ?? 0) - (settled.first ?? 0)
    #expect(growth < Self.mostGrowth, "\(figures.map { $0 >> 20 })")
    print(
      "reliability: \(Self.keys) keys in the real explorer: \((figures.last ?? 0) >> 20) MiB at the end, "
        + "\(growth >> 10) KiB more than after the first quarter")
  }
}
