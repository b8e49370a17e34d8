import Engine
import Foundation
import Testing

@testable import TUI

/// Screens as text files in `Golden/`; re-recorded by `BRUME_RECORD=1 swift test --filter GoldenTests`.
@Suite struct GoldenTests {
  private static let sizes = [
    Size(width: 80, height: 24), Size(width: 120, height: 36), Size(width: 200, height: 60),
  ]

  @Test("the four panes of a plan look as recorded", arguments: [Charset.ascii, .braille], [1, 4, 16])
  func finished(charset: Charset, stages: Int) throws {
    for size in GoldenTests.sizes {
      let state = try Scenes.finished(stages: stages, size: size, charset: charset, alike: stages == 16)
      try compare(render(state, size: size), "stages\(stages)-\(size.width)x\(size.height)-\(charset.rawValue)")
    }
  }

  @Test("each tab of a small screen looks as recorded", arguments: Pane.allCases)
  func tabs(pane: Pane) throws {
    let size = Size(width: 80, height: 24)
    for charset in [Charset.ascii, .braille] {
      var state = try Scenes.finished(stages: 4, size: size, charset: charset)
      Scenes.type("\(pane.rawValue)", &state)
      try compare(render(state, size: size), "tab-\(pane.name)-80x24-\(charset.rawValue)")
    }
  }

  private func compare(_ frame: Frame, _ name: String) throws {
    let text = plainText(frame).joined(separator: "\n") + "\n"
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    let file = folder.appendingPathComponent(name + ".txt")
    if ProcessInfo.processInfo.environment["BRUME_RECORD"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      return
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(text == recorded, "the screen \(name) differs from \(file.lastPathComponent)")
  }
}
