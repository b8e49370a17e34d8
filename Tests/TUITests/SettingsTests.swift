import Engine
import Testing

@testable import TUI

/// The settings file, and the dialog that changes it.
@Suite struct SettingsTests {
  private let size = Size(width: 120, height: 60)

  private func read(_ text: String) throws -> ExplorerSettings {
    try ExplorerSettings(try ConfigNode.parse(text, file: "settings.yaml"), themes: ["dark", "light"])
  }

  private func screen(_ state: ExplorerState) -> String {
    plainText(render(state, size: size)).joined(separator: "\n")
  }

  private func saved(_ effects: [Effect]) -> ExplorerSettings? {
    effects.lazy.compactMap { if case .saveSettings(let settings) = $0 { settings } else { nil } }.last
  }

  private func dialog(_ state: ExplorerState) -> SettingsDialogState? {
    if case .settings(let settings) = state.dialog { return settings }
    return nil
  }

  /// A state with the settings open on the command of that id.
  private func opened(on id: String) throws -> ExplorerState {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("," + id, &state)
    try #require(dialog(state).map { state.settingsRows($0) }?.first?.command?.id == id)
    return state
  }

  @Test("what is written reads back the same, whatever the keys are")
  func roundTrip() throws {
    var settings = ExplorerSettings()
    #expect(try read(settings.text) == settings)
    settings.theme = "light"
    settings.charset = .block
    settings.depth = .sixteen
    settings.usesMouse = false
    settings.copyTarget = .file
    let keys: [Key] = "\"'\\:#,-?[]{}&*!|>%@`~yné1 ".map { .character($0) } + [.control("l"), .alt("\""), .alt("é")]
    for (key, command) in zip(keys, Command.all) { settings.keymap.set([key, .up], for: command) }
    settings.keymap.set([], for: try #require(Command.named("app.quit")))
    #expect(try read(settings.text) == settings)
    #expect(settings.text.contains("app.quit: []"))
  }

  @Test("the example of docs/settings.md is a settings file")
  func example() throws {
    let page = try GoldenFile.docs("settings.md")
    let parts = page.split(separator: "```")
    let yaml = try #require(parts.first { $0.hasPrefix("yaml\n") }).dropFirst(5)
    let settings = try read(String(yaml))
    #expect(settings.theme == "light" && settings.charset == .block && settings.depth == .sixteen)
    #expect(!settings.usesMouse && settings.copyTarget == .file)
    #expect(settings.keymap.keys(of: "plan.save") == [.function(2), .control("g")])
    #expect(settings.keymap.changes.count == 4 && settings.keymap.remarks.isEmpty)
  }

  @Test("every key that a command has by default can be written by its name and by its label")
  func names() {
    for key in Command.all.flatMap(\.defaultKeys) {
      #expect(Key(name: key.name) == key && Key(name: key.label) == key, "\(key)")
    }
    #expect(Key(name: "ctrl-l") == .control("l") && Key(name: "f12") == .function(12) && Key(name: "pgup") == .pageUp)
    // What a terminal sends as Tab, Enter or Backspace, and what is no key.
    for name in ["^I", "^M", "^J", "^H", "^1", "F13", "Shift-x", "", "ab", "Alt-", "\u{7}"] {
      #expect(Key(name: name) == nil, "\(name)")
    }
  }

  @Test(
    "a wrong file names the line, the field and what would be right",
    arguments: [
      ("brume: 1\ntheme: drak\n", "settings.yaml:2: theme: no theme is called 'drak'; did you mean 'dark'?"),
      ("brume: 1\ncolor: 8\n", "settings.yaml:2: color: found '8', must be one of none, 16, 256"),
      ("brume: 1\ncharset: brail\n", "did you mean 'braille'?"),
      ("brume: 1\nmouse: 3\n", "settings.yaml:2: mouse: found '3', must be true or false"),
      ("brume: 1\ncopy: disk\n", "settings.yaml:2: copy: found 'disk', must be one of terminal, file"),
      ("brume: 1\nkeys:\n  stages.dwn: J\n", "settings.yaml:3: keys.stages.dwn: no command is called 'stages.dwn'"),
      ("brume: 1\nkeys:\n  app.quit: [x, ^I]\n", "settings.yaml:3: keys.app.quit[2]: found '^I', must be a key"),
      ("brume: 1\nkeys:\n  app.help: ^C\n", "must be another key: ^C always leaves Brume"),
      ("brume: 1\nkyes: {}\n", "unknown key 'kyes'; did you mean 'keys'?"), ("theme: dark\n", "'brume' is missing"),
    ])
  func errors(text: String, reason: String) {
    #expect {
      _ = try read(text)
    } throws: { error in
      "\(error)".contains(reason)
    }
  }

