import Engine
import Foundation

/// Keeps two programs from changing a table at once: each change reads, changes and writes the whole of it.
enum TableLock {
  /// Does the work while nobody else changes the table; its folder is made where there is none.
  ///
  /// Throws `OutputError` where the folder cannot be written.
  static func holding<Result>(_ path: String, _ work: () throws -> Result) throws -> Result {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw OutputError.cannotWrite(path: path, reason: String(cString: strerror(errno))) }
    defer { close(lock) }
    while flock(lock, LOCK_EX) != 0 {
      guard errno == EINTR else { throw OutputError.cannotWrite(path: path, reason: String(cString: strerror(errno))) }
    }
    return try work()
  }
}
