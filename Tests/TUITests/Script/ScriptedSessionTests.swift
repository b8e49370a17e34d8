import Engine
import Testing

@testable import TUI

/// Scripts are recorded and played.
@Suite struct ScriptedSessionTests {
  private static let size = Size(width: 120, height: 36)

  /// Answers what a state asks for, but for the search: schedules, no scores, lists without values, written files.
  private static func settle(_ session: inout ScriptedSession, _ state: inout ExplorerState, _ effects: [Effect]) {
    var waiting = effects[...]
    while let effect = waiting.popFirst() {
      switch effect {
      case .timeline(let plan, let generation):
        let empty = Timeline(passes: [], transfers: [], makespan: 0, criticalPath: [])
        waiting += session.update(&state, .engine(.timeline(plan, empty), generation: generation))
      case .score(let plan, let generation):
        let message = EngineMessage.unscored(plan, "this is a test")
        waiting += session.update(&state, .engine(message, generation: generation))
      case .list(_?, let ticket): waiting += session.update(&state, .list(.values([]), ticket: ticket))
      case .why(_?, let ticket): waiting += session.update(&state, .why(.tree(nil), ticket: ticket))
      case .save(_, _, let path, _): waiting += session.update(&state, .saved(path: path, error: nil))
      default: break
      }
    }
  }

  private static func script(_ text: String) throws -> KeyScript { try KeyScript(text: text, file: "walk.keys") }

  /// Plays a text in a state, with all effects answered.
  @discardableResult
  private static func play(_ text: String, _ state: inout ExplorerState) throws -> ScriptedSession {
    var session = ScriptedSession(playing: try script(text), resizes: true, records: false)
    let effects = session.play(&state)
    settle(&session, &state, effects)
    return session
  }

  private static func rest() throws -> ExplorerState { try Scenes.finished(stages: 4, size: size) }

  @Test("keys, texts, pastes, clicks and sizes of a script do what they do by hand")
  func plays() throws {
    var state = try Self.rest()
    try Self.play("press 2 j j\nresize 80x24\nwait 3 of 4", &state)
    #expect(state.focus == .stages && state.size == Size(width: 80, height: 24) && state.selectedStage == 2)
    try Self.play("press s\npress ^U\ntype a plan\npaste .yaml\npress Enter", &state)
    #expect(state.savedPath == "a plan.yaml")
  }

  @Test("a script waits for the plan and for the end of the search, and goes on by itself when they come")
  func waits() throws {
    var state = try Scenes.searching(found: false, size: Self.size)
    var session = ScriptedSession(
      playing: try Self.script("press 4\nwait plan\npress 2\nwait rest\npress 3"), resizes: true, records: false)
    _ = session.play(&state)
    #expect(state.focus == .timeline && session.isPlaying)
    func send(_ message: EngineMessage) {
      let effects = session.update(&state, .engine(message, generation: state.search.generation))
      Self.settle(&session, &state, effects)
    }
    send(.tune(.improved(Samples.plan(stages: 4))))
    #expect(state.focus == .stages)
    var result = TuneResult(status: .optimal)
    result.best = Samples.plan(stages: 4)
    send(.tuned(result))
    #expect(state.focus == .stages && session.isPlaying)
    send(.frontierDone)
    #expect(state.focus == .memory && !session.isPlaying && session.failure == nil)
  }

  @Test("each key waits until the schedule of the plan before it is there")
  func settles() throws {
    var state = try Self.rest()
    var session = ScriptedSession(playing: try Self.script("press h h"), resizes: true, records: false)
    let effects = session.play(&state)
    let first = try #require(state.shown)
    #expect(state.isPreview && !state.isSettled && session.isPlaying)
    Self.settle(&session, &state, effects)
    #expect(state.shown != first && state.isSettled && !session.isPlaying)
  }

