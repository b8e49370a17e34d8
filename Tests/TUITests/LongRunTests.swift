import Engine
import Foundation
import Testing

@testable import TUI

/// Eight hours in the explorer: what it keeps is bounded, and an event takes as long at the end as at the start.
@Suite struct LongRunTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  /// With BRUME_SLOW=1 what a person, a terminal and an engine send in eight hours at 350 events a second.
  private static let events = isSlow ? 10_000_000 : 20_000
  private static let blocks = 20
  /// A frame for so many events: an eighth of a second's worth.
  private static let eventsAFrame = 64
  /// Of 20 blocks, so many to reach what is kept at most.
  private static let warmUp = 4
  /// What the process may take more after that, bytes.
  private static let mostGrowth = 16 << 20
  /// What an event may take at the end, of what it takes after the start.
  private static let mostSlowdown = 1.5

  @Test("memory and latency are stable over 10^7 events (BRUME_SLOW=1, in a process of its own; else 20,000)")
  func eightHours() throws {
    var state = try Scenes.finished(stages: 4, size: Size(width: 120, height: 36))
    var events = RandomEvents(seed: 8, desk: .samples)
    var figures: [(seconds: Double, bytes: Int)] = []
    for _ in 0..<Self.blocks {
      let start = ContinuousClock.now
      for step in 0..<Self.events / Self.blocks {
        let event = events.next(state)
        events.ask(update(&state, event), in: state)
        if step % Self.eventsAFrame == 0 { _ = render(state, size: state.size) }
      }
      figures.append(((ContinuousClock.now - start) / .seconds(1), try Self.residentBytes()))
    }
    expectBounded(state)
    guard Self.isSlow else { return }
    let settled = figures.dropFirst(Self.warmUp)
    let growth = (settled.map(\.bytes).max() ?? 0) - (settled.first?.bytes ?? 0)
    #expect(growth < Self.mostGrowth)
    let (early, late) = (settled.prefix(4).map(\.seconds), settled.suffix(4).map(\.seconds))
    let slowdown = late.reduce(0, +) / early.reduce(0, +)
    #expect(slowdown < Self.mostSlowdown)
    let seconds = figures.map(\.seconds).reduce(0, +)
    print(
      "reliability: \(Self.events) events in \(Int(seconds)) s, \(figures.last.map { $0.bytes >> 20 } ?? 0) MiB at the "
        + "end, \(growth >> 10) KiB more than after the first fifth, \(slowdown) times the seconds of the start")
  }

  /// What grows with time has a limit.
  private func expectBounded(_ state: ExplorerState) {
    #expect(state.history.entries.count <= 2_000)
    #expect(state.search.considered.count <= 16_384)
    #expect(state.timelines.count <= 8 && state.compare.books.count <= CompareState.mostBooks)
  }

  /// What the process has in use.
  private static func residentBytes() throws -> Int {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return try #require(pages.dropFirst().first.flatMap { Int($0) }) * Int(getpagesize())
  }
}
