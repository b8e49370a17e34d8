import Engine
import Testing

@testable import TUI

/// What the panes of `PaneGoldenTests` do not show, as text files in `Golden/`; re-recorded by `BRUME_RECORD=1 swift test --filter GoldenTests`.
@Suite struct GoldenTests {
  private static let small = Size(width: 80, height: 24)
  private static let medium = Size(width: 120, height: 36)

  @Test("a charset without braille draws quadrants")
  func blocks() throws {
    let state = try Scenes.finished(stages: 4, size: GoldenTests.medium, charset: .block)
    try GoldenFile.compare(render(state, size: GoldenTests.medium), "stages4-120x36-block")
  }

  @Test("a search without a plan yet says what it is trying")
  func searching() throws {
    let empty = try Scenes.searching(found: false, size: GoldenTests.medium)
    try GoldenFile.compare(render(empty, size: GoldenTests.medium), "searching-120x36")
    let first = try Scenes.searching(found: true, size: GoldenTests.medium)
    try GoldenFile.compare(render(first, size: GoldenTests.medium), "first-plan-120x36")
  }

  @Test("the frontier may trade time against GPUs")
  func sizes() throws {
    for (size, charset) in [(GoldenTests.small, Charset.ascii), (GoldenTests.medium, .braille)] {
      var state = try Scenes.sizes(size: size, charset: charset)
      try GoldenFile.compare(render(state, size: size), "sizes-\(size.width)x\(size.height)")
      _ = update(&state, .sizes(.done, ticket: state.sizes.ticket))
      state.axes.up = .tokenCost
      try GoldenFile.compare(render(state, size: size), "sizes-cost-\(size.width)x\(size.height)")
    }
  }

  @Test("an infeasible workload says why, and what would fit")
  func infeasible() throws {
    for size in [GoldenTests.small, GoldenTests.medium] {
      let state = try Scenes.infeasible(size: size)
      try GoldenFile.compare(render(state, size: size), "infeasible-\(size.width)x\(size.height)")
    }
  }

  @Test("a preview says that it is one in the header and the title")
  func preview() throws {
    var state = try Scenes.finished(stages: 4, size: GoldenTests.medium)
    Scenes.type("hhh", &state)
    if let plan = state.shown { Scenes.send(.timeline(plan.plan, Samples.timeline(plan)), to: &state) }
    try GoldenFile.compare(render(state, size: GoldenTests.medium), "preview-120x36")
  }

  @Test("the vertical axis may show throughput")
  func throughput() throws {
    var state = try Scenes.finished(stages: 4, size: GoldenTests.medium)
    Scenes.type("v", &state)
    try GoldenFile.compare(render(state, size: GoldenTests.medium), "throughput-120x36")
  }

  @Test("the timeline zooms, and shows the steady part when asked to")
  func timeline() throws {
    var state = try Scenes.finished(stages: 4, size: GoldenTests.medium)
    Scenes.type("4jlll++", &state)
    try GoldenFile.compare(render(state, size: GoldenTests.medium), "timeline-zoom-120x36")
    Scenes.type("z", &state)
    try GoldenFile.compare(render(state, size: GoldenTests.medium), "timeline-unfolded-120x36")
  }

  @Test("a plan over its memory says so in words")
  func over() throws {
    let state = try Scenes.over(size: GoldenTests.medium)
    try GoldenFile.compare(render(state, size: GoldenTests.medium), "over-120x36")
  }

  @Test("unlike stages scroll where they cannot be folded")
  func scrolling() throws {
    var state = try Scenes.finished(stages: 16, size: GoldenTests.medium, alike: false, unlike: true)
    Scenes.type("2jjjjjjjj", &state)
    try GoldenFile.compare(render(state, size: GoldenTests.medium), "scroll-120x36")
  }

  @Test("the stage table scrolls sideways with the stage number fixed")
  func sideways() throws {
    let size = Size(width: 50, height: 16)
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("2j" + String(repeating: "l", count: 13), &state)
    try GoldenFile.compare(render(state, size: size), "sideways-50x16")
  }

  @Test("the smallest screens look as recorded")
  func smallest() throws {
    for size in [Size(width: 40, height: 12), Size(width: 39, height: 12), Size(width: 12, height: 2)] {
      let state = try Scenes.finished(stages: 4, size: size)
      try GoldenFile.compare(render(state, size: size), "small-\(size.width)x\(size.height)")
    }
  }

  @Test("docs/keys.md lists every command of the table")
  func keys() throws {
    func table(_ commands: [Command]) -> String {
      let rows = commands.map { command in
        let keys = Keymap().label(of: command).split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
        return "| \(keys) | \(command.help) | `\(command.id)` |"
      }
      return "| keys | what they do | id |\n|---|---|---|\n" + rows.joined(separator: "\n") + "\n"
    }
    var text = "# Keys of the explorer\n\nWritten from the table of commands by "
    text +=
      "`BRUME_RECORD=1 swift test --filter GoldenTests`; `?` in the explorer shows those that work at the moment.\n"
    text +=
      "All can be changed, in the explorer by `,` or by their ids in the settings file ([settings.md](settings.md)).\n"
    for pane in Pane.allCases { text += "\n## \(pane.title)\n\n" + table(Command.all.filter { $0.pane == pane }) }
    text += "\n## Everywhere\n\n" + table(Command.all.filter { $0.pane == nil })
    try GoldenFile.compare(docs: text, "keys.md")
  }

  @Test("one pane over the whole size, as `brume render --screen` prints it", arguments: Pane.allCases)
  func single(pane: Pane) throws {
    let size = Size(width: 100, height: 20)
    let state = try Scenes.finished(stages: 4, size: size)
    try GoldenFile.compare(render(state, pane: pane, size: size), "screen-\(pane.name)-100x20")
  }
}
