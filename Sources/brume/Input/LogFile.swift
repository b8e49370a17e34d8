import Engine
import Foundation

/// A training run's log as text.
enum LogFile {
  /// Largest log that is read, bytes.
  static let mostBytes = 256 << 20

  /// The text of a log; bytes that are no UTF-8 are replaced: logs of many ranks tear characters apart.
  static func read(_ path: String) throws -> String {
    let path = HomePath.expanded(path)
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw InputError.unreadable(
        file: path, problem: String(cString: strerror(errno)), remedy: "name the log of the run")
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= mostBytes else {
      throw InputError.unreadable(
        file: path, problem: "this is no file of at most \(mostBytes >> 20) MiB", remedy: "name the log of the run")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputError.unreadable(file: path, problem: "the file cannot be read", remedy: "check its permissions")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
