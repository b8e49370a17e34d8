import Engine
import Foundation
import Testing

@testable import TUI

/// The Compare pane, with the real engine behind it.
@Suite struct CompareTests {
  private func text(_ state: ExplorerState) -> String {
    plainText(render(state, size: state.size)).joined(separator: "\n")
  }

  private func opened(
    size: Size = Size(width: 200, height: 60), pins: [String] = [], leavesColumns: Bool = false,
    searches: @escaping @Sendable (CompareID) -> Bool = { $0 == .space("megatron-lm") }
  ) throws -> (SmallHost, ExplorerState) {
    var host = SmallHost(workload: SmallHost.tinyWorkload)
    host.leavesColumns = leavesColumns
    host.searches = searches
    var state = try SmallHost.opened(
      size: size, pins: pins, workload: SmallHost.tinyWorkload, plan: SmallHost.tinyPlan)
    host.type("c", &state)
    #expect(state.focus == .compare)
    return (host, state)
  }

  private func column(_ id: CompareID, _ state: ExplorerState) throws -> CompareColumn {
    try #require(state.compareColumns.first { $0.id == id })
  }

  private func go(to id: CompareID, _ host: inout SmallHost, _ state: inout ExplorerState) {
    host.press([.home], &state)
    for _ in state.compareColumns where state.compare.selected != id { host.type("l", &state) }
    #expect(state.compare.selected == id)
  }

  @Test("a column each for this plan, the reference, the baselines and the questions, all solved when the pane opens")
  func columns() throws {
    let (_, state) = try opened()
    let ids = state.compareColumns.map(\.id)
    #expect(ids.prefix(3) == [.shown, .reference, .opened])
    #expect(ids.contains(.space("megatron-lm")) && ids.contains(.space("deepspeed")) && ids.contains(.space("aceso")))
    #expect(ids.filter { if case .whatIf = $0 { true } else { false } }.count == WhatIf.allCases.count)
    #expect(!ids.contains(.space("mist")))
    #expect(state.compare.running == nil && state.compareBook?.waiting.isEmpty == true)
    var workload = SmallHost.tinyWorkload
    workload.run.runtime = "megatron-lm-2023"
    let space = try #require(SearchSpace.named("megatron-lm"))
    let headless = TuningSession(workload: workload) { 0 }.tune(TuneRequest(space: space, threads: 1, alternatives: 0))
    #expect(try column(.space("megatron-lm"), state).plan == headless.best)
  }

  @Test("a question's column holds what a headless tune of its workload finds")
  func answers() throws {
    let (_, state) = try opened(searches: {
      [.whatIf(.twiceTheBatch), .whatIf(.halfTheGPUs), .whatIf(.noOffload)].contains($0)
    })
    for kind in [WhatIf.twiceTheBatch, .halfTheGPUs, .noOffload] {
      let question = try kind.question(SmallHost.tinyWorkload, TuneRequest(threads: 1, alternatives: 0))
      let best = TuningSession(workload: question.workload) { 0 }.tune(question.request).best
      let found = try column(.whatIf(kind), state).plan
      #expect(found == best && found != nil, "\(kind)")
    }
    guard case .refused(let why) = try column(.whatIf(.otherPrecision), state).answer else {
      Issue.record("the A100 multiplies no fp8")
      return
    }
    #expect(why.contains("fp8"))
  }

  @Test("the shares of the differences and of the runtime add up to the whole difference")
  func shares() throws {
    var (host, state) = try opened()
    go(to: .space("megatron-lm"), &host, &state)
    let comparison = try #require(state.compare.explanation?.comparison)
    let runtime = try #require(comparison.runtime)
    #expect(runtime.name == "megatron-lm-2023")
    let shown = try #require(state.shown)
    let other = try column(.space("megatron-lm"), state)
    let whole = try #require(other.plan).score.iterationSeconds - shown.score.iterationSeconds
    let steps = comparison.difference.steps.map(\.seconds).reduce(0, +)
    #expect(abs(steps + runtime.seconds - whole) < 1e-9 * shown.score.iterationSeconds)
    let screen = text(state)
    #expect(screen.contains("  on megatron-lm-2023") && screen.contains("against this plan"))
  }

