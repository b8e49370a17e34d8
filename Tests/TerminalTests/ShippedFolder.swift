import Foundation
import PTYSupport
import Testing

/// A folder as a person unpacks it: `bin` with the probe, and `share` with what a test puts there. Removed at the end.
final class ShippedFolder {
  /// The folder.
  let url: URL
  /// The path of the probe in it.
  var probe: String { url.appending(path: "bin/term-probe").path }

  /// Makes the folder, with an empty `share`.
  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "brume-shipped-\(UUID().uuidString)")
    let bin = url.appending(path: "bin")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: URL(filePath: BuiltProduct.path("term-probe")), to: bin.appending(path: "term-probe"))
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Copies the system's description of a terminal to a folder in this one, under another name.
  ///
  /// - Returns: the path of that folder, as `TERMINFO` takes it.
  @discardableResult
  func describe(_ name: String, as system: String, in folder: String) throws -> String {
    let folders = ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"]
    let files = folders.map { URL(filePath: "\($0)/\(system.prefix(1))/\(system)") }
    let file = try #require(files.first { FileManager.default.isReadableFile(atPath: $0.path) })
    let initial = url.appending(path: "\(folder)/\(name.prefix(1))")
    try FileManager.default.createDirectory(at: initial, withIntermediateDirectories: true)
    try Data(contentsOf: file).write(to: initial.appending(path: name))
    return url.appending(path: folder).path
  }

  /// Starts the probe that is in the folder, by its path or by another name.
  func start(
    _ program: String? = nil, terminal: String = "xterm-256color", environment: [String: String] = [:]
  ) throws -> PTYSession {
    try PTYSession(program ?? probe, width: 200, terminal: terminal, environment: environment)
  }
}
