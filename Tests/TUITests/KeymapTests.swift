import Testing

@testable import TUI

/// Which keys run which commands, and where they are told.
@Suite struct KeymapTests {
  private let size = Size(width: 120, height: 36)

  private func screen(_ state: ExplorerState) -> String {
    plainText(render(state, size: size)).joined(separator: "\n")
  }

  @Test("every command has an id of its own, and a name that no other command of its pane has")
  func unique() {
    #expect(Set(Command.all.map(\.id)).count == Command.all.count)
    for pane in Pane.allCases {
      let names = Command.all.filter { $0.pane == nil || $0.pane == pane }.map(\.name)
      #expect(Set(names).count == names.count, "\(pane): \(names)")
    }
    for id in Command.overDialogs { #expect(Command.named(id) != nil) }
    for id in Command.all.compactMap(\.hint).flatMap(\.ids) { #expect(Command.named(id) != nil, "\(id)") }
  }

  @Test("a command runs by the key that it was given, no longer by its own, and keeps it when set to its default")
  func changed() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    let details = try #require(Command.named("app.details"))
    state.keymap.set([.character("v"), .function(2)], for: details)
    Scenes.type("i", &state)
    #expect(state.dialog == nil)
    Scenes.press([.function(2)], &state)
    guard case .details = state.dialog else {
      Issue.record("F2 did not open the details")
      return
    }
    state.keymap.set(details.defaultKeys, for: details)
    #expect(!state.keymap.isChanged(details) && state.keymap == Keymap())
  }

  @Test("sentences name the keys as they are now, or the command where it has none")
  func sentences() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("h", &state)
    #expect(screen(state).contains("PREVIEW: Enter takes it, Esc returns"))
    let (take, leave) = (try #require(Command.named("plan.take")), try #require(Command.named("plan.return")))
    state.keymap.set([.character("v")], for: take)
    state.keymap.set([], for: leave)
    #expect(screen(state).contains("PREVIEW: v takes it, :return returns"))
  }

  @Test("Ctrl-C leaves whatever the keys are, in a dialog too")
  func leaves() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    state.keymap.set([], for: try #require(Command.named("app.quit-now")))
    state.keymap.set([.control("c")], for: try #require(Command.named("plan.save")))
    for keys in ["", "?"] {
      Scenes.type(keys, &state)
      let effects = update(&state, .key(.control("c")))
      #expect(effects.contains { if case .quit = $0 { true } else { false } })
    }
  }

  @Test("a key that draws anew works in a dialog unless it types a character")
  func dialogs() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    state.keymap.set([.character("R"), .function(5)], for: try #require(Command.named("app.redraw")))
    Scenes.type("?", &state)
    func draws(_ effects: [Effect]) -> Bool { effects.contains { if case .redraw = $0 { true } else { false } } }
    #expect(!draws(update(&state, .key(.character("R")))))
    #expect(draws(update(&state, .key(.function(5)))))
    guard case .help(let help) = state.dialog else {
      Issue.record("the help closed")
      return
    }
    #expect(help.query.text == "R")
  }
}