  @Test("Enter takes the plan of a column as an edit, and undo gives the one before back")
  func take() throws {
    var (host, state) = try opened()
    let before = state.shown
    host.press([.home, .enter], &state)
    #expect(text(state).contains("this is the plan that is shown") && state.history.entries.isEmpty)
    go(to: .space("megatron-lm"), &host, &state)
    let own = try #require(try column(.space("megatron-lm"), state).plan)
    host.press([.enter], &state)
    #expect(state.shown?.plan == own.plan && state.workload == SmallHost.tinyWorkload)
    #expect(state.history.entries.last?.title == "take megatron-lm")
    #expect(text(state).contains("now on the runtime mist"))
    host.type("u", &state)
    #expect(state.shown == before)
  }

  @Test("taking a plan that breaks a pin releases the pin, and says so")
  func pins() throws {
    var (host, state) = try opened(pins: ["checkpointedLayers=1"])
    go(to: .space("megatron-lm"), &host, &state)
    host.press([.enter], &state)
    #expect(state.request.pins.isEmpty && text(state).contains("released: checkpointedLayers=1"))
    host.type("u", &state)
    #expect(state.request.pins.texts == ["checkpointedLayers=1"] && state.shown?.plan == SmallHost.tinyPlan)
  }

  @Test("the key of a question goes to its column, Enter opens its workload, and undo gives all back")
  func question() throws {
    var (host, state) = try opened(searches: { $0 == .whatIf(.halfTheBatch) })
    let before = try #require(state.shown)
    let columns = state.compareColumns.count
    host.type("a", &state)
    #expect(state.compare.selected == .whatIf(.halfTheBatch))
    let answer = try #require(try column(.whatIf(.halfTheBatch), state).plan)
    host.press([.enter], &state)
    #expect(state.workload.run.globalBatch == 2 && state.shown?.plan == answer.plan)
    #expect(state.plans.reference == before && text(state).contains("opened: 2 samples instead of 4"))
    #expect(state.history.entries.last?.title == "what if: 2 samples instead of 4")
    host.type("u", &state)
    #expect(state.workload == SmallHost.tinyWorkload && state.shown == before && state.compareColumns.count >= columns)
    #expect(try column(.whatIf(.halfTheBatch), state).plan == answer)
    host.type("U", &state)
    #expect(state.workload.run.globalBatch == 2 && state.shown?.plan == answer.plan)
  }

  @Test("b makes the plan of a column the reference")
  func reference() throws {
    var (host, state) = try opened(searches: { $0 == .space("aceso") })
    go(to: .space("aceso"), &host, &state)
    let plan = try #require(try column(.space("aceso"), state).plan)
    host.type("b", &state)
    #expect(state.plans.reference == plan)
    #expect(try column(.reference, state).plan == plan)
    host.type("u", &state)
    #expect(state.plans.reference?.plan == SmallHost.tinyPlan)
  }

  @Test("Esc stops, keeps what was found, and Enter on a column searches that one first")
  func stopping() throws {
    var (host, state) = try opened(leavesColumns: true)
    let running = try #require(state.compare.running)
    #expect(running.id == .space("megatron-lm") && text(state).contains("searching megatron-lm"))
    host.send(.compare(.progress(running.id, 0.37), ticket: running.ticket), &state)
    #expect(text(state).contains("37 %"))
    host.press([.escape], &state)
    #expect(state.focus == .compare && state.compareBook?.waiting.isEmpty == true)
    let plan = try #require(state.shown)
    host.send(.compare(.solved(running.id, .feasible, plan), ticket: running.ticket), &state)
    #expect(state.compare.running == nil)
    guard case .plan(plan, isProved: false) = try column(running.id, state).answer else {
      Issue.record("what was found is lost")
      return
    }
    #expect(text(state).contains("not asked"))
    host.type("A", &state)
    #expect(state.compare.running?.id == .whatIf(.twiceTheBatch))
    host.press([.escape], &state)
    let second = try #require(state.compare.running)
    host.send(.compare(.solved(second.id, .cancelled, nil), ticket: second.ticket), &state)
    host.press([.escape], &state)
    #expect(state.side == nil && state.focus != .compare)
  }

  @Test("answers to an order that counts no more are dropped")
  func late() throws {
    var (host, state) = try opened(leavesColumns: true)
    let first = try #require(state.compare.running)
    let plan = try #require(state.shown)
    host.type("A", &state)
    let second = try #require(state.compare.running)
    #expect(second.id == .whatIf(.twiceTheBatch) && second.ticket != first.ticket)
    #expect(state.compareBook?.waiting.first == first.id)
    host.send(.compare(.solved(first.id, .optimal, plan), ticket: first.ticket), &state)
    host.send(.compare(.progress(second.id, 0.9), ticket: first.ticket), &state)
    #expect(state.compareBook?[first.id]?.status == nil && state.compare.running?.share == 0)
    host.press([.escape, .escape], &state)
    host.send(.compare(.solved(second.id, .optimal, plan), ticket: second.ticket), &state)
    #expect(state.compareBook?[second.id]?.best == nil || state.side == .compare)
  }

