import Engine
import Foundation

/// Files that belong to Brume: replaced without a question, in folders that are made where they are missing.
enum OwnFile {
  /// Writes the file whole; why not, where that fails.
  static func write(_ text: String, to path: String) -> String? {
    do throws(OutputError) {
      try put(text, to: path)
      return nil
    } catch {
      return error.description
    }
  }

  /// Writes the file whole, or throws why not.
  static func put(_ text: String, to path: String) throws(OutputError) {
    try makeFolder(of: path)
    try AtomicFile.write(text, to: path, overwrite: true)
  }

  /// Makes the folder of a file where there is none.
  static func makeFolder(of path: String) throws(OutputError) {
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite(path: path, reason: "its folder cannot be made; check who owns the folders above it")
    }
  }
}