  @Test("a text that cannot come any more ends the script, with the file and the line on the screen")
  func stuck() throws {
    var state = try Self.rest()
    let session = try Self.play("press 2\n\nwait nonsense\npress 3", &state)
    #expect(state.focus == .stages && !session.isPlaying)
    let failure = try #require(session.failure)
    #expect("\(failure)".hasPrefix("walk.keys:3: wait: 'nonsense' does not stand on the screen"))
    #expect(plainText(render(state, size: Self.size)).contains { $0.contains("walk.keys:3: wait: 'nonsense'") })
    var nothing = try Scenes.infeasible(size: Self.size)
    #expect("\(try #require(try Self.play("wait plan", &nothing).failure))".contains("ended without a plan"))
  }

  @Test("the person's first key ends the script and does nothing else; Ctrl-C leaves")
  func stops() throws {
    var state = try Scenes.searching(found: false, size: Self.size)
    var session = ScriptedSession(
      playing: try Self.script("press 2\nwait rest\npress 3"), resizes: true, records: false)
    _ = session.play(&state)
    var other = (session, state)
    _ = session.update(&state, .key(.character("4")))
    #expect(!session.isPlaying && state.focus == .stages)
    #expect(state.message?.text == "the script was stopped in line 1")
    _ = session.update(&state, .key(.character("4")))
    #expect(state.focus == .timeline)
    let effects = other.0.update(&other.1, .key(.control("c")))
    #expect(effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test("a script that leaves does nothing after that")
  func leaves() throws {
    var state = try Self.rest()
    var session = ScriptedSession(playing: try Self.script("press 2 q 3"), resizes: true, records: false)
    let effects = session.play(&state)
    #expect(state.focus == .stages && !session.isPlaying)
    #expect(effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test("a recording has keys in lines, texts as texts, and waits where something had come")
  func records() throws {
    var state = try Scenes.searching(found: false, size: Self.size)
    var session = ScriptedSession(playing: nil, resizes: false, records: true)
    func send(_ event: Event) {
      let effects = session.update(&state, event)
      Self.settle(&session, &state, effects)
    }
    func engine(_ message: EngineMessage) { send(.engine(message, generation: state.search.generation)) }
    send(.resize(Self.size))
    for key in "2" { send(.key(.character(key))) }
    engine(.tune(.improved(Samples.plan(stages: 4))))
    for key in "jj" { send(.key(.character(key))) }
    var result = TuneResult(status: .optimal)
    result.best = Samples.plan(stages: 4)
    engine(.tuned(result))
    engine(.frontierDone)
    send(.key(.character("s")))
    send(.key(.control("u")))
    for key in "my plan" { send(.key(.character(key))) }
    send(.key(.enter))
    send(.paste("ignored"))
    send(.key(.control("z")))
    send(.mouse(MouseEvent(action: .press, x: 3, y: 4)))
    #expect(
      session.recorder?.script.text == """
        resize 120x36
        press 2
        wait plan
        press j j
        wait rest
        press s ^U
        type my plan
        press Enter
        paste ignored
        mouse press 4 5

        """)
  }

  @Test("what was recorded at rest plays to the same screen", arguments: 0..<8)
  func replays(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    var state = try Self.rest()
    let start = state
    var session = ScriptedSession(playing: nil, resizes: false, records: true)
    let keys: [Key] =
      "hjklzxbtsinNTCgG+-<>?:1234y ~é".map { .character($0) } + [
        .enter, .escape, .tab, .backspace, .up, .down, .left, .home, .end, .pageDown, .control("u"), .control("l"),
      ]
    for _ in 0..<200 {
      let event: Event
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        event = .resize(
          Size(width: Int.random(in: 1...200, using: &random), height: Int.random(in: 1...60, using: &random)))
      case 1: event = .paste("a\u{1B}b \n")
      case 2:
        event = .mouse(
          MouseEvent(
            action: .press, x: Int.random(in: 0...120, using: &random), y: Int.random(in: 0...36, using: &random)))
      default: event = .key(keys.randomElement(using: &random) ?? .tab)
      }
      let effects = session.update(&state, event)
      Self.settle(&session, &state, effects)
    }
    let text = try #require(session.recorder?.script.text)
    var again = start
    let played = try Self.play(text, &again)
    #expect(played.failure == nil && !played.isPlaying)
    #expect(again.size == state.size)
    #expect(render(again, size: again.size) == render(state, size: state.size))
  }
}
