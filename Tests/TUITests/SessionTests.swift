import Engine
import Testing

@testable import TUI

/// Keeping a session, and going on with it.
@Suite("Sessions")
struct SessionTests {
  @Test("after a resume the plan, the pins, the reference and the history are as before, and undo works")
  func resumes() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    host.press([.character("2"), .down, .down, .character("+"), .character("p"), .character("b")], &state)
    state.focus = .stages
    state.stageRow = ExplorerState.runRow
    state.runKnob = .batch
    host.press([.character("+")], &state)
    host.press([.character("u"), .character("u")], &state)
    #expect(state.history.entries.count >= 3 && state.history.position > 0)

    let file = SessionSnapshot(state).file
    let text = try SessionFile.parse(file.text, file: "s.yaml")
    #expect(text == file)
    var other = try fresh(text)
    #expect(other.draft == state.draft)
    #expect(other.kept == state.kept && other.plans.reference == state.plans.reference)
    #expect(other.history.position == state.history.position)
    #expect(other.history.entries.map(\.title) == state.history.entries.map(\.title))
    #expect(other.history.entries.map(\.seconds) == state.history.entries.map(\.seconds))

    var second = SmallHost()
    for key in [Key.character("U"), .character("U"), .character("u"), .character("u"), .character("u")] {
      host.press([key], &state)
      second.press([key], &other)
      #expect(other.draft == state.draft, "after \(key.label)")
      #expect(other.shown?.plan == state.shown?.plan, "after \(key.label)")
    }
  }

  @Test("a reference of another question comes back with the figures that it had")
  func keepsReference() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    let before = try #require(state.shown)
    state.plans.chosenReference = nil
    state.plans.referenceWorkload = nil
    state.focus = .stages
    state.stageRow = ExplorerState.runRow
    state.runKnob = .sequence
    host.press([.character("+")], &state)
    #expect(state.workload.run.sequenceLength > SmallHost.workload.run.sequenceLength)
    #expect(state.plans.chosenReference == before)
    let other = try fresh(SessionSnapshot(state).file)
    #expect(other.plans.chosenReference == before)
  }

  @Test("a change hands the session over, and nothing does where nothing changed")
  func handsOver() throws {
    var state = try SmallHost.opened()
    state.keepSession(source: "small")
    #expect(keeps(start(&state)))
    #expect(!keeps(update(&state, .key(.character("2")))))
    #expect(!keeps(update(&state, .key(.down))))
    _ = update(&state, .key(.down))
    #expect(keeps(update(&state, .key(.character("p")))))
    #expect(!keeps(update(&state, .key(.character("?")))))
    #expect(!keeps(update(&state, .key(.escape))))
    #expect(keeps(update(&state, .key(.character("u")))))
    let plan = try #require(state.shown)
    state.dialog = .save(SaveDialogState(plan: plan, path: TextField("a.yaml")))
    #expect(!keeps(update(&state, .key(.enter))))
    #expect(keeps(update(&state, .saved(path: "a.yaml", error: nil))))
    #expect(state.savedState == .current(path: "a.yaml"))
  }

  @Test("without a session nothing is handed over")
  func keepsNone() throws {
    var state = try SmallHost.opened()
    #expect(!keeps(start(&state)))
    #expect(!keeps(update(&state, .key(.character("*")))))
  }

  @Test("a plan that was edited after it was saved is no longer the one in the file")
  func olderFile() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    #expect(state.savedState == .never)
    host.press([.character("s"), .enter], &state)
    host.send(.saved(path: state.defaultPath, error: nil), &state)
    #expect(state.savedState == .current(path: state.defaultPath))
    state.focus = .stages
    (state.stageRow, state.planKnob) = (-1, .gradientAccumulation)
    host.press([.character("-")], &state)
    #expect(state.savedState == .older(path: state.defaultPath))
    host.press([.character("u")], &state)
    #expect(state.savedState == .current(path: state.defaultPath))
  }

  @Test("a session that cannot be kept is told once, stands in the header, and is told when it is kept again")
  func tellsLoss() throws {
    var state = try SmallHost.opened()
    state.keepSession(source: nil)
    #expect(!header(state).contains("kept"))
    _ = update(&state, .session(.lost("the disk is full")))
    #expect(state.message?.text == "this session is not kept: the disk is full")
    _ = update(&state, .key(.escape))
    _ = update(&state, .session(.lost("the disk is full")))
    #expect(state.message == nil && state.sessionProblem == "the disk is full")
    #expect(header(state).contains(" session not kept "))
    _ = update(&state, .session(.kept))
    #expect(state.message?.text == "this session is kept again" && state.sessionProblem == nil)
    #expect(!header(state).contains("kept"))
  }

  @Test("a slow disk is told in the header while it is written to")
  func tellsSlowDisk() throws {
    var state = try SmallHost.opened()
    state.keepSession(source: nil)
    _ = update(&state, .session(.saving))
    #expect(header(state).contains("saving …") && state.message == nil)
    _ = update(&state, .session(.kept))
    #expect(!header(state).contains("saving") && state.message == nil)
  }

  @Test("a session that another explorer still has is gone on with as a copy, which is said")
  func copies() throws {
    let state = try fresh(SessionSnapshot(try SmallHost.opened()).file, owner: "login1, process 7")
    #expect(state.message?.text == "a copy of a session that is still open (login1, process 7): 0 edits")
  }

  private func header(_ state: ExplorerState) -> String {
    plainText(render(state, size: Size(width: 160, height: 30))).first ?? ""
  }

  /// The explorer that goes on with a session.
  private func fresh(_ file: SessionFile, owner: String? = nil) throws -> ExplorerState {
    var state = ExplorerState(
      workload: file.draft.workload, request: TuneRequest(threads: 1), look: try Scenes.look(),
      themes: try Theme.shipped(), size: Size(width: 120, height: 36), records: Samples.records)
    state.resume(file, stillOpenIn: owner) { question in
      let session = SharedEngine.session(question.workload)
      return (try? session.score(question.plan)).map { ScoredPlan(plan: question.plan, score: $0) }
    }
    return state
  }

  private func keeps(_ effects: [Effect]) -> Bool {
    effects.contains { if case .keepSession = $0 { true } else { false } }
  }
}
