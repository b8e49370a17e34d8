import Foundation
import Testing

@testable import TUI

/// Text files in `Golden/`, re-recorded by `BRUME_RECORD=1 swift test --filter GoldenTests`.
enum GoldenFile {
  /// Compares a screen with its file, or writes the file when recording.
  static func compare(_ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let text = plainText(frame).joined(separator: "\n") + "\n"
    try compare(
      text, file: tests.appendingPathComponent("Golden").appendingPathComponent(name + ".txt"), sourceLocation)
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

  private static var tests: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
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
    let lines = zip(text.split(separator: "\n"), recorded.split(separator: "\n"))
    let first = lines.first { $0 != $1 }
    Issue.record(
      "\(name) differs; first line now:\n\(first?.0 ?? "(missing)")\nrecorded:\n\(first?.1 ?? "(missing)")",
      sourceLocation: sourceLocation)
  }
}
