import Engine
import Testing

@testable import TUI

@Suite struct UpdateTests {
  private let size = Size(width: 120, height: 36)

  private func message(_ message: EngineMessage, _ state: inout ExplorerState) -> [Effect] {
    update(&state, .engine(message, generation: state.search.generation))
  }

  @Test("the first search starts at once, and the first plan asks for its schedule once")
  func firstSearch() throws {
    var state = ExplorerState(workload: Samples.workload(), look: try Scenes.look(), size: size)
    guard case .search(_, generation: 1)? = start(&state).first else {
      Issue.record("no search was started")
      return
    }
    let plan = Samples.plan(stages: 4)
    guard case .timeline(let asked, _)? = message(.tune(.improved(plan)), &state).first else {
      Issue.record("no schedule was asked for")
      return
    }
    #expect(asked == plan.plan)
    #expect(update(&state, .key(.tab)).isEmpty)
    #expect(message(.timeline(plan.plan, Samples.timeline(plan)), &state).isEmpty)
    #expect(state.shownTimeline != nil)
  }

  @Test("a better plan replaces the one on the screen only while the person has taken none")
  func better() throws {
    var state = try Scenes.searching(found: true, size: size)
    let better = Samples.plan(stages: 4, saving: 0.25)
    _ = message(.tune(.improved(better)), &state)
    #expect(state.shown == better)
    Scenes.press([.character("h"), .enter], &state)
    let taken = try #require(state.shown)
    #expect(taken != better)
    let row = state.stageRow
    let best = Samples.plan(stages: 4)
    _ = message(.tune(.improved(best)), &state)
    #expect(state.shown == taken)
    #expect(state.stageRow == row)
    let header = plainText(render(state, size: size))[0]
    #expect(header.contains("better: \(Format.stepSeconds(best.score.iterationSeconds)), t takes it"))
    Scenes.type("t", &state)
    #expect(state.shown == best)
    #expect(!plainText(render(state, size: size))[0].contains("better"))
  }

  @Test("undo of an edit gives back the offer of a better plan that the edit turned down; redo turns it down again")
  func offerAfterUndo() throws {
    var state = try Scenes.searching(found: true, size: size)
    _ = message(.tune(.improved(Samples.plan(stages: 4, saving: 0.25))), &state)
    Scenes.press([.character("h"), .enter], &state)
    let taken = try #require(state.shown)
    let best = Samples.plan(stages: 4)
    _ = message(.tune(.improved(best)), &state)
    #expect(state.better == best)
    var other = Samples.plan(stages: 8)
    other.score.iterationSeconds = 2 * best.score.iterationSeconds
    _ = state.take(other, "a plan of eight stages")
    #expect(state.shown == other && state.better == nil)
    _ = state.undo(by: -1)
    #expect(state.shown == taken && state.better == best)
    _ = state.undo(by: 1)
    #expect(state.shown == other && state.better == nil)
  }

