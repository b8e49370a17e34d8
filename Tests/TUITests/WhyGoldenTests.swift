import Engine
import Testing

@testable import TUI

/// The Why pane as text files in `Golden/`, with what the real engine says of small plans.
@Suite struct WhyGoldenTests {
  /// A plan of four GPUs, or one of thirty-two for sixteen stages, and its workload.
  private func opened(stages: Int, size: Size, charset: Charset) throws -> (SmallHost, ExplorerState) {
    guard stages < 16 else {
      let workload = Samples.workload()
      var host = SmallHost(workload: workload)
      host.searchesResources = false
      let plan = Samples.plan(stages: 16, alike: true).plan
      return (host, try SmallHost.opened(size: size, workload: workload, plan: plan, charset: charset))
    }
    let gpus = 4 / stages
    let stage = StageChoice(
      layers: 8 / stages, nodes: 1, gpusPerNode: gpus, microBatch: 1, dataParallel: gpus, tensorParallel: 1, zero: 1,
      checkpointedLayers: 1)
    let plan = Plan(gradientAccumulation: 16 / gpus, stages: [StageChoice](repeating: stage, count: stages))
    return (SmallHost(), try SmallHost.opened(size: size, plan: plan, charset: charset))
  }

  @Test("Why of a figure of a stage looks as recorded", arguments: [Charset.ascii, .braille], [1, 4, 16])
  func figures(charset: Charset, stages: Int) throws {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
      let size = Size(width: width, height: height)
      var (host, state) = try opened(stages: stages, size: Size(width: 120, height: 36), charset: charset)
      host.type(stages == 1 ? "2G" : "2gjjlllllll", &state)
      if width < 200 { host.type("w", &state) }
      if width == 80 { host.type("5", &state) }
      host.send(.resize(size), &state)
      if width == 200, stages < 16 { host.type("m", &state) }
      try GoldenFile.compare(
        render(state, size: size), "why-stages\(stages)-\(width)x\(height)-\(charset.rawValue)")
    }
  }

  @Test("with the keys in it Why shows its cursor, the formula and where its figures come from")
  func cursor() throws {
    for (width, height) in [(80, 24), (120, 36)] {
      let size = Size(width: width, height: height)
      var (host, state) = try opened(stages: 4, size: size, charset: .braille)
      host.type("2gjjll", &state)
      host.type("w5jjl", &state)
      try GoldenFile.compare(render(state, size: size), "why-parts-\(width)x\(height)")
      state.why.place = state.whyValues.first?.place ?? state.why.place
      try GoldenFile.compare(render(state, size: size), "why-worth-\(width)x\(height)")
      host.type("G", &state)
      try GoldenFile.compare(render(state, size: size), "why-neighbour-\(width)x\(height)")
    }
  }

  @Test("of a stage's memory Why says what fills it and what binds")
  func memory() throws {
    let size = Size(width: 120, height: 36)
    var (host, state) = try opened(stages: 4, size: size, charset: .braille)
    host.type("3w", &state)
    try GoldenFile.compare(render(state, size: size), "why-memory-120x36")
  }
}
