import Testing

@testable import Engine
@testable import TUI

/// Every dialog over the smallest usual screen, its text and its looks, as files in `Golden/Dialogs/`.
@Suite struct DialogGoldenTests {
  private static let size = Size(width: 80, height: 24)

  private func opened() throws -> ExplorerState {
    var state = try Scenes.finished(stages: 4, size: Self.size)
    state.adopt(ExplorerSettings(), on: TerminalAbilities())
    return state
  }

  private func compare(
    _ state: ExplorerState, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try #require(state.dialog != nil, "\(name): no dialog", sourceLocation: sourceLocation)
    try GoldenFile.compare(
      GoldenScreen(state, size: state.size), "Dialogs/\(name)", sourceLocation: sourceLocation)
  }

  @Test("help, as it opens and as it is searched, and the palette")
  func help() throws {
    var state = try opened()
    Scenes.type("?", &state)
    try compare(state, "help")
    Scenes.type("plan", &state)
    try compare(state, "help-search")
    Scenes.press([.escape, .character(":")], &state)
    try compare(state, "palette")
    Scenes.type("save", &state)
    try compare(state, "palette-search")
  }

  @Test("the values of a cell: while they are scored, scored alone and solved, and a typed one that no plan has")
  func values() throws {
    var state = try opened()
    Scenes.type("2gjjllllll", &state)
    Scenes.press([.enter], &state)
    try compare(state, "values-waiting")
    guard case .cell(let list) = state.dialog, let base = state.shown else {
      Issue.record("no list of values")
      return
    }
    for event in CellSamples.answers(of: base, ticket: list.ticket) { _ = update(&state, event) }
    try compare(state, "values")
    Scenes.type("3", &state)
    try compare(state, "values-typed")
    Scenes.type("99", &state)
    try compare(state, "values-refused")
  }

  @Test("saving: the path, and whether a file may be replaced")
  func save() throws {
    var state = try opened()
    Scenes.type("s", &state)
    try compare(state, "save")
    Scenes.press([.enter], &state)
    _ = update(&state, .exists(path: "gpt-22b-32xa100-40.plan.yaml"))
    try compare(state, "overwrite")
  }

  @Test("export: launchers, the nearest plan, and a launcher that cannot")
  func export() throws {
    var state = try opened()
    Scenes.type("e", &state)
    try compare(state, "export")
    Scenes.press([.enter], &state)
    let nearest = [
      "the nearest plan that it can run: 88.1 s per iteration, instead of 84.0 s (+4.9 %)",
      "  zero 1, 2 -> 1 in stages 1-4",
    ]
    let unlike = "states unlike from stage to stage: it has no option for it"
    _ = update(&state, .exported(.offer(reasons: [unlike], nearest: nearest)))
    try compare(state, "export-nearest")
    Scenes.press([.character("n"), .enter], &state)
    let reason = "a model with LayerNorm, an MLP without a gate: torchtitan's blocks are Llama's: RMSNorm, a gated MLP"
    _ = update(&state, .exported(.offer(reasons: [reason], nearest: [])))
    try compare(state, "export-refused")
  }

  @Test("import: the launchers, and a file that cannot be read")
  func importing() throws {
    var state = try opened()
    Scenes.type("I", &state)
    try compare(state, "import")
    Scenes.type("run.sh", &state)
    Scenes.press([.enter], &state)
    _ = update(&state, .imported(.failed("run.sh: No such file or directory; name a file that exists"), ticket: 1))
    try compare(state, "import-failed")
  }

  @Test("settings: looks and keys, a new key, and one that another command has")
  func settings() throws {
    var state = try opened()
    Scenes.type(",", &state)
    try compare(state, "settings")
    Scenes.type("quit", &state)
    Scenes.press([.enter], &state)
    try compare(state, "settings-key")
    Scenes.press([.character("x")], &state)
    try compare(state, "settings-conflict")
  }

  @Test("the edits so far, what can be copied, everything in full, and other kinds of node")
  func lists() throws {
    var state = try opened()
    Scenes.type("2gjjllllll", &state)
    for _ in 0..<2 {
      for effect in update(&state, .key(.character("-"))) {
        guard case .score(let plan, _) = effect, let like = state.shown else { continue }
        let scored = ScoredPlan(plan: plan, score: Samples.slower(like, by: -0.01).score)
        Scenes.send(.scored(scored, Samples.timeline(scored)), to: &state)
      }
    }
    Scenes.type("H", &state)
    try compare(state, "edits")
    Scenes.press([.escape, .character("y")], &state)
    try compare(state, "copy")
    Scenes.press([.escape, .character("i")], &state)
    try compare(state, "details")
    _ = update(&state, .resize(Size(width: 40, height: 12)))
    try compare(state, "details-40x12")
    var compared = try Scenes.compared(stages: 4, size: Self.size)
    Scenes.type("x", &compared)
    Scenes.press([.down], &compared)
    try compare(compared, "clusters")
  }

  @Test("pins that cannot all hold are named under the panes, and the plan stays")
  func conflict() throws {
    var state = try opened()
    Scenes.type("2gjjp", &state)
    Scenes.type("t", &state)
    var result = TuneResult(status: .infeasible)
    var reason = Infeasibility(stage: 0, part: .optimizer, missingBytes: Samples.gib, suggestions: [])
    reason.pins = try ["1.layers=11", "2.layers=12", "zero=1", "tensorParallel=1"].flatMap {
      try PlanPins(texts: [$0]).pins
    }
    result.infeasibility = reason
    Scenes.send(.tuned(result), to: &state)
    #expect(state.message != nil)
    try GoldenFile.compare(GoldenScreen(state, size: Self.size), "Dialogs/pins-conflict")
  }
}
