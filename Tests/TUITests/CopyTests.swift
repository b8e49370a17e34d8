import Engine
import Testing

@testable import TUI

/// What leaves Brume for other programs.
@Suite struct CopyTests {
  private let size = Size(width: 120, height: 36)

  private func text(_ effects: [Effect]) -> String? {
    effects.lazy.compactMap { if case .copy(let text) = $0 { text } else { nil } }.first
  }

  private func fileText(_ effects: [Effect]) -> String? {
    effects.lazy.compactMap { if case .copyToFile(let text) = $0 { text } else { nil } }.first
  }

  @Test("y lists what can be copied, and Enter or a number hands it to the terminal")
  func menu() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    let shown = try #require(state.shown)
    Scenes.type("2y", &state)
    let screen = plainText(render(state, size: size)).joined(separator: "\n")
    for item in state.copyable() { #expect(screen.contains(item.label), "\(item.label)") }
    #expect(text(update(&state, .key(.enter))) == "1.layers=11")
    #expect(state.dialog == nil && state.message?.text.contains("bytes sent to the terminal's clipboard") == true)
    Scenes.type("y", &state)
    #expect(text(update(&state, .key(.character("2"))))?.hasPrefix("stage 1: layers 11, mesh 1×8") == true)
    Scenes.type("1y", &state)
    #expect(text(update(&state, .key(.character("1")))) == "\(shown.score.iterationSeconds)")
    Scenes.type("y", &state)
    Scenes.press([.down, .escape], &state)
    #expect(state.dialog == nil)
  }

  @Test("the plan is copied as a file that reads back, the command names the file that was saved")
  func plan() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    let yaml = try #require(state.copyable().first { $0.label == "the plan as a file" }).text
    let file = try PlanFile(try ConfigNode.parse(yaml, file: "copied"))
    #expect(file.plan == state.shown?.plan && file.workload == state.workload)
    #expect(state.copyable().last?.text == "brume export gpt-22b-32xa100-40.plan.yaml --to mist")
    Scenes.press([.character("s"), .enter], &state)
    _ = update(&state, .saved(path: "~/my plans/a.yaml", error: nil))
    #expect(state.copyable().last?.text == "brume export ~/'my plans/a.yaml' --to mist")
  }

  @Test("it goes into a file where the terminal is known not to take it, where that is set, and where it is too long")
  func file() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    state.adopt(ExplorerSettings(), on: TerminalAbilities(takesCopies: false))
    Scenes.type("y", &state)
    #expect(fileText(update(&state, .key(.enter))) != nil)
    _ = update(&state, .copied(path: "/home/me/copied.txt", error: nil))
    #expect(state.message?.text == "copied into /home/me/copied.txt")
    var settings = ExplorerSettings()
    settings.copyTarget = .file
    state.adopt(settings, on: TerminalAbilities())
    Scenes.type("y", &state)
    #expect(fileText(update(&state, .key(.enter))) != nil)
    state.adopt(ExplorerSettings(), on: TerminalAbilities())
    let items = [ExplorerState.mostClipboardBytes, ExplorerState.mostClipboardBytes + 1].map {
      CopyItem(label: "\($0)", text: String(repeating: "x", count: $0))
    }
    state.dialog = .copy(CopyDialogState(items: items))
    #expect(text(update(&state, .key(.enter))) == items[0].text)
    state.dialog = .copy(CopyDialogState(items: items, row: 1))
    #expect(fileText(update(&state, .key(.enter))) == items[1].text)
    _ = update(&state, .copied(path: "", error: "disk full"))
    #expect(state.message?.text == "nothing was copied: disk full")
  }

  @Test(
    "base64 is that of RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"), ("é×", "w6nDlw=="),
    ])
  func base64(text: String, expected: String) {
    #expect(String(decoding: ClipboardSequence.base64(Array(text.utf8)), as: UTF8.self) == expected)
  }

  @Test("OSC 52 goes out plain, and inside of tmux also wrapped; the longest text keeps within xterm's limit")
  func sequence() {
    let plain = "\u{1B}]52;c;Zm9v\u{7}"
    #expect(ClipboardSequence.bytes(of: "foo", insideTmux: false) == Array(plain.utf8))
    let wrapped = plain + "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Zm9v\u{7}\u{1B}\\"
    #expect(ClipboardSequence.bytes(of: "foo", insideTmux: true) == Array(wrapped.utf8))
    let longest = String(repeating: "x", count: ExplorerState.mostClipboardBytes)
    #expect(ClipboardSequence.bytes(of: longest, insideTmux: false).count <= 100_000)
  }

  @Test(
    "terminals that ignore it are known by their names",
    arguments: [
      (["TERM": "xterm-256color"], true), (["TERM": "linux"], false), (["TERM": "vt220"], false),
      (["TERM": "screen", "STY": "1.x"], false), (["TERM": "screen"], false),
      (["TERM": "screen-256color", "TMUX": "/x,1,0"], true), (["TERM": "xterm", "TMUX": ""], true),
    ])
  func known(environment: [String: String], takes: Bool) {
    #expect(ClipboardSequence.isTaken { environment[$0] } == takes)
  }
}
