import Engine
import Testing

@testable import TUI

/// Warnings of figures that nobody measured, as text files in `Golden/`.
@Suite struct RunsGoldenTests {
  /// A finished search on hardware whose links between nodes were not measured.
  private func state(_ size: Size, _ charset: Charset) throws -> ExplorerState {
    var state = try Scenes.finished(stages: 4, size: size, charset: charset)
    let measured = state.workload.cluster.nodeType.links.measured
    state.workload.cluster.nodeType.links.measured = measured.filter { $0.key.nodes == 1 }
    state.workload.cluster.nodeType.links.fabricBytesPerSecond.provenance = .vendor
    Scenes.type("7", &state)
    return state
  }

  @Test(
    "a choice that hangs on a derived figure says so, in Runs and in the header",
    arguments: [Charset.ascii, .braille])
  func derived(charset: Charset) throws {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
      let size = Size(width: width, height: height)
      var state = try state(size, charset)
      let name = "\(width)x\(height)-\(charset.rawValue)"
      try GoldenFile.compare(GoldenScreen(state, size: size), "runs-unmeasured-\(name)")
      let before = plainText(render(state, size: size)).joined(separator: "\n")
      #expect(before.contains("links between nodes derived"))
      Scenes.type("r", &state)
      let ticket = try #require(state.compare.judgement?.ticket)
      _ = update(&state, .compare(.judged(Samples.robust(hangs: true)), ticket: ticket))
      try GoldenFile.compare(GoldenScreen(state, size: size), "runs-hangs-\(name)")
      let text = plainText(render(state, size: size)).joined(separator: "\n")
      #expect(text.contains("hangs on links between nodes") || text.contains("links between nodes derived"))
    }
  }

  @Test("where the figures were measured, nothing is said to be derived")
  func measured() throws {
    let size = Size(width: 120, height: 36)
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("7", &state)
    state.workload.cluster = try WorkloadSource.cluster("4x8xl4", at: InputPlace(file: "test"))
    #expect(state.workload.cluster.unmeasured.isEmpty)
    let text = plainText(render(state, size: size)).joined(separator: "\n")
    #expect(!text.contains("not measured here") && text.contains("r says what this plan loses"))
  }
}
