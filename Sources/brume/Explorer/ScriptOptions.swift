import ArgumentParser
import Engine
import TUI

/// Flags for key scripts (docs/keys-scripts.md).
struct ScriptOptions: ParsableArguments {
  /// What `--play` does.
  static let playHelp = ArgumentHelp("Play this key script first.", valueName: "script")

  @Option(help: playHelp)
  var play: String?

  @Option(help: ArgumentHelp("Write what is done into this key script; it must not exist yet.", valueName: "script"))
  var record: String?

  /// The script to play, after a look whether the recording can be written.
  func load() throws -> KeyScript? {
    if let record { try AtomicFile.check(HomePath.expanded(record)) }
    return try play.map(Self.script)
  }

  /// The script in a file.
  static func script(_ path: String) throws -> KeyScript {
    try KeyScript(text: try ConfigNode.readText(HomePath.expanded(path)), file: path)
  }

  /// Writes what was recorded.
  func save(_ recorder: KeyScriptRecorder) throws {
    guard let record else { return }
    try AtomicFile.write(recorder.script.text, to: HomePath.expanded(record))
  }
}
