import Testing

@testable import TUI

@Suite struct CommandTests {
  private let size = Size(width: 120, height: 36)

  @Test("no two commands that work at once share a key, but for the order that Esc has", arguments: Pane.allCases)
  func keys(pane: Pane) throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("\(pane.rawValue)", &state)
    var seen: Set<Key> = []
    for command in Command.available(in: state) {
      for key in state.keymap.keys(of: command) where key != .escape {
        #expect(seen.insert(key).inserted, "\(key.label) in \(pane)")
      }
    }
  }

  @Test("the help has room for every sentence at 80 columns")
  func helpFits() {
    for command in Command.all { #expect(command.help.count <= 56, "\(command.help)") }
  }

  @Test("keys that multiplexers and flow control take are free")
  func reserved() {
    let keys = Command.all.flatMap(\.defaultKeys)
    for letter in "absqw" { #expect(!keys.contains(.control(letter))) }
  }

  @Test("help lists what works here, and typing searches it")
  func help() throws {
    var state = try Scenes.finished(stages: 4, size: Size(width: 120, height: 80))
    Scenes.type("4?", &state)
    let all = plainText(render(state, size: Size(width: 120, height: 80))).joined(separator: "\n")
    for command in Command.available(in: state) { #expect(all.contains(command.help), "\(command.name)") }
    #expect(!all.contains("Take the plan that is previewed"))
    Scenes.type("zoom", &state)
    guard case .help(let help) = state.dialog else {
      Issue.record("the help closed")
      return
    }
    #expect(state.helpMatches(help).map(\.name) == ["zoom in"])
    Scenes.press([.enter], &state)
    #expect(state.dialog == nil && state.timeline.zoom == 2)
  }

  @Test("every hint names a key that works there", arguments: Pane.allCases)
  func hints(pane: Pane) throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("h\(pane.rawValue)", &state)
    let labels = Set(Command.available(in: state).flatMap { $0.defaultKeys.map(\.label) })
    for hint in HintLine(state: state).hints {
      for key in hint.key.split(separator: " ") where !(key == "-" && state.timeline.zoom == 1) {
        #expect(labels.contains(String(key)), "\(key) in \(pane)")
      }
    }
  }
}
