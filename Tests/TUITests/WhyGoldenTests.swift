import Engine
import Testing

@testable import TUI

/// The Why pane as its cursor goes through it, on answers made by hand; `PaneGoldenTests` has it at each size.
///
/// That the engine's answers are right is tested with the engine, that the pane asks and shows them in `WhyTests`.
@Suite struct WhyGoldenTests {
  @Test("with the keys in it Why shows its cursor, the formula and where its figures come from")
  func cursor() throws {
    for (width, height) in [(80, 24), (120, 36)] {
      let size = Size(width: width, height: height)
      var state = try Scenes.finished(stages: 4, size: size)
      Scenes.typeExplained("2gjjll", &state)
      Scenes.typeExplained("w5jjl", &state)
      try GoldenFile.compare(GoldenScreen(state, size: size), "why-parts-\(width)x\(height)")
      state.why.place = state.whyValues.first?.place ?? state.why.place
      try GoldenFile.compare(GoldenScreen(state, size: size), "why-worth-\(width)x\(height)")
      Scenes.typeExplained("G", &state)
      try GoldenFile.compare(GoldenScreen(state, size: size), "why-neighbour-\(width)x\(height)")
    }
  }

  @Test("of a stage's memory Why says what fills it and what binds")
  func memory() throws {
    let size = Size(width: 120, height: 36)
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.typeExplained("3w", &state)
    try GoldenFile.compare(GoldenScreen(state, size: size), "why-memory-120x36")
  }

  @Test("what the engine says of a plan stands in the pane: its number, its parts, what binds, a step away")
  func engine() throws {
    var host = SmallHost()
    host.searchesResources = false
    let size = Size(width: 200, height: 60)
    var state = try SmallHost.opened(size: size)
    host.type("2gjj" + String(repeating: "l", count: 20) + "hhh", &state)
    let (tree, binding) = (try #require(state.why.tree), try #require(state.why.binding))
    let text = plainText(render(state, size: size)).joined(separator: "\n")
    #expect(text.contains("t of stage 1  " + WhyText.amount(tree.value, tree.unit)))
    for part in tree.children { #expect(text.contains("▾ " + part.name) || text.contains("  " + part.name)) }
    #expect(text.contains(binding.text.prefix(40)))
    let above = try #require(state.why.neighbours?.above)
    #expect(text.contains("layers \(above.value)") && text.contains(WhyText.verdict(above.verdict).prefix(12)))
  }
}