  @Test("a closed pane stops its search, and goes on where it was when it opens again")
  func closing() throws {
    var (host, state) = try opened(size: Size(width: 120, height: 36), leavesColumns: true)
    let first = try #require(state.compare.running)
    host.type("c", &state)
    #expect(state.compare.running == nil && state.compareBook?.waiting.first == first.id)
    host.send(.compare(.solved(first.id, .optimal, state.shown), ticket: first.ticket), &state)
    #expect(state.compareBook?[first.id]?.best == nil)
    host.type("c", &state)
    #expect(state.compare.running?.id == first.id && state.compare.running?.ticket != first.ticket)
  }

  @Test("another cluster is chosen in a list and becomes a column")
  func cluster() throws {
    var (host, state) = try opened(searches: { if case .cluster = $0 { true } else { false } })
    let count = state.compareColumns.count
    host.type("x", &state)
    #expect(text(state).contains("Compare with another cluster"))
    host.press([.down, .enter], &state)
    let chosen = try #require(state.comparedColumn)
    #expect(state.compareColumns.count == count + 1 && state.dialog == nil)
    guard case .cluster(let name) = chosen.id, let plan = chosen.plan else {
      Issue.record("no column")
      return
    }
    #expect(plan.score.fits)
    host.press([.enter], &state)
    #expect(state.workload.cluster.nodeType.name == name && state.shown?.plan == plan.plan)
    host.type("u", &state)
    #expect(state.workload == SmallHost.tinyWorkload)
  }

  @Test("the best of the baselines stand on the frontier with their names", arguments: Charset.allCases)
  func marks(charset: Charset) throws {
    var (host, state) = try opened(searches: { if case .space = $0 { true } else { false } })
    #expect(state.knownBaselines.map(\.name) == ["megatron-lm", "deepspeed", "aceso"])
    host.press([.escape, .character("1")], &state)
    state.look.charset = charset
    let screen = text(state)
    #expect(state.knownBaselines.contains { screen.contains($0.name) })
  }

  @Test(
    "a move changes two titles and the words beside the table, and a move back draws the same",
    arguments: [Size(width: 80, height: 24), Size(width: 120, height: 36), Size(width: 200, height: 60)])
  func moving(size: Size) throws {
    var (host, state) = try opened(size: size)
    host.press([.home], &state)
    let first = render(state, size: size)
    host.type("l", &state)
    let second = render(state, size: size)
    host.type("h", &state)
    #expect(render(state, size: size) == first && second != first)
    let area = try #require(state.layout.area(.compare))
    let rows = area.y + 3..<area.y + 1 + min(10, ComparePane.parts(area.inset(columns: 1, rows: 1)).table.height)
    for y in rows {
      for x in area.x..<area.x + 24 {
        #expect(first.cells[y * size.width + x] == second.cells[y * size.width + x])
      }
    }
  }

  @Test("j goes on below the table: no word on a difference is out of reach at 80x24, and k comes back")
  func scrolling() throws {
    let size = Size(width: 80, height: 24)
    var (host, state) = try opened(size: size)
    state.compare.selected = .space("megatron-lm")
    host.press([.character("l"), .character("h")], &state)
    let first = render(state, size: size)
    let selected = try #require(state.comparedColumn)
    let area = try #require(state.layout.area(.compare)).inset(columns: 1, rows: 1)
    let words = CompareWords(state: state, column: selected, width: ComparePane.parts(area).words.width).lines
    var seen = Set<String>()
    for _ in 0..<40 {
      for line in plainText(render(state, size: size)) { seen.insert(line.trimmingCharacters(in: .whitespaces)) }
      host.type("j", &state)
    }
    #expect(words.count > ComparePane.parts(area).words.height)
    for text in words.map({ $0.map(\.text).joined().trimmingCharacters(in: .whitespaces) }) where !text.isEmpty {
      #expect(seen.contains { $0.contains(text) }, "“\(text)” of \(seen.sorted())")
    }
    for _ in 0..<40 { host.type("k", &state) }
    #expect(render(state, size: size) == first)
  }
}
