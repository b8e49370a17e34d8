import Engine
import Testing

@testable import TUI

/// The screens that show one answer alone, as text files in `Golden/`.
@Suite struct AnswerGoldenTests {
  private static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 36)]

  private func state(_ size: Size, _ charset: Charset) throws -> ExplorerState {
    let plan = Samples.plan(stages: 4)
    return ExplorerState(
      workload: Samples.workload(), look: try Scenes.finished(stages: 4, size: size, charset: charset).look,
      size: size, plan: plan, records: Samples.records)
  }

  @Test("the scaling screen looks as recorded", arguments: [Charset.ascii, .block, .braille])
  func scaling(charset: Charset) throws {
    for size in Self.sizes {
      let frame = render(try state(size, charset), scaling: Samples.scaling(), axis: .gpus, size: size)
      try GoldenFile.compare(frame, "scaling-\(size.width)x\(size.height)-\(charset.rawValue)")
    }
  }

  @Test("the robust screen looks as recorded", arguments: [Charset.ascii, .block, .braille])
  func robust(charset: Charset) throws {
    for size in Self.sizes {
      let frame = render(try state(size, charset), robust: Samples.robust(), size: size)
      try GoldenFile.compare(frame, "robust-\(size.width)x\(size.height)-\(charset.rawValue)")
    }
  }
}
