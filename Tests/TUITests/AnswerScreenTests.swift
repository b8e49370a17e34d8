import Engine
import Testing

@testable import TUI

/// The screens that show one answer alone; how they look is in `AnswerGoldenTests`.
@Suite struct AnswerScreenTests {
  private func state(_ size: Size, _ charset: Charset) throws -> ExplorerState {
    let plan = Samples.plan(stages: 4)
    return ExplorerState(
      workload: Samples.workload(), look: try Scenes.finished(stages: 4, size: size, charset: charset).look,
      size: size, plan: plan, records: Samples.records)
  }

  @Test("both screens are exactly as large as asked for, at any size, on any axis, with and without an answer")
  func sizes() throws {
    for size in [(1, 1), (39, 12), (40, 12), (41, 13), (60, 18), (149, 20), (150, 50), (220, 70)] {
      let size = Size(width: size.0, height: size.1)
      let state = try state(size, .braille)
      for axis in FrontierAxis.allCases where axis != .memory {
        for points in [Samples.scaling(), Samples.scaling(most: 2), Samples.scaling(most: 1), []] {
          #expect(render(state, scaling: points, axis: axis, size: size).size == size)
        }
      }
      #expect(render(state, robust: Samples.robust(), size: size).size == size)
      #expect(render(state, robust: nil, size: size).size == size)
    }
  }

  @Test("every size of the curve is named, with what is too small and what is worth it")
  func words() throws {
    let size = Size(width: 120, height: 30)
    let text = plainText(render(try state(size, .ascii), scaling: Samples.scaling(), axis: .gpus, size: size))
      .joined(separator: "\n")
    for word in ["none fits", "worth it up to here", "cheapest per token", "fastest", "128"] {
      #expect(text.contains(word), "\(word)")
    }
  }
}
