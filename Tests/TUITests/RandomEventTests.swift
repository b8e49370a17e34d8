import Engine
import Foundation
import Testing

@testable import TUI

/// Random events at random sizes: no trap, and every frame is whole and shows no number that is none.
@Suite struct RandomEventTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  /// 10^6 events in all with BRUME_SLOW=1, else 4,000.
  private static let eventsEach = isSlow ? 125_000 : 500
  /// A frame for so many events, and for each change of size.
  private static let eventsAFrame = 16

  @Test("random events trap nowhere, and every frame is whole, on plans made by hand", arguments: 0..<4)
  func samples(seed: Int) throws {
    let size = Size(width: 80, height: 24)
    let state =
      seed % 2 == 0
      ? try Scenes.searching(found: false, size: size) : try Scenes.finished(stages: [4, 16][seed / 2], size: size)
    try walk(state, RandomEvents(seed: UInt64(seed), desk: .samples))
  }

  @Test("random events trap nowhere, and every frame is whole, with the real engine behind them", arguments: 4..<8)
  func engine(seed: Int) throws {
    try walk(try SmallHost.opened(), RandomEvents(seed: UInt64(seed), desk: try .small()))
  }

  @Test("every kind of event and message comes")
  func kinds() throws {
    var state = try Scenes.finished(stages: 4, size: Size(width: 80, height: 24))
    var events = RandomEvents(seed: 1, desk: .samples)
    var kinds = Set<EventKind>()
    var messages = Set<EngineMessageKind>()
    for _ in 0..<2000 {
      let event = events.next(state)
      kinds.insert(EventKind(event))
      if case .engine(let message, _) = event { messages.insert(EngineMessageKind(message)) }
      events.ask(update(&state, event), in: state)
    }
    #expect(kinds == Set(EventKind.allCases))
    #expect(messages == Set(EngineMessageKind.allCases))
  }

  private func walk(_ first: ExplorerState, _ random: RandomEvents) throws {
    var (state, events) = (first, random)
    for step in 0..<Self.eventsEach {
      let event = events.next(state)
      let effects = update(&state, event)
      events.ask(effects, in: state)
      guard step % Self.eventsAFrame == 0 || EventKind(event) == .resize else { continue }
      let frame = render(state, size: state.size)
      FrameCheck.expectWhole(frame, state.size)
      FrameCheck.expectNumbers(frame)
    }
  }
}
