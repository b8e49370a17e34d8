import Testing

@testable import TUI

/// The palette: commands by their names.
@Suite struct PaletteTests {
  private let size = Size(width: 120, height: 44)

  private func query(_ state: ExplorerState) -> String? {
    if case .help(let help) = state.dialog { return help.query.text }
    return nil
  }

  private func opened(_ typed: String) throws -> ExplorerState {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type(":" + typed, &state)
    return state
  }

  @Test("Tab completes what all names have in common, then goes through the rows")
  func completes() throws {
    var state = try opened("sa")
    Scenes.press([.tab], &state)
    #expect(query(state) == "save")
    // "most memory", "more memory" and the like: `le` fits "least memory" and "less memory".
    state = try opened("le")
    Scenes.press([.tab], &state)
    #expect(query(state) == "le")
    guard case .help(let help) = state.dialog else { return }
    #expect(help.row == 1)
    state = try opened("zzz")
    Scenes.press([.tab], &state)
    #expect(query(state) == "zzz")
  }

  @Test("it shows name, key and sentence of each command that works here")
  func rows() throws {
    let state = try opened("")
    let lines = plainText(render(state, size: size))
    for command in Command.available(in: state) {
      let key = try #require(state.keymap.keys(of: command).first).label
      #expect(
        lines.contains { $0.contains(command.name) && $0.contains(key) && $0.contains(command.help) },
        "\(command.id)")
    }
  }

  @Test("the id of a command finds it too")
  func ids() throws {
    var state = try opened("app.details")
    Scenes.press([.enter], &state)
    guard case .details = state.dialog else {
      Issue.record("no details")
      return
    }
  }

  @Test("text after the name is its argument: Tab completes it, a wrong one is refused with those that are right")
  func arguments() throws {
    var state = try opened("th")
    Scenes.press([.tab], &state)
    #expect(query(state) == "theme ")
    #expect(plainText(render(state, size: size)).contains { $0.contains("dark  contrast  light  mono") })
    Scenes.type("l", &state)
    Scenes.press([.tab, .enter], &state)
    #expect(state.look.theme.name == "light" && state.dialog == nil)
    Scenes.type(":theme grey", &state)
    Scenes.press([.enter], &state)
    #expect(state.look.theme.name == "light")
    #expect(state.message?.text == "theme: 'grey' is none of dark, contrast, light, mono")
    Scenes.type(":characters ascii", &state)
    Scenes.press([.enter], &state)
    #expect(state.look.charset == .ascii)
  }
}
