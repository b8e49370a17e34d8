import Engine
import Testing

@testable import TUI

/// Editing the plan in the stage table, with the real engine behind it.
@Suite struct EditTests {
  private func text(_ state: ExplorerState) -> String {
    plainText(render(state, size: state.size)).joined(separator: "\n")
  }

  private func opened(pins: [String] = []) throws -> (SmallHost, ExplorerState) {
    var host = SmallHost()
    host.explains = false
    var state = try SmallHost.opened(size: Size(width: 200, height: 60), pins: pins)
    host.type("2gjjllllll", &state)
    #expect(state.cellUnderCursor == .plan(PlanCell(.checkpointedLayers, stage: 0)))
    return (host, state)
  }

  @Test("+ takes the next value, scores it at once, and undo gives the plan back")
  func stepping() throws {
    var (host, state) = try opened()
    let before = try #require(state.shown)
    host.type("+", &state)
    let after = try #require(state.shown)
    #expect(after.plan.stages.map(\.checkpointedLayers) == [2, 1])
    #expect(after.score.stages[0].memory.reserved < before.score.stages[0].memory.reserved)
    #expect(state.shownTimeline != nil && state.history.entries.last?.title == "1.checkpointedLayers=2")
    #expect(state.history.entries.last?.seconds == after.score.iterationSeconds)
    host.type("u", &state)
    #expect(state.shown == before && text(state).contains("undone: 1.checkpointedLayers=2"))
    host.type("U", &state)
    #expect(state.shown == after)
    host.type("-----", &state)
    #expect(state.shown?.plan.stages[0].checkpointedLayers == 0)
    #expect(text(state).contains("recomputed layers of stage 1 has no lower value"))
  }

  @Test("several keys before the engine answers add up, and only the last plan is scored")
  func fast() throws {
    var (host, state) = try opened()
    host.isSlow = true
    let before = state.shown
    host.type("++", &state)
    #expect(state.shown == before && state.editedPlan?.stages[0].checkpointedLayers == 3)
    // Until the score is there, the history does not lend the edit that of the plan before.
    #expect(state.history.entries.count == 2 && state.history.entries.allSatisfy { $0.seconds == nil })
    host.isSlow = false
    host.type("-", &state)
    #expect(state.shown?.plan.stages[0].checkpointedLayers == 2)
    host.type("uuu", &state)
    #expect(state.shown == before)
  }

  @Test("[ and ] move a layer to the stage before and after, and say why where they cannot")
  func layers() throws {
    var (host, state) = try opened()
    host.type("]", &state)
    #expect(state.shown?.plan.stages.map(\.layers) == [3, 5])
    host.type("j[[", &state)
    #expect(state.shown?.plan.stages.map(\.layers) == [5, 3])
    host.type("]", &state)
    #expect(text(state).contains("there is no stage after it"))
    host.type("uuuu", &state)
    #expect(state.shown?.plan == SmallHost.plan)
  }

