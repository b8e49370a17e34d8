import Engine
import Foundation
import Testing

@testable import TUI

/// Undo, after random walks of edits with the real engine behind them.
@Suite struct UndoPropertyTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  /// 4,000 keys in all with BRUME_SLOW=1, else 480.
  private static let keysEach = isSlow ? 1_000 : 120

  /// What edits: of the plan, its pins, the workload, the reference; what moves the cursor between them; and history.
  private static let keys: [Key] =
    "+++---[]ppP*Xbhhjjkkllhjkln+-+-uU".map { .character($0) } + [.enter, .down, .escape, .escape]

  @Test("undo of all edits gives the first state back: the same decisions, and the same screen", arguments: 0..<4)
  func undo(seed: Int) throws {
    var host = CachingHost(searchesAll: Self.isSlow)
    var state = try SmallHost.opened(pins: seed == 3 ? ["zero=1"] : [])
    host.send(start(&state), &state)
    host.press([.character("2")], &state)
    let (draft, frame) = (state.draft, picture(state, as: state))
    let first = state
    var random = SeededRandom(seed: UInt64(seed))
    var edits = 0
    for _ in 0..<Self.keysEach {
      host.press([Self.keys[Int.random(in: 0..<Self.keys.count, using: &random)]], &state)
      edits = max(edits, state.history.entries.count)
    }
    #expect(edits > Self.keysEach / 40, "the walk edits")
    host.press([.escape, .escape, .escape], &state)
    while state.history.position > 0 { host.press([.character("u")], &state) }
    #expect(state.draft == draft)
    let back = picture(state, as: first)
    #expect(plainText(back) == plainText(frame))
    // Without the cells in the message, which would be thousands.
    #expect(back.cells.elementsEqual(frame.cells), "the styles differ")
  }

  @Test("undo of a pin and of what was solved under it gives the optimum, its frontier and its bound back at once")
  func undoneSolve() throws {
    var host = CachingHost(searchesAll: true)
    var state = try SmallHost.opened()
    host.send(start(&state), &state)
    let (shown, search) = (try #require(state.shown), state.search)
    let (best, reference) = (state.plans.best, state.plans.reference)
    host.press([.character("2"), .character("j"), .character("j")], &state)
    host.press([.character("["), .character("p"), .character("t")], &state)
    let solved = try #require(state.shown)
    #expect(solved != shown && !state.search.pins.isEmpty && state.history.entries.count == 3)
    let searches = host.searches
    host.press([.character("u"), .character("u"), .character("u")], &state)
    #expect(state.shown == shown && state.plans.best == best && state.plans.reference == reference)
    #expect(state.search.pins.isEmpty && state.search.frontier == search.frontier && host.searches == searches)
    #expect(state.search.result?.best == search.result?.best)
    host.press([.character("U"), .character("U"), .character("U")], &state)
    #expect(state.shown == solved && host.searches == searches)
  }

  /// The screen, with the cursor, the view, the history and what searches have found so far of another state: undo gives
  /// decisions back, not looks, and does not forget what was learnt.
  private func picture(_ state: ExplorerState, as other: ExplorerState) -> Frame {
    var state = state
    (state.focus, state.mainFocus, state.side) = (other.focus, other.mainFocus, other.side)
    (state.stageRow, state.stageColumn) = (other.stageRow, other.stageColumn)
    (state.planKnob, state.runKnob) = (other.planKnob, other.runKnob)
    (state.isUnfolded, state.dialog, state.message) = (other.isUnfolded, other.dialog, other.message)
    (state.timeline, state.history, state.search) = (other.timeline, other.history, other.search)
    state.plans.bestWhenTaken = other.plans.bestWhenTaken
    return render(state, size: other.size)
  }
}

/// The small host, which answers a question that it has answered before at once: walks come back to the same ones.
private struct CachingHost {
  private var host = SmallHost()
  private var found: [String: TuneResult] = [:]
  private let searchesAll: Bool
  /// Searches that were asked for.
  private(set) var searches = 0

  /// Without `searchesAll` only the first question is searched: to others the answer never comes.
  init(searchesAll: Bool) {
    self.searchesAll = searchesAll
    host.solvesLists = false
  }

  mutating func press(_ keys: [Key], _ state: inout ExplorerState) {
    for key in keys { send(update(&state, .key(key)), &state) }
  }

  mutating func send(_ effects: [Effect], _ state: inout ExplorerState) {
    var waiting = effects[...]
    while let effect = waiting.popFirst() {
      for event in answers(effect, state) { waiting += update(&state, event) }
    }
  }

  private mutating func answers(_ effect: Effect, _ state: ExplorerState) -> [Event] {
    guard case .search(let request, let generation) = effect else { return host.answers(effect) }
    searches += 1
    // A search that another one has replaced is not waited for.
    guard generation == state.search.generation else { return [] }
    let run = WorkloadKnob.allCases.map { $0.text(of: state.workload) }
    let question = (run + request.pins.texts + [request.space.name]).joined(separator: " ")
    guard searchesAll || found.isEmpty || found[question] != nil else { return [] }
    let result = found[question] ?? host.result(request)
    found[question] = result
    return [.engine(.tuned(result), generation: generation), .engine(.frontierDone, generation: generation)]
  }
}