  @Test("a plan taken after the search has ended brings no news")
  func noNews() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.press([.character("h"), .character("h"), .enter], &state)
    #expect(!state.isPreview)
    #expect(!plainText(render(state, size: size))[0].contains("better"))
    #expect(plainText(render(state, size: size))[1].contains("to optimum"))
  }

  @Test("moving previews, Esc returns to the plan before")
  func preview() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    let before = state.shown
    Scenes.type("h", &state)
    #expect(state.isPreview)
    Scenes.type("2", &state)
    #expect(plainText(render(state, size: size))[0].contains("PREVIEW"))
    Scenes.press([.escape], &state)
    #expect(!state.isPreview && state.shown == before)
  }

  @Test("n previews the next best plans one after the other, N goes back to the optimum")
  func nextBest() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    let plans = state.bestPlans
    #expect(plans.count == 4 && plans.first == state.shown)
    Scenes.type("2n", &state)
    #expect(state.isPreview && state.shown == plans[1])
    Scenes.type("nnnn", &state)
    #expect(state.shown == plans[3])
    Scenes.type("NNN", &state)
    #expect(!state.isPreview && state.shown == plans[0])
  }

  @Test("Esc leaves a preview before it stops the search, and the hints say so")
  func escapeInPreview() throws {
    var state = try Scenes.searching(found: true, size: size)
    let other = Samples.plan(stages: 4, saving: 1)
    Scenes.send(.tune(.frontierPoint(FrontierPoint(memoryShare: 0.5, best: other))), to: &state)
    Scenes.type("h", &state)
    #expect(state.isPreview)
    #expect(HintLine(state: state).hints.filter { $0.key == "Esc" }.map(\.name) == ["return"])
    Scenes.press([.escape], &state)
    #expect(!state.isPreview && !state.search.isStopping)
    Scenes.press([.escape], &state)
    #expect(state.search.isStopping)
  }

  @Test("moving back onto the plan itself ends the preview")
  func backAgain() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("hl", &state)
    #expect(!state.isPreview)
  }

  @Test("Esc closes the dialog first, then leaves the preview, then stops the search")
  func escape() throws {
    var state = try Scenes.searching(found: true, size: size)
    _ = message(.tune(.improved(Samples.plan(stages: 4, saving: 0.25))), &state)
    Scenes.type("h?", &state)
    #expect(update(&state, .key(.escape)).isEmpty)
    #expect(state.dialog == nil && state.isPreview)
    #expect(!update(&state, .key(.escape)).contains { if case .cancelSearch = $0 { true } else { false } })
    #expect(!state.isPreview)
    #expect(update(&state, .key(.escape)).contains { if case .cancelSearch = $0 { true } else { false } })
    var result = TuneResult(status: .cancelled)
    result.best = state.plans.best
    _ = message(.tuned(result), &state)
    #expect(!state.isSearching && state.shown != nil)
  }

  @Test("messages of an older search are dropped")
  func generations() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("r", &state)
    #expect(state.search.generation == 2)
    let best = state.shown
    _ = update(&state, .engine(.tune(.improved(Samples.slower(Samples.plan(stages: 4), by: -0.5))), generation: 1))
    #expect(state.shown == best)
    #expect(state.search.progress == SearchProgress())
  }

  @Test("the reference is the optimum until b sets another")
  func reference() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    #expect(state.plans.reference == state.plans.best)
    Scenes.type("hb", &state)
    #expect(state.plans.reference == state.shown)
    Scenes.press([.escape], &state)
    #expect(plainText(render(state, size: size))[1].contains("to reference"))
  }

  @Test("saving asks before it overwrites, and says what happened")
  func save() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("s", &state)
    let path = "gpt-22b-32xa100-40.plan.yaml"
    func isSave(_ effects: [Effect], overwrite: Bool) -> Bool {
      if case .save(_, _, path, overwrite)? = effects.first { return true }
      return false
    }
    #expect(isSave(update(&state, .key(.enter)), overwrite: false))
    _ = update(&state, .exists(path: path))
    #expect(isSave(update(&state, .key(.character("y"))), overwrite: true))
    _ = update(&state, .saved(path: path, error: nil))
    #expect(state.dialog == nil && state.savedPath == path)
    #expect(plainText(render(state, size: size)).last?.contains("saved " + path) == true)
  }

  @Test("an error while saving keeps the dialog and the path")
  func saveError() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("s", &state)
    _ = update(&state, .paste("/nowhere\n/"))
    _ = update(&state, .key(.enter))
    _ = update(&state, .saved(path: "x", error: "no such folder"))
    let text = plainText(render(state, size: size)).joined()
    #expect(text.contains("no such folder") && text.contains("gpt-22b-32xa100-40.plan.yaml/nowhere/"))
    #expect(state.savedPath == nil)
  }

  @Test("what is saved is the plan that was shown when the dialog opened")
  func saveKeepsPlan() throws {
    var state = try Scenes.searching(found: true, size: size)
    let plan = try #require(state.shown)
    Scenes.type("s", &state)
    _ = message(.tune(.improved(Samples.plan(stages: 4))), &state)
    guard case .save(let saved, _, _, _)? = update(&state, .key(.enter)).first else {
      Issue.record("nothing was saved")
      return
    }
    #expect(saved == plan)
  }

  @Test("q leaves at once, but asks while a file is being written")
  func quit() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    func leaves(_ effects: [Effect]) -> Bool { effects.contains { if case .quit = $0 { true } else { false } } }
    var saving = state
    #expect(leaves(update(&state, .key(.character("q")))))
    Scenes.press([.character("s"), .enter, .escape], &saving)
    #expect(!leaves(update(&saving, .key(.character("q")))))
    #expect(leaves(update(&saving, .key(.character("q")))))
    #expect(leaves(update(&saving, .key(.control("c")))))
  }

  @Test("a click focuses a pane, and selects stages and frontier points")
  func mouse() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    let frame = render(state, size: size)
    let stage = try #require(frame.hits.first { $0.target == .stage(2) })
    _ = update(&state, .mouse(MouseEvent(action: .press, x: stage.area.x + 3, y: stage.area.y)))
    #expect(state.selectedStage == 2 && state.focus == .stages)
    let point = try #require(frame.hits.first { $0.target == .frontierPoint(0) })
    _ = update(&state, .mouse(MouseEvent(action: .press, x: point.area.x, y: point.area.y)))
    #expect(state.focus == .frontier && state.isPreview)
    #expect(state.shown == state.search.frontier.first)
  }

  @Test("the frontier keeps only plans that no other beats in both time and memory")
  func frontier() {
    var search = SearchState()
    var random = SeededRandom(seed: 2)
    for _ in 0..<300 {
      search.add(Samples.slower(Samples.plan(stages: 1, saving: random.unit().rounded()), by: random.unit()))
    }
    let scores = search.frontier.map(\.score)
    for (first, second) in zip(scores, scores.dropFirst()) {
      #expect(first.peakReservedBytes < second.peakReservedBytes)
      #expect(first.iterationSeconds > second.iterationSeconds)
    }
    #expect(!scores.isEmpty)
  }
}