  @Test("the list of values shows each alone and solved, previews the row, and Enter takes it")
  func list() throws {
    var (host, state) = try opened()
    let before = try #require(state.shown)
    host.press([.enter], &state)
    let screen = text(state)
    #expect(screen.contains("recomputed layers of stage 1, now 1") && screen.contains("the rest solved"))
    guard case .cell(let list) = state.dialog else {
      Issue.record("no list")
      return
    }
    #expect(list.values.map(\.id) == [0, 1, 2, 3, 4] && list.solved.count == 5)
    #expect(list.largestThatFits == 4)
    host.type("jj", &state)
    #expect(state.isPreview && state.shown?.plan.stages[0].checkpointedLayers == 3)
    host.press([.escape], &state)
    #expect(state.shown == before && state.dialog == nil && state.history.entries.isEmpty)
    host.press([.enter, .character("3"), .enter], &state)
    #expect(state.shown?.plan.stages[0].checkpointedLayers == 3 && !state.isPreview)
    host.press([.enter, .character("0"), .character("t")], &state)
    let solved = try #require(state.shown)
    #expect(solved.plan.stages[0].checkpointedLayers == 0)
    #expect(solved.score.iterationSeconds <= before.score.iterationSeconds)
    #expect(
      state.history.entries.map(\.title) == ["1.checkpointedLayers=3", "1.checkpointedLayers=0, the rest solved"])
  }

  @Test("a typed value that no plan has says why and goes to the nearest")
  func typed() throws {
    var (host, state) = try opened()
    host.press([.enter, .character("7")], &state)
    #expect(text(state).contains("7: no plan here has it; nearest: 4"))
    host.press([.enter], &state)
    #expect(state.shown?.plan.stages[0].checkpointedLayers == 4)
  }

  @Test("an offloaded share is typed by its eighths, as the table writes it, or as a share; other words are refused")
  func eighths() throws {
    var (host, state) = try opened()
    host.press([.character("l"), .enter, .character("9")], &state)
    #expect(text(state).contains("9 is no value of it"))
    for typed in ["4", "0.5"] {
      host.press([.escape, .enter], &state)
      host.type(typed, &state)
      guard case .cell(let list) = state.dialog else {
        Issue.record("no list")
        return
      }
      #expect(list.value?.text == "0.5" || list.error?.contains("\(typed): ") == true, "\(list.error ?? "")")
    }
  }

  @Test("a pin is seen, keeps its cell through solving, and goes along with an edit of its own cell")
  func pins() throws {
    var (host, state) = try opened()
    host.type("p", &state)
    #expect(state.request.pins.texts == ["1.checkpointedLayers=1"] && text(state).contains("*1"))
    host.type("t", &state)
    let solved = try #require(state.shown)
    #expect(solved.plan.stages.map(\.checkpointedLayers).first == 1 && state.solving == nil)
    #expect(solved.plan.stages.count == 2)
    #expect(state.history.entries.last?.title == "solve the rest")
    host.type("+", &state)
    #expect(state.request.pins.texts == ["1.checkpointedLayers=2"])
    host.type("p", &state)
    #expect(state.request.pins.isEmpty)
    host.type("P", &state)
    #expect(state.request.pins.pins.count == 13)
    #expect(text(state).contains("13 pinned"))
    host.type("X", &state)
    #expect(state.request.pins.isEmpty)
    host.type("uuuuuu", &state)
    #expect(state.shown?.plan == SmallHost.plan && state.request.pins.isEmpty)
  }

  @Test("an edit that a pin forbids names the pin")
  func pinned() throws {
    var (host, state) = try opened(pins: ["2.layers=4"])
    host.type("hhhhhh+", &state)
    #expect(text(state).contains("layers of stage 1: pinned: 2.layers=4"))
    #expect(state.history.entries.isEmpty)
  }

  @Test("pins that cannot all hold: the smallest conflict is named, and the plan stays")
  func conflict() throws {
    var (host, state) = try opened(pins: ["zero=1", "1.layers=1", "2.layers=1"])
    let before = state.shown
    host.type("t", &state)
    #expect(text(state).contains("cannot all hold: 1.layers=1, 2.layers=1"))
    #expect(state.shown == before)
  }

  @Test("an answer that comes after further edits is offered and not taken")
  func late() throws {
    var (host, state) = try opened()
    host.type("pt", &state)
    let solved = try #require(state.shown)
    host.type("uu", &state)
    _ = update(&state, .key(.character("t")))
    _ = update(&state, .key(.character("p")))
    let mine = state.shown
    var result = TuneResult(status: .optimal)
    result.best = solved
    _ = update(&state, .engine(.tuned(result), generation: state.search.generation))
    #expect(state.shown == mine)
  }

  @Test("the history goes back to any edit")
  func history() throws {
    var (host, state) = try opened()
    host.type("+++", &state)
    let last = state.shown
    host.type("H", &state)
    #expect(text(state).contains("as it was opened") && text(state).contains("1.checkpointedLayers=4"))
    host.press([.home, .down, .enter], &state)
    #expect(state.shown?.plan.stages[0].checkpointedLayers == 2 && state.history.position == 1)
    host.press([.character("H"), .end, .enter], &state)
    #expect(state.shown == last)
  }

  @Test("the run is edited like the plan: the person's plan goes along, the reference stays, and undo gives all back")
  func run() throws {
    var (host, state) = try opened()
    let before = try #require(state.shown)
    host.type("g", &state)
    #expect(state.cellUnderCursor == .run(.batch) && text(state).contains("▸run   batch 16"))
    host.type("+", &state)
    #expect(state.workload.run.globalBatch == 20 && state.history.entries.last?.title == "batch=20")
    let carried = try #require(state.shown)
    #expect(carried.plan.stages.count == 2 && carried.plan.gradientAccumulation * 2 == 20)
    #expect(state.plans.reference == before && state.plans.optimum != nil)
    host.type("u", &state)
    #expect(state.workload == SmallHost.workload && state.shown == before)
    host.press([.enter], &state)
    #expect(text(state).contains("batch, now 16"))
    host.type("24", &state)
    host.press([.enter], &state)
    #expect(state.workload.run.globalBatch == 24)
    host.press([.enter], &state)
    host.type("0", &state)
    host.press([.enter], &state)
    #expect(text(state).contains("nearest: 1") && state.workload.run.globalBatch == 24)
  }

  @Test("another launcher sets the runtime and the space, and says so where the plan cannot go along")
  func launcher() throws {
    var (host, state) = try opened()
    host.type("glllllll+", &state)
    #expect(state.workload.run.launcher != nil && state.request.space == state.workload.run.launcher?.space)
    host.type("u", &state)
    #expect(state.workload == SmallHost.workload && state.request.space == .mist)
  }

  @Test("an edit on a folded row edits all its stages, a pin holds all of them, and unfolded one is edited alone")
  func folded() throws {
    var host = SmallHost(workload: SmallHost.deepWorkload)
    var state = try SmallHost.opened(workload: SmallHost.deepWorkload, plan: SmallHost.deepPlan)
    host.type("2ggjjj", &state)
    #expect(state.selectedRow == 1..<16 && text(state).contains("2-16 ×15"))
    while state.cellUnderCursor != .plan(PlanCell(.checkpointedLayers, stages: 1..<16)) { host.type("l", &state) }
    host.type("+", &state)
    #expect(state.shown?.plan.stages.map(\.checkpointedLayers) == Array(repeating: 2, count: 16))
    #expect(state.history.entries.last?.title == "2-16.checkpointedLayers=2")
    host.type("u", &state)
    host.type("-p", &state)
    #expect(state.shown?.plan.stages.dropFirst().allSatisfy { $0.checkpointedLayers == 0 } == true)
    #expect(state.request.pins.texts == (2...16).map { "\($0).checkpointedLayers=0" })
    host.type("zjj+", &state)
    #expect(state.shown?.plan.stages.map(\.checkpointedLayers).filter { $0 == 1 }.count == 1)
    host.type("uuu", &state)
    #expect(state.shown?.plan == SmallHost.deepPlan && state.request.pins.isEmpty)
  }
}