  @Test("a settings file that swaps ten keys changes keys, hints, help and palette")
  func swaps() throws {
    let circles = [
      ["stages.down", "stages.up", "stages.left", "stages.right", "stages.next-best"],
      ["plan.save", "plan.export", "app.details", "app.help", "app.quit"],
    ]
    // In both circles each command gets the first key of the next one.
    let lines = try circles.map { ids in
      let old = try ids.map { try #require(Keymap().keys(of: $0).first) }
      return zip(ids, old.dropFirst() + old.prefix(1)).map { "  \($0): \"\($1.name)\"\n" }.joined()
    }.joined()
    var state = try Scenes.finished(stages: 4, size: size)
    state.adopt(try read("brume: 1\nkeys:\n" + lines), on: TerminalAbilities())
    #expect(state.message == nil, "in their circles no two share a key")
    Scenes.type("2", &state)
    let hints = HintLine(state: state).hints.map { "\($0.key) \($0.name)" }
    for hint in ["l k h n move", "e save", "i export", "? in full", "q help", "s quit", "j N next best"] {
      #expect(hints.contains(hint), "\(hint) in \(hints)")
    }
    let before = state.stageRow
    Scenes.type("k", &state)
    #expect(state.stageRow == before + 1, "k goes down now")
    Scenes.type("q", &state)
    let help = screen(state)
    #expect(help.contains("What works here"))
    for (key, sentence) in [
      ("k", try #require(Command.named("stages.down")).help), ("s", "Leave Brume"),
      ("e", "Save the plan that is shown"),
    ] {
      let line = help.split(separator: "\n").first { $0.contains("│ \(key) ") && $0.contains(sentence) }
      #expect(line != nil, "\(key) \(sentence)")
    }
    Scenes.press([.escape, .character(":")], &state)
    Scenes.type("save", &state)
    #expect(screen(state).split(separator: "\n").contains { $0.contains("save") && $0.contains(" e  ") })
    Scenes.press([.escape], &state)
    #expect(update(&state, .key(.character("s"))).contains { if case .quit = $0 { true } else { false } })
  }

  @Test("a key that two commands have at once, and one that may not arrive, are told with their ids")
  func remarks() throws {
    #expect(Keymap().remarks.isEmpty)
    for letter in "absqw" { #expect(Key.control(letter).taker != nil) }
    let keymap = try read("brume: 1\nkeys:\n  app.quit: [x, ^A]\n  memory.down: x\n").keymap
    let texts = keymap.remarks.map { "\($0)" }
    #expect(texts.contains("x is the key of frontier.axis and of app.quit: frontier.axis runs"))
    #expect(texts.contains { $0.hasPrefix("^A, the key of app.quit, may never arrive") })
    #expect(!texts.contains { $0.contains("frontier.axis and of memory.down") }, "they work in different panes")
    var state = try Scenes.finished(stages: 4, size: size)
    state.adopt(try read("brume: 1\nkeys:\n  app.quit: x\n"), on: TerminalAbilities())
    let told = "x is the key of frontier.axis and of app.quit: frontier.axis runs"
    #expect(state.message?.text.hasPrefix(told) == true)
  }

  @Test("a bad file is told, the defaults hold, and nothing is written over it")
  func bad() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    state.adopt(ExplorerSettings(), on: TerminalAbilities(), problem: "settings.yaml:2: theme: wrong")
    #expect(screen(state).contains("settings.yaml:2: theme: wrong; defaults are used"))
    let before = state.look.theme
    let effects = update(&state, .key(.character("T")))
    #expect(state.look.theme != before && saved(effects) == nil)
    #expect(state.message?.text == "not kept: settings.yaml:2: theme: wrong")
    Scenes.type(",", &state)
    #expect(screen(state).contains("changes last until you leave: settings.yaml:2: theme: wrong"))
  }

  @Test("Enter waits for the new key of a command, which it then has, on the screen and in the file")
  func newKey() throws {
    var state = try opened(on: "plan.save")
    Scenes.press([.enter], &state)
    #expect(screen(state).contains("press the new key for plan.save"))
    // Also a key that draws anew in every other dialog is one that the command may get.
    #expect(update(&state, .key(.control("l"))).isEmpty)
    #expect(screen(state).contains("^L is the key of app.redraw"))
    state = try opened(on: "plan.save")
    Scenes.press([.enter], &state)
    let kept = try #require(saved(update(&state, .key(.function(2)))))
    #expect(kept.keymap.keys(of: "plan.save") == [.function(2)] && kept == state.settings)
    Scenes.press([.insert], &state)
    let more = try #require(saved(update(&state, .key(.character("S")))))
    #expect(more.keymap.keys(of: "plan.save") == [.function(2), .character("S")])
    let reset = try #require(saved(update(&state, .key(.delete))))
    #expect(reset == ExplorerSettings())
    Scenes.press([.enter, .escape], &state)
    #expect(dialog(state)?.step == .choosing && state.keymap == Keymap())
  }

  @Test("a key that another command has is asked for, and taken from it by y alone")
  func conflict() throws {
    var state = try opened(on: "app.quit")
    Scenes.press([.enter], &state)
    #expect(update(&state, .key(.character("x"))).isEmpty)
    #expect(screen(state).contains("x is the key of frontier.axis"))
    #expect(update(&state, .key(.character("n"))).isEmpty && state.keymap == Keymap())
    Scenes.press([.enter, .character("x")], &state)
    let kept = try #require(saved(update(&state, .key(.character("y")))))
    #expect(kept.keymap.keys(of: "app.quit") == [.character("x")])
    #expect(kept.keymap.keys(of: "frontier.axis").isEmpty && kept.keymap.remarks.isEmpty)
    Scenes.press([.enter, .control("a")], &state)
    #expect(screen(state).contains("^A may never arrive: GNU screen takes it"))
    Scenes.press([.enter], &state)
    #expect(state.keymap.keys(of: "app.quit") == [.character("x")])
  }

  @Test("looks change at once and are kept: the most that is used, and no more than the terminal shows")
  func looks() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    state.adopt(ExplorerSettings(), on: TerminalAbilities(charset: .block, depth: .sixteen))
    Scenes.type(",characters", &state)
    let first = try #require(saved(update(&state, .key(.enter))))
    #expect(first.charset == .ascii && state.look.charset == .ascii)
    Scenes.press([.left, .left], &state)
    #expect(state.settings.charset == .braille && state.look.charset == .block)
    let reset = try #require(saved(update(&state, .key(.delete))))
    #expect(reset.charset == nil && state.look.charset == .block)
    Scenes.press([.control("u")], &state)
    Scenes.type("theme", &state)
    let theme = try #require(saved(update(&state, .key(.right)))).theme
    #expect(theme == state.look.theme.name && theme != "dark")
    Scenes.press([.control("u")], &state)
    Scenes.type("mouse", &state)
    let effects = update(&state, .key(.enter))
    #expect(saved(effects)?.usesMouse == false)
    #expect(effects.contains { if case .mouse(false) = $0 { true } else { false } })
  }

  @Test("the dialog is whole at 80 by 24 and scrolls to the last command")
  func small() throws {
    let size = Size(width: 80, height: 24)
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.press([.character(","), .end], &state)
    let text = plainText(render(state, size: size)).joined(separator: "\n")
    let last = try #require(Command.all.last)
    #expect(text.contains(last.help) && text.contains("everywhere"))
    #expect(text.contains("settings.yaml"))
  }
}
