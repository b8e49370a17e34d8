import Foundation
import Testing

@testable import TUI

/// Text files in `Golden/`, re-recorded by `BRUME_RECORD=1 swift test --filter GoldenTests`.
enum GoldenFile {
  /// Compares the text of a screen with its file, or writes the file when recording.
  static func compare(_ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let text = plainText(frame).joined(separator: "\n") + "\n"
    try compare(text, file: file(name), sourceLocation)
  }

  /// Compares the text and the looks of a screen with its file, or writes the file when recording.
  static func compare(
    _ screen: GoldenScreen, _ name: String, title: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(screen.text == screen.plainText, "\(name): colours change the text", sourceLocation: sourceLocation)
    try compare(screen.file(title ?? name), file: file(name), sourceLocation)
  }

  /// Compares a text with a file of `docs/`, or writes the file when recording.
  static func compare(docs text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    try compare(text, file: root.appendingPathComponent("docs").appendingPathComponent(name), sourceLocation)
  }

  /// The text of a file of `docs/`.
  static func docs(_ name: String) throws -> String {
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("docs").appendingPathComponent(name), encoding: .utf8)
  }

  /// The recorded files of a folder of `Golden/`: their names without `.txt`, and their first lines.
  static func recorded(in folder: String) throws -> [String: String] {
    let folder = tests.appendingPathComponent("Golden").appendingPathComponent(folder)
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try Dictionary(
      uniqueKeysWithValues: files.map { file in
        let text = try String(contentsOf: file, encoding: .utf8)
        return (file.deletingPathExtension().lastPathComponent, String(text.prefix { $0 != "\n" }))
      })
  }

  private static var tests: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  }

  private static func file(_ name: String) -> URL {
    tests.appendingPathComponent("Golden").appendingPathComponent(name + ".txt")
  }

  private static func compare(_ text: String, file: URL, _ sourceLocation: SourceLocation) throws {
    let name = file.lastPathComponent
    if ProcessInfo.processInfo.environment["BRUME_RECORD"] == "1" {
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      return
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    guard text != recorded else { return }
    func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    let (now, before) = (lines(text), lines(recorded))
    let line = zip(now, before).prefix { $0 == $1 }.count
    Issue.record(
      """
      \(name):\(line + 1) differs; now:
      \(line < now.count ? now[line] : "(missing)")
      recorded:
      \(line < before.count ? before[line] : "(missing)")
      """, sourceLocation: sourceLocation)
  }
}
