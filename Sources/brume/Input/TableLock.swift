import Engine
import Foundation

/// Keeps two programs from changing a table at once: each change reads, changes and writes the whole of it.
enum TableLock {
  /// Seconds to wait for another program, which takes milliseconds, or a second or two on a slow disk.
  private static let patience = 10.0
  /// Seconds after which the lock of a machine that cannot be asked is nobody's.
  private static let mostSeconds = 60.0

  /// Does the work while nobody else changes the table; its folder is made where there is none.
  ///
  /// Throws `OutputError` where the folder cannot be written, or where another program does not end.
  static func holding<Result>(_ path: String, _ work: () throws -> Result) throws -> Result {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let lock = OwnerLock(path: path + ".lock")
    let clock = MonotonicClock()
    while try !take(lock, path) {
      guard clock.seconds < patience else { throw held(lock, path) }
      usleep(20_000)
    }
    defer { lock.release() }
    return try work()
  }

  private static func take(_ lock: OwnerLock, _ path: String) throws(OutputError) -> Bool {
    do {
      return try lock.take(patience: mostSeconds)
    } catch .cannotWrite(_, let reason) {
      throw .cannotWrite(path: path, reason: reason)
    }
  }

  private static func held(_ lock: OwnerLock, _ path: String) -> OutputError {
    var owner = "another program"
    if case .somebody(let process?) = lock.holder(patience: mostSeconds) { owner = process.words }
    return .cannotWrite(path: path, reason: "\(owner) is changing it; if that has ended, remove \(lock.path)")
  }
}
